//! Objects: records where their properties are known, maps where they are not.

use std::collections::BTreeMap;

use growset_model::{Field, FieldName, Mapping, Place, Presence, Record, Type, TypeKind, snake};
use serde_json::{Map, Value};

use crate::annotation;
use crate::library::Spot;
use crate::loss::Done;
use crate::ours;
use crate::reader::Reader;

type Schema = Map<String, Value>;

impl Reader<'_> {
    /// A record or a map.
    pub(crate) fn object(&mut self, schema: &Schema, spot: &Spot) -> TypeKind {
        self.drop_all(schema, spot, &[]);
        let has_properties = schema.get("properties").and_then(Value::as_object).is_some_and(|all| !all.is_empty());
        let has_required = schema.get("required").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
        let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
        let is_ours_and_empty = schema.contains_key("properties") && !schema.contains_key("additionalProperties");
        let has_patterns = schema.contains_key("patternProperties");
        if !has_properties && !has_required && !is_ours_and_empty && (!is_closed || has_patterns) {
            return self.map(schema, is_closed, spot);
        }
        self.beside_properties(schema, spot);
        TypeKind::Record(self.record(schema, spot, None))
    }

    /// What an object may hold beside its known properties: publishers of a record send nothing else, and its listeners
    /// take whatever comes.
    pub(crate) fn beside_properties(&mut self, schema: &Schema, spot: &Spot) {
        if schema.contains_key("patternProperties") {
            self.note(spot, "patternProperties", Done::Widened, "stands beside known properties, and is left out");
        }
        match schema.get("additionalProperties") {
            Some(Value::Object(_)) => {
                let note = "stands beside known properties, and is left out";
                self.note(spot, "additionalProperties", Done::Widened, note);
            }
            Some(Value::Bool(false)) => {}
            _ if self.is_ours(spot) => {} // What we write for listeners is open, and closed for publishers.
            stated => {
                let note =
                    "stands beside known properties: listeners take others, publishers may not send them any more";
                match stated {
                    Some(_) => self.note(spot, "additionalProperties", Done::Dropped, note),
                    None => self.note_missing(spot, "additionalProperties", Done::Dropped, note),
                }
            }
        }
    }

    /// Whether `generate` wrote the document.
    pub(crate) fn is_ours(&self, spot: &Spot) -> bool {
        self.documents[spot.document].value.get("x-growset-event").is_some()
    }

    fn map(&mut self, schema: &Schema, is_closed: bool, spot: &Spot) -> TypeKind {
        let patterns = schema.get("patternProperties").and_then(Value::as_object).filter(|all| !all.is_empty());
        let values = match patterns {
            Some(patterns) => {
                self.note(spot, "patternProperties", Done::Widened, "becomes a map whose keys are any texts");
                let mut each = patterns.iter();
                match (each.next(), each.next()) {
                    (Some((pattern, values)), None) if is_closed => {
                        let spot = spot.below(&["patternProperties", pattern]);
                        self.tell_words(values, &spot);
                        self.ty(values, &spot)
                    }
                    _ => Type { kind: TypeKind::Json, place: Place::NOWHERE },
                }
            }
            None => {
                let values = schema.get("additionalProperties").unwrap_or(&Value::Bool(true));
                let spot = spot.below(&["additionalProperties"]);
                self.tell_words(values, &spot);
                self.ty(values, &spot)
            }
        };
        TypeKind::Map(Box::new(values))
    }

    /// The fields of an object schema, without the tag of the union that it is a case of.
    pub(crate) fn record(&mut self, schema: &Schema, spot: &Spot, tag: Option<&str>) -> Record {
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let mut properties: Vec<(&str, Value)> = Vec::new();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            properties.push((name, property.clone()));
        }
        for name in &required {
            if properties.iter().all(|(known, _)| known != name) {
                properties.push((name, Value::Bool(true)));
            }
        }
        let kept = told_apart(&properties, &required, tag);
        let mut groups: [Vec<Field>; 3] = Default::default();
        for (name, property) in properties.iter().filter(|(name, _)| Some(*name) != tag) {
            let below = spot.below(&["properties", name]);
            if let Some(other) = kept.get(&snake(name)).filter(|other| *other != name) {
                let note = format!(
                    "would be spelled like `{other}` in generated code, and is left out: publishers may not send it any more"
                );
                self.note(&below, "properties", Done::Widened, &note);
                continue;
            }
            let Some(field) = self.field(name, property, required.contains(name), &below) else { continue };
            let group = match field.presence {
                Presence::Required => 0,
                Presence::Optional => 1,
                Presence::Derived(_) => 2,
            };
            groups[group].push(field);
        }
        Record { fields: groups.into_iter().flatten().collect() }
    }

    fn field(&mut self, name: &str, property: &Value, is_required: bool, spot: &Spot) -> Option<Field> {
        if *property == Value::Bool(false) {
            self.note(spot, "false", Done::Widened, "is a property that must not be there, and is left out");
            return None;
        }
        let name = match FieldName::parse(name) {
            Ok(name) => name,
            Err(error) => {
                self.note(spot, "properties", Done::Widened, &format!("is left out: {error}"));
                return None;
            }
        };
        let annotations = annotation::of(property, name.as_str());
        let derivation = ours::derivation(property);
        let presence = match derivation {
            Some(derivation) => Presence::Derived(Box::new(derivation)),
            None if is_required => Presence::Required,
            None => Presence::Optional,
        };
        self.tell_examples(property, spot, matches!(presence, Presence::Optional));
        let default = property.get("default").filter(|_| matches!(presence, Presence::Optional)).cloned();
        Some(Field {
            name,
            presence,
            ty: self.ty(property, spot),
            doc: annotations.doc,
            example: annotations.example.map(Box::new),
            deprecated: annotations.deprecated.map(Box::new),
            pii: annotations.pii,
            default: default.map(Box::new),
            mapping: mapping(property).map(Box::new),
            place: Place::NOWHERE,
        })
    }
}

/// Of names that generated code would spell alike, the one that stays: the tag, else what is always there, else the first.
fn told_apart<'a>(
    properties: &[(&'a str, Value)],
    required: &[&str],
    tag: Option<&'a str>,
) -> BTreeMap<String, &'a str> {
    let mut kept: BTreeMap<String, &str> = tag.iter().map(|tag| (snake(tag), *tag)).collect();
    let fields = properties.iter().filter(|(name, property)| *property != false && FieldName::parse(name).is_ok());
    let (first, then): (Vec<_>, Vec<_>) = fields.map(|(name, _)| *name).partition(|name| required.contains(name));
    for name in first.into_iter().chain(then) {
        kept.entry(snake(name)).or_insert(name);
    }
    kept
}

fn mapping(property: &Value) -> Option<Mapping> {
    if let Some(from) = property.get("x-growset-from").and_then(Value::as_str) {
        return FieldName::parse(from).ok().map(Mapping::From);
    }
    property.get("x-growset-from-value").cloned().map(Mapping::Value)
}
