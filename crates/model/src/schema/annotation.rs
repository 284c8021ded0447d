//! What a contract says beyond assertions: JSON Schema's own annotations, and `x-growset-*` for the rest, so that a
//! published schema can be read back into the same contract.

use serde_json::{Map, Value, json};

use crate::catalog::{Deprecated, Event, Retain};
use crate::shape::{Case, Enum, Field, Mapping, NamedType, Presence, Union};

type Schema = Map<String, Value>;

pub(super) fn of_event(event: &Event, schema: &mut Schema) {
    schema.insert("title".into(), event.name.as_str().into());
    describe(event.doc.as_deref(), event.deprecated.as_ref(), schema);
    schema.insert("x-growset-event".into(), event.name.as_str().into());
    insert_some("x-growset-owner", event.owner.as_deref(), schema);
    schema.insert("x-growset-audience".into(), event.audience.as_str().into());
    if event.is_draft() {
        schema.insert("x-growset-stability".into(), event.stability.as_str().into());
    }
    insert_some("x-growset-replaces", event.replaces.as_ref().map(|name| name.as_str()), schema);
    insert_some("x-growset-retain", event.retain.as_ref().map(retain), schema);
    if event.terminal {
        schema.insert("x-growset-terminal".into(), true.into());
    }
    insert_some("x-growset-max-bytes", event.max_bytes, schema);
    if let Some(retired) = &event.retired {
        let mut tombstone = Map::from_iter([("since".to_owned(), retired.since.to_string().into())]);
        insert_some("use", retired.successor.as_ref().map(|name| name.as_str()), &mut tombstone);
        schema.insert("x-growset-retired".into(), Value::Object(tombstone));
    }
}

fn retain(retain: &Retain) -> Value {
    match retain {
        Retain::Latest => "latest".into(),
        Retain::LatestBy(fields) => {
            json!({ "latest_by": fields.iter().map(|field| field.as_str()).collect::<Vec<_>>() })
        }
    }
}

pub(super) fn of_named_type(named: &NamedType, schema: &mut Schema) {
    describe(named.doc.as_deref(), named.deprecated.as_ref(), schema);
    if !named.was.is_empty() {
        schema.insert("x-growset-was".into(), named.was.iter().map(|name| name.as_str()).collect());
    }
    example_and_privacy(named.example.as_ref(), named.pii, schema);
}

pub(super) fn of_field(field: &Field, schema: &mut Schema) {
    describe(field.doc.as_deref(), field.deprecated.as_deref(), schema);
    example_and_privacy(field.example.as_deref(), field.pii, schema);
    insert_some("default", field.default.as_deref().cloned(), schema);
    match field.mapping.as_deref() {
        Some(Mapping::From(name)) => schema.insert("x-growset-from".into(), name.as_str().into()),
        Some(Mapping::Value(value)) => schema.insert("x-growset-from-value".into(), value.clone()),
        None => None,
    };
    if let Presence::Derived(derivation) = &field.presence {
        let inputs: Vec<&str> = derivation.inputs.iter().map(|input| input.as_str()).collect();
        schema.insert("readOnly".into(), true.into());
        schema.insert("x-growset-derived".into(), json!({ derivation.function.as_str(): inputs }));
    }
}

pub(super) fn of_enum(choice: &Enum, schema: &mut Schema) {
    schema.insert("x-growset-closed".into(), choice.closed.into());
    let values: Vec<Value> = choice
        .values
        .iter()
        .map(|value| {
            let mut entry = Map::from_iter([("value".to_owned(), value.value.as_str().into())]);
            describe(value.doc.as_deref(), value.deprecated.as_ref(), &mut entry);
            Value::Object(entry)
        })
        .collect();
    schema.insert("x-growset-values".into(), Value::Array(values));
}

pub(super) fn of_union(union: &Union, schema: &mut Schema) {
    schema.insert("x-growset-tag".into(), union.tag.as_str().into());
    schema.insert("x-growset-closed".into(), union.closed.into());
}

pub(super) fn of_case(case: &Case, schema: &mut Schema) {
    schema.insert("title".into(), case.value.as_str().into());
    describe(case.doc.as_deref(), case.deprecated.as_ref(), schema);
}

fn describe(doc: Option<&str>, deprecated: Option<&Deprecated>, schema: &mut Schema) {
    insert_some("description", doc, schema);
    let Some(deprecated) = deprecated else {
        return;
    };
    schema.insert("deprecated".into(), true.into());
    let mut details = Map::new();
    insert_some("use", deprecated.successor.as_deref(), &mut details);
    insert_some("sunset", deprecated.sunset.map(|date| date.to_string()), &mut details);
    insert_some("reason", deprecated.reason.as_deref(), &mut details);
    if !details.is_empty() {
        schema.insert("x-growset-deprecated".into(), Value::Object(details));
    }
}

fn example_and_privacy(example: Option<&Value>, pii: bool, schema: &mut Schema) {
    insert_some("examples", example.map(|example| json!([example])), schema);
    if pii {
        schema.insert("x-growset-pii".into(), true.into());
    }
}

fn insert_some(key: &str, value: Option<impl Into<Value>>, schema: &mut Schema) {
    if let Some(value) = value {
        schema.insert(key.to_owned(), value.into());
    }
}
