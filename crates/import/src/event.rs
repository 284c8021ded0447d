//! From a document to an event.

use std::collections::BTreeMap;

use growset_model::{
    Catalog, Event, EventName, Example, Field, Language, Payload, Place, Record, Stability, Type, TypeKind,
    bare_payload_schema, bare_type_schema,
};
use serde_json::{Map, Value};

use crate::definitions::settle_null;
use crate::library::Spot;
use crate::loss::Done;
use crate::reader::Reader;
use crate::{Options, annotation, carry, ours};

/// Top-level domains that names in reverse order start with: they group nothing.
const DOMAINS: [&str; 8] = ["com", "org", "net", "io", "de", "eu", "dev", "app"];

/// Reads the event that a document describes.
pub(crate) fn read(reader: &mut Reader, document: usize, name: EventName, options: &Options) -> Event {
    let spot = Spot { document, pointer: String::new() };
    let schema = reader.library.at(&spot).cloned().unwrap_or_default();
    let members = schema.as_object().cloned().unwrap_or_default();
    let payload = payload(reader, &members, &spot);
    let examples = members.get("examples").and_then(Value::as_array).into_iter().flatten();
    let example = |value: &Value| Example { value: value.clone(), place: Place::NOWHERE, parts: BTreeMap::new() };
    let mut event = Event {
        source: format!("{}/{name}.yaml", group(&name)),
        doc: doc(&members, &name),
        owner: options.owner.clone(),
        audience: options.audience,
        stability: Stability::Stable,
        deprecated: annotation::deprecated(&members),
        replaces: None,
        retain: None,
        terminal: false,
        max_bytes: None,
        retired: None,
        payload,
        examples: examples.map(example).collect(),
        place: Place::NOWHERE,
        name,
    };
    if members.contains_key("x-growset-event") {
        ours::describe(&members, &mut event);
    }
    event
}

/// The folder that an event is filed in: the first word of its name that groups anything.
pub(crate) fn group(name: &EventName) -> &str {
    let mut segments = name.base().split('.');
    match (segments.next().unwrap_or_default(), segments.next()) {
        ("", _) | (_, None) => "events",
        (domain, Some(owner)) if DOMAINS.contains(&domain) && segments.next().is_some() => owner,
        (first, Some(_)) => first,
    }
}

/// A title that is the name over again says nothing.
fn doc(members: &Map<String, Value>, name: &EventName) -> Option<String> {
    let mut members = members.clone();
    if members.get("title").and_then(Value::as_str) == Some(name.as_str()) {
        members.shift_remove("title");
    }
    annotation::doc(&members)
}

fn payload(reader: &mut Reader, members: &Map<String, Value>, spot: &Spot) -> Payload {
    if members.contains_key("x-growset-opaque") {
        return Payload::Opaque(ours::opaque(members).unwrap_or_default());
    }
    let flat = reader.flat(members, spot);
    let whole = Value::Object(flat);
    reader.is_payload = true;
    let before = reader.losses.len();
    let kind = reader.kind(&whole, spot);
    reader.is_payload = false;
    match kind {
        TypeKind::Record(record) => Payload::Record(record),
        TypeKind::Nullable(inner) if matches!(inner.kind, TypeKind::Record(_)) => {
            reader.note(spot, "null", Done::Narrowed, "is no payload; an event carries an object");
            let TypeKind::Record(record) = inner.kind else { return Payload::Record(Record::default()) };
            Payload::Record(record)
        }
        TypeKind::Opaque(whole) => Payload::Opaque(whole),
        _ => {
            // The payload stands in the contract as it is, so that nothing inside of it is lost.
            reader.losses.truncate(before);
            let whole = carry::bundle(reader.library, &Value::Object(members.clone()));
            if carry::is_schema(&whole) {
                reader.note(spot, "payload", Done::CarriedWhole, "is no object with known properties");
                Payload::Opaque(whole)
            } else {
                reader.note(spot, "payload", Done::Widened, "is no valid JSON Schema of 2020-12, and becomes anything");
                Payload::Opaque(Value::Bool(true))
            }
        }
    }
}

/// Says `null` once everywhere, and leaves out examples and defaults that publishers could not send.
pub(crate) fn settle(reader: &mut Reader, catalog: &mut Catalog, documents: &BTreeMap<EventName, usize>) {
    let known = catalog.types.clone();
    for named in catalog.types.values_mut() {
        settle_null(&known, &mut named.ty.kind);
    }
    for event in catalog.events.values_mut() {
        if let Payload::Record(record) = &mut event.payload {
            record.fields.iter_mut().for_each(|field| settle_null(&known, &mut field.ty.kind));
        }
    }
    let types = Catalog { types: catalog.types.clone(), ..Catalog::default() };
    for (name, event) in &mut catalog.events {
        let Some(document) = documents.get(name) else { continue };
        let spot = Spot { document: *document, pointer: String::new() };
        if !event.examples.is_empty() {
            let judge = jsonschema::draft202012::new(&bare_payload_schema(&types, event, Language::Intake)).ok();
            let before = event.examples.len();
            event.examples.retain(|example| judge.as_ref().is_none_or(|judge| judge.is_valid(&example.value)));
            if event.examples.len() < before {
                reader.note(&spot, "examples", Done::Dropped, "do not fit the schema that they stand in");
            }
        }
        if let Payload::Record(record) = &mut event.payload {
            settle_record(reader, &types, record, &spot);
        }
    }
    for named in catalog.types.values_mut() {
        let spot = reader.definitions.spot_of(&named.name);
        if let Some(example) = &named.example
            && !fits(&types, &named.ty, example)
        {
            reader.note(&spot, "examples", Done::Dropped, "does not fit the schema that it stands in");
            named.example = None;
        }
        settle_kind(reader, &types, &mut named.ty.kind, &spot);
    }
}

fn settle_record(reader: &mut Reader, types: &Catalog, record: &mut Record, spot: &Spot) {
    for field in &mut record.fields {
        let spot = spot.below(&["properties", field.name.as_str()]);
        settle_field(reader, types, field, &spot);
        settle_kind(reader, types, &mut field.ty.kind, &spot);
    }
}

fn settle_kind(reader: &mut Reader, types: &Catalog, kind: &mut TypeKind, spot: &Spot) {
    match kind {
        TypeKind::Record(record) => settle_record(reader, types, record, spot),
        TypeKind::Union(union) => {
            union.cases.iter_mut().for_each(|case| settle_record(reader, types, &mut case.record, spot));
        }
        TypeKind::Nullable(inner) | TypeKind::Map(inner) => settle_kind(reader, types, &mut inner.kind, spot),
        TypeKind::List(list) => settle_kind(reader, types, &mut list.items.kind, &spot.below(&["items"])),
        TypeKind::Text(_)
        | TypeKind::Format(_)
        | TypeKind::Boolean
        | TypeKind::Integer(_)
        | TypeKind::Number(_)
        | TypeKind::Json
        | TypeKind::Named(_)
        | TypeKind::Enum(_)
        | TypeKind::Opaque(_) => {}
    }
}

fn settle_field(reader: &mut Reader, types: &Catalog, field: &mut Field, spot: &Spot) {
    if field.example.as_ref().is_some_and(|example| !fits(types, &field.ty, example)) {
        reader.note(spot, "examples", Done::Dropped, "does not fit the schema that it stands in");
        field.example = None;
    }
    if field.default.as_ref().is_some_and(|default| !fits(types, &field.ty, default)) {
        reader.note(spot, "default", Done::Dropped, "does not fit the schema that it stands in");
        field.default = None;
    }
}

fn fits(types: &Catalog, ty: &Type, value: &Value) -> bool {
    jsonschema::draft202012::new(&bare_type_schema(types, ty, Language::Intake))
        .is_ok_and(|judge| judge.is_valid(value))
}
