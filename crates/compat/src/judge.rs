//! The judge of values: the `jsonschema` crate on the rendered languages, and what no schema can say.
//!
//! Compiling schemas costs more than anything else that this crate does, most of it for patterns. So many values are
//! judged by one schema, whose properties are the schemas of the values: each pattern and named type is compiled once
//! per batch, and batches run on all cores.

mod explain;
mod payload;

use std::ptr;

use growset_model::{
    Catalog, Event, Inexact, Language, Type, bare_payload_schema, bare_type_schema, inexact_in_payload, inexact_in_type,
};
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use rayon::prelude::*;
use serde_json::{Map, Value};

use crate::judge::explain::Explainer;
pub use crate::judge::payload::PayloadJudge;

/// Enough to share what is compiled, and few enough to keep every core busy.
const BATCH: usize = 128;

/// More problems than anyone mends at once.
const MOST_PROBLEMS: usize = 20;

/// More refusals than that of one value are not looked at.
const MOST_ERRORS: usize = 200;

/// Of missing fields.
const MOST_NAMES: usize = 8;

/// What a value has to be.
#[derive(Clone, Copy)]
pub(crate) enum Against<'a> {
    /// A payload of this language.
    Payload(&'a Event, Language),
    /// A value that a publisher may send.
    Type(&'a Type),
}

/// A value and what it has to be.
#[derive(Clone, Copy)]
pub(crate) struct Exhibit<'a> {
    pub(crate) against: Against<'a>,
    pub(crate) value: &'a Value,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// JSON Pointer (RFC 6901) into the value.
    pub pointer: String,
    /// In words, with the way out where there is one.
    pub message: String,
    /// The fields that are missing, if that is the problem.
    pub missing: Vec<String>,
}

/// The problems of each exhibit, in their order. A schema that cannot be compiled judges nothing: only a JSON Schema
/// that is carried whole can be one, and has a finding of its own.
pub(crate) fn judge(catalog: &Catalog, exhibits: &[Exhibit]) -> Vec<Vec<Problem>> {
    exhibits.par_chunks(BATCH).flat_map_iter(|batch| judge_batch(catalog, batch)).collect()
}

/// Compiles a JSON Schema that stands alone. Fetches nothing, ever; patterns run in linear time.
pub(crate) fn compile(schema: &Value) -> Result<Validator, ValidationError<'static>> {
    let options = jsonschema::options().with_draft(Draft::Draft202012).offline();
    options.with_pattern_options(PatternOptions::regex()).build(schema)
}

fn judge_batch(catalog: &Catalog, batch: &[Exhibit]) -> Vec<Vec<Problem>> {
    let mut bundle = Bundle::default();
    let keys: Vec<Key> = batch.iter().enumerate().map(|(index, _)| bundle.add(catalog, batch, index)).collect();
    let shared = compile(&bundle.into_schema()).ok();
    batch
        .iter()
        .zip(keys)
        .map(|(exhibit, key)| match (key, &shared) {
            (Key::Shared(key), Some(validator)) => problems(catalog, exhibit, validator, Some(key)),
            _ => match compile(&exhibit.against.schema(catalog)) {
                Ok(validator) => problems(catalog, exhibit, &validator, None),
                Err(_) => Vec::new(),
            },
        })
        .collect()
}

/// Many schemas as one: each is a property of it, and they share their definitions.
#[derive(Default)]
struct Bundle {
    properties: Map<String, Value>,
    definitions: Map<String, Value>,
    last: Option<Key>,
}

/// How an exhibit finds its schema.
#[derive(Clone)]
enum Key {
    /// The property of the bundle.
    Shared(String),
    /// Its schema brings resources of its own, whose ids could be those of another schema.
    Alone,
}

impl Bundle {
    /// Neighbours with the same schema, such as the examples of one event, share it.
    fn add(&mut self, catalog: &Catalog, batch: &[Exhibit], index: usize) -> Key {
        let against = batch[index].against;
        if let Some(last) = &self.last
            && let Some(before) = index.checked_sub(1).and_then(|before| batch.get(before))
            && before.against.is_same(against)
        {
            return last.clone();
        }
        let key = self.add_schema(against.schema(catalog), index);
        self.last = Some(key.clone());
        key
    }

    fn add_schema(&mut self, schema: Value, index: usize) -> Key {
        if holds_opaque(&schema) {
            return Key::Alone;
        }
        let Value::Object(mut schema) = schema else {
            return Key::Alone;
        };
        schema.remove("$schema");
        if let Some(Value::Object(definitions)) = schema.remove("$defs") {
            self.definitions.extend(definitions);
        }
        self.properties.insert(index.to_string(), Value::Object(schema));
        Key::Shared(index.to_string())
    }

    fn into_schema(self) -> Value {
        // Not `json!`, which would copy both maps by way of serde.
        let parts = [("properties", self.properties), ("$defs", self.definitions)];
        parts.into_iter().map(|(key, members)| (key.to_owned(), Value::Object(members))).collect()
    }
}

impl<'a> Against<'a> {
    fn schema(self, catalog: &Catalog) -> Value {
        match self {
            Self::Payload(event, language) => bare_payload_schema(catalog, event, language),
            Self::Type(ty) => bare_type_schema(catalog, ty, Language::Intake),
        }
    }

    fn is_same(self, other: Against<'a>) -> bool {
        match (self, other) {
            (Self::Payload(event, language), Self::Payload(other, also)) => ptr::eq(event, other) && language == also,
            (Self::Type(ty), Self::Type(other)) => ptr::eq(ty, other),
            (Self::Payload(..), Self::Type(_)) | (Self::Type(_), Self::Payload(..)) => false,
        }
    }
}

fn holds_opaque(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members.contains_key("x-growset-opaque") || members.values().any(holds_opaque),
        Value::Array(items) => items.iter().any(holds_opaque),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// What the schema refuses, and what no schema can say.
fn problems(catalog: &Catalog, exhibit: &Exhibit, validator: &Validator, key: Option<String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut explain = |value: &Value, wrapped: usize| {
        let explainer = Explainer { catalog, exhibit, wrapped };
        validator.iter_errors(value).take(MOST_ERRORS).for_each(|error| explainer.explain(&error, &mut problems));
    };
    match key {
        Some(key) => explain(&Value::Object(Map::from_iter([(key, exhibit.value.clone())])), 1),
        None => explain(exhibit.value, 0),
    }
    let inexact = match exhibit.against {
        Against::Payload(event, _) => inexact_in_payload(catalog, &event.payload, exhibit.value),
        Against::Type(ty) => inexact_in_type(catalog, ty, exhibit.value),
    };
    for Inexact { pointer, message } in inexact {
        // Of a value that the schema refuses, nothing finer needs to be said.
        if problems.iter().all(|problem| problem.pointer != pointer) {
            problems.push(Problem { pointer, message, missing: Vec::new() });
        }
    }
    let mut problems = join_missing(problems);
    problems.truncate(MOST_PROBLEMS);
    problems
}

/// The missing fields of one object in one problem: ten new fields are one thing to mend.
fn join_missing(problems: Vec<Problem>) -> Vec<Problem> {
    let mut joined: Vec<Problem> = Vec::with_capacity(problems.len());
    for problem in problems {
        let same = |other: &&mut Problem| other.pointer == problem.pointer && !other.missing.is_empty();
        match joined.iter_mut().find(same).filter(|_| !problem.missing.is_empty()) {
            Some(other) => other.missing.extend(problem.missing),
            None => joined.push(problem),
        }
    }
    for problem in joined.iter_mut().filter(|problem| problem.missing.len() > 1) {
        let (shown, rest) = problem.missing.split_at(problem.missing.len().min(MOST_NAMES));
        let names: Vec<String> = shown.iter().map(|name| format!("`{name}`")).collect();
        problem.message = match (rest.len(), names.split_last()) {
            (0, Some((last, others))) => format!("fields {} and {last} are missing", others.join(", ")),
            (more, _) => format!("fields {} and {more} more are missing", names.join(", ")),
        };
    }
    joined
}

#[cfg(test)]
mod tests {
    use growset_model::arbitrary;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// The payload with one member or item taken out, or the whole replaced: often wrong, not always.
    fn spoilt(payload: &Value, at: usize) -> Value {
        let mut payload = payload.clone();
        match &mut payload {
            Value::Object(members) if !members.is_empty() => {
                let name = members.keys().nth(at % members.len()).cloned().unwrap_or_default();
                members.insert(name, json!([at]));
            }
            _ => payload = json!("spoilt"), // Nothing inside to spoil.
        }
        payload
    }

    fn is_valid_alone(catalog: &Catalog, event: &Event, value: &Value) -> bool {
        compile(&bare_payload_schema(catalog, event, Language::Intake)).is_ok_and(|judge| judge.is_valid(value))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_payload_is_judged_alike_alone_and_among_others(
            (catalog, name, payload) in arbitrary::catalog_and_payload(Language::Intake),
            at in any::<usize>(),
        ) {
            let spoilt = spoilt(&payload, at);
            let event = catalog.events.get(&name).expect("the event is in the catalog");
            let others = catalog.events.values().flat_map(|event| {
                event.examples.iter().map(move |example| (event, &example.value))
            });
            let values: Vec<(&Event, &Value)> =
                [(event, &payload), (event, &spoilt)].into_iter().chain(others).collect();
            let against = |event| Against::Payload(event, Language::Intake);
            let exhibits: Vec<Exhibit> =
                values.iter().map(|(event, value)| Exhibit { against: against(event), value }).collect();
            for ((event, value), problems) in values.iter().zip(judge(&catalog, &exhibits)) {
                // What no schema can say is judged beside it, and only makes the verdict stricter.
                if !is_valid_alone(&catalog, event, value) {
                    prop_assert!(!problems.is_empty(), "{value} of {} is refused alone", event.name);
                }
            }
            let accepted = judge(&catalog, &exhibits[..1]);
            prop_assert!(accepted.iter().all(Vec::is_empty), "a payload of I is accepted");
        }
    }
}
