//! Catalog to JSON.

use serde_json::{Map, Value};

use crate::catalog::{Audience, Catalog, Deprecated, Event, NamePolicy, Payload, Retain, Retired, Settings, Stability};
use crate::name::FieldName;
use crate::released::Released;
use crate::serial::FORMAT_VERSION;
use crate::shape::{
    Bounds, Case, Derivation, Enum, EnumValue, Field, List, Mapping, NamedType, Presence, Record, Text, Type, TypeKind,
    Union,
};

pub(super) fn catalog(catalog: &Catalog) -> Value {
    let mut object = Object::default();
    object.set("growset", FORMAT_VERSION);
    settings(&catalog.settings, &mut object);
    let types = catalog.types.iter().map(|(name, named)| (name.to_string(), named_type(named)));
    object.set("types", types.collect::<Map<_, _>>());
    let events = catalog.events.iter().map(|(name, written)| (name.to_string(), event(written)));
    object.set("events", events.collect::<Map<_, _>>());
    object.finish()
}

pub(super) fn released(released: &Released) -> Value {
    let events = released.events.iter().map(|(name, shapes)| {
        let mut object = Object::default();
        object.set("shapes", shapes.standing.iter().cloned().collect::<Vec<_>>());
        object.set_unless(shapes.broken.is_empty(), "broken", shapes.broken.iter().cloned().collect::<Vec<_>>());
        (name.to_string(), object.finish())
    });
    events.collect::<Map<_, _>>().into()
}

fn settings(settings: &Settings, object: &mut Object) {
    object.set("title", settings.title.as_str());
    object.set("schema_base", settings.schema_base.as_str());
    let mut npm = Object::default();
    npm.set("name", settings.npm_name.as_str());
    object.set("npm", npm.finish());
    let mut rust = Object::default();
    rust.set("name", settings.rust.name.as_str());
    let event_crate: Map<String, Value> =
        settings.rust.event_crate.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
    rust.set_unless(event_crate.is_empty(), "event_crate", event_crate);
    object.set("rust", rust.finish());
    match &settings.names {
        NamePolicy::Dotted => {}
        NamePolicy::Except(names) => object.set("names", Map::from_iter([("any".to_owned(), names.clone().into())])),
        NamePolicy::Any => object.set("names", "any"),
    }
    let policy: Map<String, Value> =
        settings.policy.iter().map(|(rule, policy)| (rule.clone(), policy.level.as_str().into())).collect();
    object.set_unless(policy.is_empty(), "policy", policy);
}

pub(super) fn event(event: &Event) -> Value {
    let mut object = Object::default();
    object.set("source", event.source.as_str());
    object.set_some("owner", event.owner.as_deref());
    object.set("audience", Audience::as_str(event.audience));
    object.set_some("doc", event.doc.as_deref());
    object.set_unless(event.stability == Stability::default(), "stability", event.stability.as_str());
    object.set_some("deprecated", event.deprecated.as_ref().map(deprecated));
    object.set_some("replaces", event.replaces.as_ref().map(|name| name.as_str()));
    object.set_some("retain", event.retain.as_ref().map(retain));
    object.set_unless(!event.terminal, "terminal", event.terminal);
    object.set_some("max_bytes", event.max_bytes);
    object.set_some("retired", event.retired.as_ref().map(retired));
    match &event.payload {
        Payload::Record(fields) => record(fields, &mut object),
        Payload::Opaque(schema) => object.set("json_schema", schema.clone()),
    }
    let examples: Vec<Value> = event.examples.iter().map(|example| example.value.clone()).collect();
    object.set_unless(examples.is_empty(), "examples", examples);
    object.finish()
}

fn deprecated(deprecated: &Deprecated) -> Value {
    let mut object = Object::default();
    object.set_some("use", deprecated.successor.as_deref());
    object.set_some("sunset", deprecated.sunset.map(|date| date.to_string()));
    object.set_some("reason", deprecated.reason.as_deref());
    object.finish()
}

fn retain(retain: &Retain) -> Value {
    match retain {
        Retain::Latest => "latest".into(),
        Retain::LatestBy(fields) => Map::from_iter([("latest_by".to_owned(), names(fields))]).into(),
    }
}

fn retired(retired: &Retired) -> Value {
    let mut object = Object::default();
    object.set("since", retired.since.to_string());
    object.set_some("use", retired.successor.as_ref().map(|name| name.as_str()));
    object.finish()
}

pub(super) fn named_type(named: &NamedType) -> Value {
    let mut object = Object::default();
    ty(&named.ty, &mut object);
    let was: Vec<&str> = named.was.iter().map(|name| name.as_str()).collect();
    object.set_unless(was.is_empty(), "was", was);
    object.set_some("doc", named.doc.as_deref());
    object.set_some("example", named.example.clone());
    object.set_some("deprecated", named.deprecated.as_ref().map(deprecated));
    object.set_unless(!named.pii, "pii", named.pii);
    object.finish()
}

fn ty(ty: &Type, object: &mut Object) {
    match &ty.kind {
        TypeKind::Text(kind) => text(kind, object),
        TypeKind::Format(format) => object.set("type", format.as_str()),
        TypeKind::Boolean => object.set("type", "boolean"),
        TypeKind::Integer(limits) => {
            object.set("type", "integer");
            bounds(limits, object);
        }
        TypeKind::Number(limits) => {
            object.set("type", "number");
            bounds(limits, object);
        }
        TypeKind::Json => object.set("type", "json"),
        TypeKind::List(kind) => list(kind, object),
        TypeKind::Map(values) => object.set("map", alone(values)),
        TypeKind::Nullable(inner) => object.set("nullable", alone(inner)),
        TypeKind::Named(name) => object.set("type", name.as_str()),
        TypeKind::Enum(kind) => choice(kind, object),
        TypeKind::Record(kind) => record(kind, object),
        TypeKind::Union(kind) => union(kind, object),
        TypeKind::Opaque(schema) => object.set("json_schema", schema.clone()),
    }
}

/// A type with nothing beside it.
fn alone(inner: &Type) -> Value {
    let mut object = Object::default();
    ty(inner, &mut object);
    object.finish()
}

fn text(text: &Text, object: &mut Object) {
    object.set("type", "string");
    object.set_some("min_length", text.min_length);
    object.set_some("max_length", text.max_length);
    object.set_some("pattern", text.pattern.as_ref().map(|pattern| pattern.source()));
}

fn bounds<N: Copy + Into<Value>>(bounds: &Bounds<N>, object: &mut Object) {
    object.set_some("min", bounds.min);
    object.set_some("max", bounds.max);
}

fn list(list: &List, object: &mut Object) {
    object.set("list", alone(&list.items));
    object.set_some("min_items", list.min_items);
    object.set_some("max_items", list.max_items);
    object.set_unless(!list.unique, "unique", list.unique);
}

fn choice(choice: &Enum, object: &mut Object) {
    let values = choice.values.iter().map(|value| (value.value.clone(), enum_value(value)));
    object.set("enum", values.collect::<Map<_, _>>());
    object.set_unless(!choice.closed, "closed", choice.closed);
}

fn enum_value(value: &EnumValue) -> Value {
    let mut object = Object::default();
    object.set_some("doc", value.doc.as_deref());
    object.set_some("deprecated", value.deprecated.as_ref().map(deprecated));
    object.finish()
}

fn union(union: &Union, object: &mut Object) {
    object.set("union", union.tag.as_str());
    let cases = union.cases.iter().map(|written| (written.value.clone(), case(written)));
    object.set("cases", cases.collect::<Map<_, _>>());
    object.set_unless(!union.closed, "closed", union.closed);
}

fn case(case: &Case) -> Value {
    let mut object = Object::default();
    object.set_some("doc", case.doc.as_deref());
    object.set_some("deprecated", case.deprecated.as_ref().map(deprecated));
    record(&case.record, &mut object);
    object.finish()
}

/// `fields` is always written, so that a record is told from every other kind of type.
fn record(record: &Record, object: &mut Object) {
    let [mut required, mut optional, mut derived] = [Map::new(), Map::new(), Map::new()];
    for written in &record.fields {
        let (section, derivation) = match &written.presence {
            Presence::Required => (&mut required, None),
            Presence::Optional => (&mut optional, None),
            Presence::Derived(derivation) => (&mut derived, Some(&**derivation)),
        };
        section.insert(written.name.to_string(), field(written, derivation));
    }
    object.set("fields", required);
    object.set_unless(optional.is_empty(), "optional", optional);
    object.set_unless(derived.is_empty(), "derived", derived);
}

fn field(field: &Field, derivation: Option<&Derivation>) -> Value {
    let mut object = Object::default();
    ty(&field.ty, &mut object);
    object.set_some("doc", field.doc.as_deref());
    object.set_some("example", field.example.as_deref().cloned());
    object.set_some("deprecated", field.deprecated.as_deref().map(deprecated));
    object.set_unless(!field.pii, "pii", field.pii);
    object.set_some("default", field.default.as_deref().cloned());
    match (derivation, field.mapping.as_deref()) {
        (Some(derivation), _) => {
            object.set("from", Map::from_iter([(derivation.function.clone(), names(&derivation.inputs))]));
        }
        (None, Some(Mapping::From(name))) => object.set("from", name.as_str()),
        (None, Some(Mapping::Value(value))) => object.set("from_value", value.clone()),
        (None, None) => {}
    }
    object.finish()
}

fn names(fields: &[FieldName]) -> Value {
    fields.iter().map(|field| field.as_str()).collect()
}

/// A JSON object that leaves defaults out.
#[derive(Default)]
struct Object {
    members: Map<String, Value>,
}

impl Object {
    fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.members.insert(key.to_owned(), value.into());
    }

    fn set_some(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }

    fn set_unless(&mut self, is_default: bool, key: &str, value: impl Into<Value>) {
        if !is_default {
            self.set(key, value);
        }
    }

    fn finish(self) -> Value {
        Value::Object(self.members)
    }
}
