//! From a document to an event.

use std::collections::BTreeMap;

use growset_model::{
    Catalog, Event, EventName, Example, Field, Language, NamedType, Payload, Place, Record, Stability, Type, TypeKind,
    bare_payload_schema, bare_type_schema,
};
use serde_json::{Map, Value};

use crate::definitions::settle_null;
use crate::library::Spot;
use crate::loss::Done;
use crate::reader::Reader;
use crate::source::Source;
use crate::{Options, annotation, ours};

/// Top-level domains that names in reverse order start with: they group nothing.
const DOMAINS: [&str; 8] = ["com", "org", "net", "io", "de", "eu", "dev", "app"];

/// Of an example or a default.
const MISFIT: &str = "does not fit the schema that it stands in";

/// Reads the event that a source describes.
pub(crate) fn read(reader: &mut Reader, source: &Source, name: EventName, options: &Options) -> Event {
    let schema = reader.library.at(&source.spot).cloned().unwrap_or_default();
    let members = schema.as_object().cloned().unwrap_or_default();
    let spot = &reader.landed(&members, &source.spot);
    let is_opaque = members.contains_key("x-growset-opaque");
    let flat = if is_opaque { members.clone() } else { reader.flat(&members, spot) };
    let payload = payload(reader, &members, &flat, spot);
    let examples = flat.get("examples").and_then(Value::as_array).into_iter().flatten().chain(flat.get("example"));
    let message = source.message.as_ref();
    let examples = examples.chain(message.into_iter().flat_map(|message| &message.examples));
    let example = |value: &Value| Example { value: value.clone(), place: Place::NOWHERE, parts: BTreeMap::new() };
    let said = message.and_then(|message| annotation::of_message(&message.value));
    let deprecated = message.and_then(|message| annotation::deprecated(message.value.as_object()?));
    let mut event = Event {
        source: format!("{}/{name}.yaml", group(&name)),
        doc: said.or_else(|| annotation::doc(&flat, name.as_str())),
        owner: options.owner.clone(),
        audience: options.audience,
        stability: Stability::Stable,
        deprecated: deprecated.or_else(|| annotation::deprecated(&flat)),
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

fn payload(reader: &mut Reader, members: &Map<String, Value>, flat: &Map<String, Value>, spot: &Spot) -> Payload {
    if members.contains_key("x-growset-opaque") {
        return Payload::Opaque(ours::opaque(members).unwrap_or_default());
    }
    let whole = Value::Object(flat.clone());
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
            match reader.carry(&Value::Object(members.clone()), spot, "payload", "is no object with known properties") {
                TypeKind::Opaque(whole) => Payload::Opaque(whole),
                _ => Payload::Opaque(Value::Bool(true)),
            }
        }
    }
}

/// Says `null` once everywhere, and leaves out examples and defaults that publishers could not send.
pub(crate) fn settle(reader: &mut Reader, catalog: &mut Catalog, chosen: &BTreeMap<EventName, &Source>) {
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
        let Some(Source { spot, .. }) = chosen.get(name) else { continue };
        let members = reader.library.at(spot).and_then(Value::as_object);
        let spot = &members.map_or_else(|| spot.clone(), |members| reader.landed(members, spot));
        if !event.examples.is_empty() {
            let judge = jsonschema::draft202012::new(&bare_payload_schema(&types, event, Language::Intake)).ok();
            let before = event.examples.len();
            event.examples.retain(|example| judge.as_ref().is_none_or(|judge| judge.is_valid(&example.value)));
            if event.examples.len() < before {
                reader.note(spot, "examples", Done::Dropped, MISFIT);
            }
        }
        if let Payload::Record(record) = &mut event.payload {
            settle_record(reader, &types, record, spot);
        }
    }
    for named in catalog.types.values_mut() {
        let before = named.clone();
        for spot in reader.definitions.spots_of(&named.name) {
            // Each copy tells what is left out of the one type.
            *named = before.clone();
            settle_type(reader, &types, named, &spot);
        }
    }
}

fn settle_type(reader: &mut Reader, types: &Catalog, named: &mut NamedType, spot: &Spot) {
    if named.example.as_ref().is_some_and(|example| !fits(types, &named.ty, example)) {
        reader.note(spot, "examples", Done::Dropped, MISFIT);
        named.example = None;
    }
    settle_kind(reader, types, &mut named.ty.kind, spot);
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
        reader.note(spot, "examples", Done::Dropped, MISFIT);
        field.example = None;
    }
    if field.default.as_ref().is_some_and(|default| !fits(types, &field.ty, default)) {
        reader.note(spot, "default", Done::Dropped, MISFIT);
        field.default = None;
    }
}

fn fits(types: &Catalog, ty: &Type, value: &Value) -> bool {
    jsonschema::draft202012::new(&bare_type_schema(types, ty, Language::Intake))
        .is_ok_and(|judge| judge.is_valid(value))
}
