//! One of several: cases told apart by a tag, null, and what else `oneOf` and `anyOf` are used for.

use std::collections::BTreeSet;

use growset_model::{Case, FieldName, Place, TypeKind, Union, variant};
use serde_json::{Map, Value, json};

use crate::annotation;
use crate::discriminator;
use crate::library::Spot;
use crate::listed::all_texts;
use crate::loss::Done;
use crate::merge;
use crate::pointer;
use crate::reader::{Reader, asserts_beside, bare};
use crate::scalar::UNTYPED;

type Schema = Map<String, Value>;

/// The cases of a choice, laid out, each with its place.
struct Cases<'a> {
    flat: &'a [Schema],
    spots: &'a [Spot],
}

impl Reader<'_> {
    /// `oneOf` or `anyOf`.
    pub(crate) fn choice(&mut self, keyword: &str, cases: &[Value], schema: &Schema, spot: &Spot) -> TypeKind {
        let whole = Value::Object(schema.clone());
        let places = cases.iter().enumerate().map(|(at, case)| (spot.below(&[keyword, &at.to_string()]), case));
        let (nulls, others): (Vec<_>, Vec<_>) = places.partition(|(place, case)| self.is_null(case, place));
        nulls.iter().for_each(|(place, null)| self.tell_words(null, place));
        let has_null = others.len() < cases.len();
        if others.is_empty() {
            return self.give_up(spot, keyword, "has no case but null, and becomes `json`");
        }
        let mut base = schema.clone();
        base.shift_remove(keyword);
        if keyword == "oneOf" && base.shift_remove("anyOf").is_some() {
            self.note(spot, "anyOf", Done::Widened, "stands beside `oneOf`, which alone counts");
        }
        if has_null && let Some(ty) = base.get("type").map(merge::listed) {
            let without: Vec<String> = ty.into_iter().filter(|ty| ty != "null").collect();
            base.insert("type".to_owned(), without.into());
        }
        if let [(place, only)] = others.as_slice() {
            let kind = self.only_case(only, &base, (spot, place), keyword);
            return if has_null { self.nullable(kind, &whole) } else { kind };
        }
        let kind = self.cases(keyword, &others, &base, &whole, spot);
        if has_null { self.nullable(kind, &whole) } else { kind }
    }

    /// Whether a case takes null and nothing else, in any spelling.
    fn is_null(&self, case: &Value, place: &Spot) -> bool {
        let Some(members) = case.as_object() else { return false };
        let end = self.landed(members, place);
        // Without a reference it is the case itself, which may be made up.
        let target = self.library.at(&end).and_then(Value::as_object).filter(|_| end != *place);
        let members = target.unwrap_or(members);
        let says = |keyword: &str, value: Value| members.get(keyword) == Some(&value);
        says("type", json!("null"))
            || says("type", json!(["null"]))
            || members.get("const").is_some_and(Value::is_null)
            || says("enum", json!([null]))
    }

    fn only_case(&mut self, case: &Value, base: &Schema, (spot, place): (&Spot, &Spot), keyword: &str) -> TypeKind {
        let Some(members) = case.as_object() else { return self.kind(case, place) };
        self.tell_words(case, place);
        if !asserts_beside(base, keyword) {
            return self.kind(case, place);
        }
        let case = self.flat(members, place);
        let merged = self.merged(&bare(base), &case, spot);
        self.kind(&Value::Object(merged), spot)
    }

    fn cases(
        &mut self,
        keyword: &str,
        cases: &[(Spot, &Value)],
        base: &Schema,
        whole: &Value,
        spot: &Spot,
    ) -> TypeKind {
        let bare_base = bare(base);
        let places = cases.iter().filter_map(|(place, case)| Some(self.landed(case.as_object()?, place)));
        let places: Vec<Spot> = places.collect();
        if places.iter().any(|place| self.laid_out.contains(place)) {
            return self.give_up(spot, keyword, "holds itself without a name between, and becomes `json`");
        }
        let (mut flat, mut spots) = (Vec::new(), Vec::new());
        for (place, case) in cases {
            let Some(members) = case.as_object() else {
                return self.carry(whole, spot, keyword, "has a case that is `true` or `false`");
            };
            // What stands around the cases belongs to each, and is found from there alone.
            let below = if bare_base.is_empty() { self.landed(members, place) } else { place.clone() };
            let mut flattened = self.flat(members, &below);
            if let Some((tag, value)) = discriminator::implied(base, members) {
                self.tagged(&mut flattened, &tag, value, &below);
            }
            flat.push(self.merged(&bare_base, &flattened, spot));
            spots.push(below);
        }
        let has_null_everywhere = flat.iter().all(|case| types_of(case).iter().any(|ty| ty == "null"));
        if has_null_everywhere {
            flat.iter_mut().for_each(remove_null);
        }
        let above = self.laid_out.len();
        self.laid_out.extend(places);
        let kind = self.told_apart(keyword, Cases { flat: &flat, spots: &spots }, base, whole, spot);
        self.laid_out.truncate(above);
        if has_null_everywhere { self.nullable(kind, whole) } else { kind }
    }

    /// Holds the property that tells cases apart to the text that stands for this one.
    fn tagged(&mut self, case: &mut Schema, tag: &str, value: String, spot: &Spot) {
        if discriminator::hold(case, tag, value) {
            self.note(spot, "discriminator", Done::Narrowed, "holds each case to the tag that its mapping names");
        }
    }

    fn told_apart(&mut self, keyword: &str, cases: Cases, base: &Schema, whole: &Value, spot: &Spot) -> TypeKind {
        if !self.is_payload
            && let Some(union) = self.attempt(|reader| reader.union(&cases))
        {
            return TypeKind::Union(union);
        }
        let Cases { flat: cases, spots } = cases;
        if let Some(texts) = all_texts(cases) {
            for (case, spot) in cases.iter().zip(spots).filter(|(case, _)| has_several(case)) {
                self.tell_words(&Value::Object(case.clone()), spot);
            }
            return self.texts(texts, spot);
        }
        let types: BTreeSet<String> = cases.iter().flat_map(types_of).collect();
        let types: Vec<&str> = types.iter().map(String::as_str).collect();
        match types.as_slice() {
            ["object"] if cases.iter().all(|case| case.contains_key("properties")) => {
                self.hold_to_objects(cases, spots);
                for (case, spot) in cases.iter().zip(spots) {
                    self.tell_words(&Value::Object(case.clone()), spot);
                }
                let merged = self.laid_together(cases, keyword, spot);
                self.kind(&Value::Object(merged), spot)
            }
            ["integer" | "number"] | ["integer", "number"] | ["string"] | ["boolean"] => {
                self.note(spot, keyword, Done::Widened, "tells apart values of one type, which stays");
                let mut common = base.clone();
                let ty = if types.len() == 1 { types[0] } else { "number" };
                common.insert("type".to_owned(), ty.into());
                self.typed(&common, spot)
            }
            [ty @ ("object" | "array")] if base.contains_key("properties") || base.contains_key("items") => {
                self.note(spot, keyword, Done::Widened, "says more than the schema that it stands in, and is left out");
                let mut common = base.clone();
                common.insert("type".to_owned(), (*ty).into());
                self.typed(&common, spot)
            }
            _ => self.mixed(whole, spot, keyword),
        }
    }

    fn merged(&mut self, base: &Schema, case: &Schema, spot: &Spot) -> Schema {
        let mut lost = Vec::new();
        let merged = merge::both(base, case, &mut lost);
        for lost in lost {
            self.note(spot, &lost, Done::Widened, "is said twice, of which the first one counts");
        }
        merged
    }

    /// A union, where each case requires one and the same property to be a text of its own.
    fn union(&mut self, Cases { flat: cases, spots }: &Cases) -> Option<Union> {
        let first = cases.first()?.get("properties")?.as_object()?;
        let (tag, values) = first.keys().find_map(|name| {
            let tag = FieldName::parse(name).ok()?;
            let values: Option<Vec<String>> = cases.iter().map(|case| tag_value(case, name)).collect();
            let values = values?;
            let spelled: BTreeSet<String> = values.iter().map(|value| variant(value)).collect();
            (spelled.len() == values.len()).then_some((tag, values))
        })?;
        self.hold_to_objects(cases, spots);
        let mut read = Vec::new();
        for ((case, spot), value) in cases.iter().zip(*spots).zip(values) {
            self.drop_all(case, spot, &[]);
            for keyword in ["oneOf", "anyOf"].iter().filter(|keyword| case.contains_key(**keyword)) {
                self.note(spot, keyword, Done::Widened, "stands inside of a case, and is left out");
            }
            self.beside_properties(case, spot);
            let record = self.record(case, spot, Some(tag.as_str()));
            read.push(Case {
                doc: annotation::doc(case, &case_name(spot, &value)),
                deprecated: annotation::deprecated(case),
                value,
                record,
                place: Place::NOWHERE,
            });
        }
        Some(Union { tag, closed: false, cases: read })
    }

    /// A case without a type accepts what is no object, too, until it is told by its properties.
    fn hold_to_objects(&mut self, cases: &[Schema], spots: &[Spot]) {
        for (_, spot) in cases.iter().zip(spots).filter(|(case, _)| !case.contains_key("type")) {
            self.note_missing(spot, "type", Done::Narrowed, UNTYPED);
        }
    }

    /// One record that takes the payloads of every case.
    fn laid_together(&mut self, cases: &[Schema], keyword: &str, spot: &Spot) -> Schema {
        let mut properties = Schema::new();
        for name in cases.iter().flat_map(properties_of).map(|(name, _)| name) {
            if properties.contains_key(name) {
                continue;
            }
            let mut schemas: Vec<&Value> = Vec::new();
            for schema in cases.iter().filter_map(|case| case.get("properties")?.get(name)) {
                if !schemas.contains(&schema) {
                    schemas.push(schema);
                }
            }
            let schema = match schemas.as_slice() {
                [one] => (*one).clone(),
                several if are_of_one_type(several) => json!({ "anyOf": several }),
                _ => {
                    let note = "gives one property values of several types, and it becomes `json`";
                    self.note(&spot.below(&["properties", name]), keyword, Done::Widened, note);
                    Value::Bool(true)
                }
            };
            properties.insert(name.clone(), schema);
            let is_free = |case: &Schema| {
                case.get("properties").and_then(|all| all.get(name)).is_none()
                    && (case.get("additionalProperties") != Some(&Value::Bool(false))
                        || case.contains_key("patternProperties"))
            };
            if cases.iter().any(is_free) {
                let note = "holds a property to its type that a case without it leaves free";
                self.note_missing(&spot.below(&["properties", name]), keyword, Done::Narrowed, note);
            }
        }
        let names = |case: &Schema| case.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut required = cases.first().map(names).unwrap_or_default();
        required.retain(|name| cases.iter().all(|case| names(case).contains(name)));
        self.note(spot, keyword, Done::Widened, "has cases without a tag, which are laid together in one record");
        let required = Value::Array(required);
        Schema::from_iter([
            ("type".to_owned(), "object".into()),
            ("properties".to_owned(), Value::Object(properties)),
            ("required".to_owned(), required),
            ("additionalProperties".to_owned(), false.into()),
        ])
    }
}

fn properties_of(case: &Schema) -> impl Iterator<Item = (&String, &Value)> {
    case.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// What a title would say over again: the schema's name, or the tag's value where it has none.
fn case_name(spot: &Spot, value: &str) -> String {
    let is_index = |step: &String| step.bytes().all(|byte| byte.is_ascii_digit());
    pointer::last(&spot.pointer).filter(|step| !is_index(step)).unwrap_or_else(|| value.to_owned())
}

/// The one text that a case requires a property to be.
fn tag_value(case: &Schema, name: &str) -> Option<String> {
    let is_required =
        case.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|known| known == name));
    let property = case.get("properties")?.get(name)?;
    let only = match property.get("enum").and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) => Some(only),
        _ => property.get("const"),
    };
    let is_object = types_of(case).iter().all(|ty| ty == "object");
    only.and_then(Value::as_str).filter(|_| is_required && is_object).map(str::to_owned)
}

fn has_several(case: &Schema) -> bool {
    case.get("enum").and_then(Value::as_array).is_some_and(|values| values.len() > 1)
}

fn types_of(case: &Schema) -> Vec<String> {
    let types = case.get("type").map(merge::listed).unwrap_or_default();
    if types.is_empty() { vec![if case.contains_key("properties") { "object" } else { "?" }.to_owned()] } else { types }
}

/// Null is of every type.
fn are_of_one_type(schemas: &[&Value]) -> bool {
    let types = schemas.iter().filter_map(|schema| schema.as_object()).flat_map(types_of);
    let types: BTreeSet<String> = types.filter(|ty| ty != "null").collect();
    types.len() == 1
}

fn remove_null(case: &mut Schema) {
    let types: Vec<String> = types_of(case).into_iter().filter(|ty| ty != "null").collect();
    case.insert("type".to_owned(), types.into());
}
