//! Listed values: `enum`, `const`, and cases that are each nothing but texts.

use std::collections::BTreeSet;

use growset_model::{Bounds, Deprecated, Enum, EnumValue, Place, SAFE_INTEGER, TypeKind, variant};
use serde_json::{Map, Value};

use crate::annotation;
use crate::carry;
use crate::library::Spot;
use crate::loss::Done;
use crate::merge;
use crate::reader::Reader;

type Schema = Map<String, Value>;

/// Keywords that are about texts and numbers.
const LIMITS: [&str; 8] =
    ["minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];

/// What is said of one value.
#[derive(Default)]
pub(crate) struct Meaning {
    doc: Option<String>,
    deprecated: Option<Deprecated>,
}

impl Reader<'_> {
    /// `enum` or `const`: what `type` forbids is no value.
    pub(crate) fn values(&mut self, values: &[Value], schema: &Schema, spot: &Spot) -> TypeKind {
        let whole = Value::Object(schema.clone());
        let types = schema.get("type").map(merge::listed).unwrap_or_default();
        let limits = limits(schema);
        let is_within = |value: &Value| limits.as_ref().is_none_or(|limits| limits.is_valid(value));
        let allowed: Vec<&Value> = values.iter().filter(|value| is_of(value, &types) && is_within(value)).collect();
        let has_null = allowed.iter().any(|value| value.is_null());
        let others: Vec<&Value> = allowed.into_iter().filter(|value| !value.is_null()).collect();
        let texts: Vec<&str> = others.iter().filter_map(|value| value.as_str()).collect();
        let keyword = if schema.contains_key("const") { "const" } else { "enum" };
        for beside in ["oneOf", "anyOf", "not", "if"].iter().filter(|beside| schema.contains_key(**beside)) {
            self.note(spot, beside, Done::Widened, &format!("stands beside `{keyword}`, which alone counts"));
        }
        let kind = if others.is_empty() {
            let note = match (has_null, values.is_empty()) {
                (true, _) => "has no value but null, and becomes `json`",
                (false, true) => "has no value, and becomes `json`",
                (false, false) => "has no value that what stands beside it allows, and becomes `json`",
            };
            return self.give_up(spot, keyword, note);
        } else if texts.len() == others.len() {
            self.texts(texts.into_iter().map(|text| (text.to_owned(), Meaning::default())).collect(), spot)
        } else if others.iter().all(|value| value.is_boolean()) {
            if others.len() == 1 {
                self.note(spot, keyword, Done::Widened, "becomes `boolean`");
            }
            TypeKind::Boolean
        } else if let Some(bounds) = consecutive(&others) {
            TypeKind::Integer(bounds)
        } else {
            let why = match keyword {
                "const" => "is a value that is no text, and has no name",
                _ => "holds values that are no texts, and have no names",
            };
            return self.carry(&whole, spot, keyword, why);
        };
        if has_null { self.nullable(kind, &whole) } else { kind }
    }

    /// An enum, unless two of its values would be spelled alike.
    pub(crate) fn texts(&mut self, texts: Vec<(String, Meaning)>, spot: &Spot) -> TypeKind {
        if texts.is_empty() {
            return self.give_up(spot, "enum", "has no value, and becomes `json`");
        }
        let distinct: BTreeSet<&str> = texts.iter().map(|(text, _)| text.as_str()).collect();
        let spelled: BTreeSet<String> = distinct.iter().map(|text| variant(text)).collect();
        if spelled.len() < distinct.len() {
            let note = "holds two values that would be spelled alike in generated code, and becomes `string`";
            self.note(spot, "enum", Done::Widened, note);
            return TypeKind::Text(Default::default());
        }
        let mut seen = BTreeSet::new();
        let mut values = Vec::new();
        for (value, Meaning { doc, deprecated }) in texts {
            if seen.insert(value.clone()) {
                values.push(EnumValue { value, doc, deprecated, place: Place::NOWHERE });
            }
        }
        TypeKind::Enum(Enum { closed: false, values })
    }
}

/// What a schema says of plain values beside listing them.
fn limits(schema: &Schema) -> Option<jsonschema::Validator> {
    let said = LIMITS.iter().filter_map(|keyword| Some(((*keyword).to_owned(), schema.get(*keyword)?.clone())));
    let said: Schema = said.collect();
    let is_judged = !said.is_empty() && carry::is_schema(&Value::Object(said.clone()));
    is_judged.then(|| jsonschema::draft202012::new(&Value::Object(said)).ok()).flatten()
}

/// The texts of cases that are each nothing but texts. A case of one text may say what it means.
pub(crate) fn all_texts(cases: &[Schema]) -> Option<Vec<(String, Meaning)>> {
    let mut texts = Vec::new();
    for case in cases {
        let values = match (case.get("const"), case.get("enum").and_then(Value::as_array)) {
            (Some(value), _) => std::slice::from_ref(value),
            (None, Some(values)) => values.as_slice(),
            (None, None) => return None,
        };
        for value in values {
            let meaning = match values {
                [_] => {
                    Meaning { doc: annotation::doc(case, value.as_str()?), deprecated: annotation::deprecated(case) }
                }
                _ => Meaning::default(),
            };
            texts.push((value.as_str()?.to_owned(), meaning));
        }
    }
    Some(texts)
}

fn is_of(value: &Value, types: &[String]) -> bool {
    let is = |ty: &str| types.iter().any(|known| known == ty);
    types.is_empty()
        || match value {
            Value::Null => is("null"),
            Value::Bool(_) => is("boolean"),
            Value::Number(_) => is("number") || is("integer"),
            Value::String(_) => is("string"),
            Value::Array(_) => is("array"),
            Value::Object(_) => is("object"),
        }
}

/// The bounds of integers without a hole between them.
fn consecutive(values: &[&Value]) -> Option<Bounds<i64>> {
    let integers: Option<BTreeSet<i64>> = values.iter().map(|value| value.as_i64()).collect();
    let integers = integers?;
    let (min, max) = (*integers.first()?, *integers.last()?);
    let is_safe = min >= -SAFE_INTEGER && max <= SAFE_INTEGER;
    let has_holes = usize::try_from(max.checked_sub(min)?).ok()?.checked_add(1)? != integers.len();
    (is_safe && !has_holes).then_some(Bounds { min: Some(min), max: Some(max) })
}
