//! Random catalogs: settings and events around random types.

use std::collections::BTreeMap;

use super::payload::Sampler;
use super::tape::Tape;
use super::texts;
use super::types::{Types, opaque_schema};
use crate::catalog::{
    Audience, Catalog, Date, Event, Example, LintLevel, LintPolicy, NamePolicy, Payload, Retain, Retired, RustPackage,
    Settings, Stability,
};
use crate::name::{EventName, FieldName};
use crate::pattern::Pattern;
use crate::place::Place;
use crate::shape::{Bounds, Derivation, Field, Mapping, Presence, Record, Text, Type, TypeKind};

pub(super) fn build(tape: &mut Tape) -> Catalog {
    let may_be_personal = tape.once_in(2);
    let mut types = Types::new(tape, may_be_personal);
    let named = types.named().into_iter().map(|named| (named.name.clone(), named)).collect();
    let events = events(&mut types, may_be_personal);
    let mut catalog = Catalog { settings: settings(tape), events, types: named };
    let exceptions: Vec<String> = catalog
        .events
        .keys()
        .map(|name| name.as_str())
        .filter(|name| EventName::parse(name).is_err())
        .map(str::to_owned)
        .collect();
    if !exceptions.is_empty() {
        catalog.settings.names = if tape.once_in(2) { NamePolicy::Any } else { NamePolicy::Except(exceptions) };
    }
    add_samples(&mut catalog, tape);
    catalog
}

fn settings(tape: &mut Tape) -> Settings {
    let level = tape.one_of(&[LintLevel::Allow, LintLevel::Warn]).unwrap_or(LintLevel::Allow);
    let policy = LintPolicy { level, place: Place::NOWHERE };
    // Nothing said is another title: the one that a reader falls back on.
    let title = tape.one_of(&texts::PROSE).filter(|title| !title.is_empty()).unwrap_or("Events");
    let crate_path = ("path".to_owned(), "../../crates/event".to_owned());
    Settings {
        title: title.to_owned(),
        schema_base: "https://events.example.com/schemas".to_owned(),
        npm_name: "@example/events".to_owned(),
        rust: RustPackage { name: "example-events".to_owned(), event_crate: BTreeMap::from([crate_path]) },
        names: NamePolicy::Dotted,
        policy: if tape.once_in(3) { BTreeMap::from([("missing-doc".to_owned(), policy)]) } else { BTreeMap::new() },
    }
}

fn events(types: &mut Types<'_>, may_be_personal: bool) -> BTreeMap<EventName, Event> {
    let mut names = texts::EVENTS.to_vec();
    names.push(texts::OTHER_EVENT);
    let mut events = BTreeMap::new();
    for _ in 0..=types.tape.below(4) {
        let name = types.tape.take(&mut names).and_then(|name| EventName::parse_any_style(name).ok());
        let Some(name) = name else {
            break;
        };
        let event = event(types, name, may_be_personal);
        if types.tape.once_in(4)
            && event.retired.is_none()
            && let Some(second) = second_version(types, &event)
        {
            events.insert(second.name.clone(), second);
        }
        events.insert(event.name.clone(), event);
    }
    add_successors(types.tape, &mut events);
    events
}

/// The event to use instead of a deprecated one is another event of the catalog.
fn add_successors(tape: &mut Tape, events: &mut BTreeMap<EventName, Event>) {
    let names: Vec<EventName> = events.keys().cloned().collect();
    for (name, event) in events {
        let mut others: Vec<&EventName> = names.iter().filter(|other| *other > name).collect();
        if let Some(deprecated) = &mut event.deprecated
            && tape.once_in(2)
        {
            deprecated.successor = tape.take(&mut others).map(EventName::to_string);
        }
    }
}

fn event(types: &mut Types<'_>, name: EventName, may_be_personal: bool) -> Event {
    let audiences = if may_be_personal { &Audience::ALL[..3] } else { &Audience::ALL[..] };
    let mut record = types.payload();
    if types.tape.once_in(4) {
        add_derived(&mut record);
    }
    let is_opaque = types.tape.once_in(12);
    let source = format!("{}/{name}.yaml", name.first_segment());
    Event {
        name,
        owner: types.tape.one_of(&[Some("orders"), None, Some("*/ team")]).flatten().map(str::to_owned),
        audience: types.tape.one_of(audiences).unwrap_or(Audience::Org),
        doc: types.prose(),
        stability: if types.tape.once_in(6) { Stability::Draft } else { Stability::Stable },
        deprecated: types.deprecated(&[]),
        replaces: None,
        retain: if is_opaque { None } else { retain(types.tape, &record) },
        terminal: types.tape.once_in(8),
        max_bytes: if types.tape.once_in(8) { Some(1 << 20) } else { None },
        retired: if types.tape.once_in(16) { retired() } else { None },
        payload: if is_opaque { Payload::Opaque(opaque_schema()) } else { Payload::Record(record) },
        examples: Vec::new(),
        source,
        place: Place::NOWHERE,
    }
}

fn retired() -> Option<Retired> {
    Date::parse("2026-07-01").map(|since| Retired { since, successor: None })
}

fn retain(tape: &mut Tape, record: &Record) -> Option<Retain> {
    let is_key = |field: &&Field| {
        field.is_required() && matches!(field.ty.kind, TypeKind::Text(_) | TypeKind::Integer(_) | TypeKind::Enum(_))
    };
    let key = record.fields.iter().find(is_key);
    match (tape.below(6), key) {
        (4, _) => Some(Retain::Latest),
        (5, Some(key)) => Some(Retain::LatestBy(vec![key.name.clone()])),
        _ => None, // Mostly nothing is kept.
    }
}

/// The inputs of `money` and what it derives. Their names are not among those of other fields.
fn add_derived(record: &mut Record) {
    let names = ["amount", "currency", "displayAmount"].map(FieldName::parse);
    let [Ok(amount), Ok(currency), Ok(display)] = names else {
        return;
    };
    let code = Text { pattern: Pattern::parse("^[A-Z]{3}$").ok(), ..Text::default() };
    let inputs = vec![amount.clone(), currency.clone()];
    let derivation = Derivation { function: "money".to_owned(), inputs, place: Place::NOWHERE };
    record.fields.insert(0, field(currency, Presence::Required, TypeKind::Text(code)));
    record.fields.insert(0, field(amount, Presence::Required, TypeKind::Integer(Bounds::default())));
    record.fields.push(field(display, Presence::Derived(Box::new(derivation)), TypeKind::Text(Text::default())));
}

fn field(name: FieldName, presence: Presence, kind: TypeKind) -> Field {
    Field {
        name,
        presence,
        ty: Type { kind, place: Place::NOWHERE },
        doc: None,
        example: None,
        deprecated: None,
        pii: false,
        default: None,
        mapping: None,
        place: Place::NOWHERE,
    }
}

/// The next version: the same fields, each filled from the one of its name, and one more with a constant.
fn second_version(types: &mut Types<'_>, first: &Event) -> Option<Event> {
    let Payload::Record(record) = &first.payload else {
        return None;
    };
    let mut record = record.clone();
    for field in record.fields.iter_mut().filter(|field| !field.is_derived()) {
        field.mapping = Some(Box::new(Mapping::From(field.name.clone())));
    }
    let presence = if types.tape.once_in(2) { Presence::Optional } else { Presence::Required };
    let at = match presence {
        Presence::Required => 0,
        Presence::Optional | Presence::Derived(_) => record.fields.iter().filter(|field| !field.is_derived()).count(),
    };
    let mut added = field(FieldName::parse("addedLater").ok()?, presence, TypeKind::Boolean);
    added.mapping = Some(Box::new(Mapping::Value(true.into())));
    record.fields.insert(at, added);
    let name = first.name.next_version();
    let source = format!("{}/{name}.yaml", name.first_segment());
    let payload = Payload::Record(record);
    Some(Event { name, source, payload, replaces: Some(first.name.clone()), ..first.clone() })
}

/// Examples of events, and of some fields with defaults: they need the whole catalog to be made.
fn add_samples(catalog: &mut Catalog, tape: &mut Tape) {
    let types = Catalog { types: catalog.types.clone(), ..Catalog::default() };
    for event in catalog.events.values_mut() {
        for _ in 0..=tape.below(2) {
            let sample = Sampler::of_examples(&types, tape).payload(&event.payload);
            event.examples.extend(sample.map(|value| Example { value, place: Place::NOWHERE, parts: BTreeMap::new() }));
        }
        let Payload::Record(record) = &mut event.payload else {
            continue;
        };
        for field in record.fields.iter_mut().filter(|field| !field.is_derived()) {
            if tape.once_in(6) {
                field.example = Sampler::of_examples(&types, tape).ty(&field.ty).map(Box::new);
            }
            if tape.once_in(6) && matches!(field.presence, Presence::Optional) {
                field.default = Sampler::of_examples(&types, tape).ty(&field.ty).map(Box::new);
            }
        }
    }
}
