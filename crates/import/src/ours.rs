//! Schemas that `generate` wrote: `x-growset-*` says what JSON Schema has no word for, so that they come back whole.

use std::collections::{BTreeMap, BTreeSet};

use growset_model::{
    Audience, Case, Catalog, Date, Derivation, Enum, EnumValue, Event, EventName, FieldName, Mapping, Pattern, Payload,
    Place, Retain, Retired, Stability, Text, TextFormat, Type, TypeKind, Union, digest,
};
use serde_json::{Map, Value, json};

use crate::annotation;
use crate::library::Spot;
use crate::loss::Done;
use crate::reader::Reader;
use crate::source::Source;

type Schema = Map<String, Value>;

/// Nothing where the schema says nothing of its own kind.
pub(crate) fn kind(reader: &mut Reader, schema: &Schema, spot: &Spot) -> Option<TypeKind> {
    if schema.contains_key("x-growset-opaque") {
        return opaque(schema).map(TypeKind::Opaque);
    }
    if let Some(spelled) = schema.get("x-growset-type").and_then(Value::as_str) {
        return TextFormat::ALL.into_iter().find(|format| format.as_str() == spelled).map(TypeKind::Format);
    }
    if let Some(values) = schema.get("x-growset-values").and_then(Value::as_array) {
        return choice(values, schema).map(TypeKind::Enum);
    }
    if let Some(source) = schema.get("x-growset-pattern").and_then(Value::as_str) {
        let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
        let pattern = Pattern::parse(source).ok();
        return Some(TypeKind::Text(Text { min_length: limit("minLength"), max_length: limit("maxLength"), pattern }));
    }
    let tag = schema.get("x-growset-tag").and_then(Value::as_str)?;
    union(reader, tag, schema, spot).map(TypeKind::Union)
}

/// The schema as it was before it was made a resource of its own.
pub(crate) fn opaque(schema: &Schema) -> Option<Value> {
    let resource = schema.get("allOf")?.as_array()?.first()?.as_object()?;
    let named = |whole: &Value| format!("urn:growset:opaque:{}", digest(whole));
    let id = resource.get("$id").and_then(Value::as_str)?;
    let mut without = resource.clone();
    without.shift_remove("$id");
    let candidates = [Value::Object(without), json!(true), json!(false)];
    let whole = candidates.into_iter().find(|whole| named(whole) == id);
    Some(whole.unwrap_or_else(|| Value::Object(resource.clone())))
}

fn is_closed(schema: &Schema) -> bool {
    schema.get("x-growset-closed") == Some(&Value::Bool(true))
}

fn choice(values: &[Value], schema: &Schema) -> Option<Enum> {
    let values: Option<Vec<EnumValue>> = values
        .iter()
        .map(|entry| {
            let members = entry.as_object()?;
            Some(EnumValue {
                value: members.get("value")?.as_str()?.to_owned(),
                doc: members.get("description").and_then(Value::as_str).map(str::to_owned),
                deprecated: annotation::deprecated(members),
                place: Place::NOWHERE,
            })
        })
        .collect();
    values.filter(|values| !values.is_empty()).map(|values| Enum { closed: is_closed(schema), values })
}

fn union(reader: &mut Reader, tag: &str, schema: &Schema, spot: &Spot) -> Option<Union> {
    let tag = FieldName::parse(tag).ok()?;
    let mut cases = Vec::new();
    for (at, case) in schema.get("oneOf")?.as_array()?.iter().enumerate() {
        let members = case.as_object()?;
        // The case of every other tag is a promise to readers, not a case of the contract.
        let value = members.get("properties")?.get(tag.as_str())?.get("const");
        let Some(value) = value.and_then(Value::as_str) else { continue };
        let below = spot.below(&["oneOf", &at.to_string()]);
        cases.push(Case {
            value: value.to_owned(),
            doc: members.get("description").and_then(Value::as_str).map(str::to_owned),
            deprecated: annotation::deprecated(members),
            record: reader.record(members, &below, Some(tag.as_str())),
            place: Place::NOWHERE,
        });
    }
    (!cases.is_empty()).then(|| Union { tag, closed: is_closed(schema), cases })
}

/// How a derived field is computed.
pub(crate) fn derivation(property: &Value) -> Option<Derivation> {
    let (function, inputs) = property.get("x-growset-derived")?.as_object()?.iter().next()?;
    let inputs: Option<Vec<FieldName>> =
        inputs.as_array()?.iter().map(|input| FieldName::parse(input.as_str()?).ok()).collect();
    Some(Derivation { function: function.clone(), inputs: inputs?, place: Place::NOWHERE })
}

/// What an event's schema says of the event.
pub(crate) fn describe(schema: &Schema, event: &mut Event) {
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let name = |text: &str| EventName::parse_any_style(text).ok();
    event.owner = text("x-growset-owner").map(str::to_owned);
    if let Some(audience) = Audience::ALL.into_iter().find(|known| text("x-growset-audience") == Some(known.as_str())) {
        event.audience = audience;
    }
    if text("x-growset-stability") == Some(Stability::Draft.as_str()) {
        event.stability = Stability::Draft;
    }
    event.replaces = text("x-growset-replaces").and_then(name);
    event.retain = schema.get("x-growset-retain").and_then(retain);
    event.terminal = schema.get("x-growset-terminal") == Some(&Value::Bool(true));
    event.max_bytes = schema.get("x-growset-max-bytes").and_then(Value::as_u64);
    event.retired = schema.get("x-growset-retired").and_then(|tombstone| {
        let since = tombstone.get("since").and_then(Value::as_str).and_then(Date::parse)?;
        Some(Retired { since, successor: tombstone.get("use").and_then(Value::as_str).and_then(name) })
    });
}

/// Leaves out what events say of events that are not among the sources.
pub(crate) fn settle_references(reader: &mut Reader, catalog: &mut Catalog, chosen: &BTreeMap<EventName, &Source>) {
    let names: BTreeSet<EventName> = catalog.events.keys().cloned().collect();
    let is_known = |name: &EventName| names.contains(name);
    for (name, event) in &mut catalog.events {
        let Some(Source { spot, .. }) = chosen.get(name) else { continue };
        if event.replaces.as_ref().is_some_and(|replaced| !is_known(replaced)) {
            event.replaces = None;
            reader.note(spot, "x-growset-replaces", Done::Dropped, ABSENT);
        }
        if event.replaces.is_none() {
            leave_mappings(reader, event, spot);
        }
        if let Some(retired) = &mut event.retired
            && retired.successor.as_ref().is_some_and(|successor| !is_known(successor))
        {
            retired.successor = None;
            reader.note(spot, "x-growset-retired", Done::Dropped, ABSENT);
        }
        if let Some(deprecated) = &mut event.deprecated
            && deprecated
                .successor
                .as_ref()
                .is_some_and(|successor| !names.iter().any(|name| name.as_str() == successor))
        {
            deprecated.successor = None;
            reader.note(spot, "x-growset-deprecated", Done::Dropped, ABSENT);
        }
    }
}

/// Without an earlier version nothing fills a field from it.
fn leave_mappings(reader: &mut Reader, event: &mut Event, spot: &Spot) {
    let Payload::Record(record) = &mut event.payload else { return };
    for field in &mut record.fields {
        let keyword = match field.mapping.take().as_deref() {
            Some(Mapping::From(_)) => "x-growset-from",
            Some(Mapping::Value(_)) => "x-growset-from-value",
            None => continue,
        };
        let note = "fills a field from an earlier version that is not among the sources, and is left out";
        reader.note(&spot.below(&["properties", field.name.as_str()]), keyword, Done::Dropped, note);
    }
}

/// Of an event that was not handed over.
const ABSENT: &str = "names an event that is not among the sources, and is left out";

fn retain(value: &Value) -> Option<Retain> {
    let Some(fields) = value.get("latest_by").and_then(Value::as_array) else { return Some(Retain::Latest) };
    let fields: Option<Vec<FieldName>> = fields.iter().map(|field| FieldName::parse(field.as_str()?).ok()).collect();
    fields.map(Retain::LatestBy)
}

/// A type that stands nowhere.
pub(crate) fn ty(kind: TypeKind) -> Type {
    Type { kind, place: Place::NOWHERE }
}
