//! The three languages of one contract, as plain JSON Schema 2020-12 values.
//!
//! An annotated schema says everything a contract says, in `x-growset-*` where JSON Schema has no word for it. A
//! bare one holds assertions alone, for judges. Both accept the same payloads.

mod annotation;

use serde_json::{Map, Value, json};

use crate::catalog::{Catalog, Event, Payload};
use crate::digest::digest;
use crate::shape::{Bounds, Case, Enum, Field, List, NamedType, Record, Text, TextFormat, Type, TypeKind, Union};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Which promise a schema states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// I: what a publisher may send. Objects closed, enums exactly the listed values, no derived fields.
    Intake,
    /// W: what is streamed, recorded, retained: I plus the derived fields.
    Wire,
    /// R: what a listener must accept. Objects open, open enums widened, derived fields optional.
    Reader,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Intake, Self::Wire, Self::Reader];

    /// What follows the event's name in the schema's file name: `.publish.json` for I, `.json` for R.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Intake => ".publish.json",
            Self::Wire => ".wire.json",
            Self::Reader => ".json",
        }
    }
}

/// The payload schema of one event: bundled and stand-alone, with `$id`, docs, examples and `x-growset-*`.
pub fn payload_schema(catalog: &Catalog, event: &Event, language: Language) -> Value {
    let renderer = Renderer { language, annotated: true };
    let mut root = Map::new();
    root.insert("$schema".into(), DIALECT.into());
    if !catalog.settings.schema_base.is_empty() {
        let id = format!("{}/{}{}", catalog.settings.schema_base, event.name, language.suffix());
        root.insert("$id".into(), id.into());
    }
    annotation::of_event(event, &mut root);
    root.extend(renderer.payload(&event.payload));
    if !event.examples.is_empty() {
        root.insert("examples".into(), event.examples.iter().map(|example| example.value.clone()).collect());
    }
    renderer.add_definitions(catalog.reachable(&event.payload).into_values(), &mut root);
    Value::Object(root)
}

/// The same schema without `$id`, docs and annotations: what a judge needs, and cheaper to compile.
pub fn bare_payload_schema(catalog: &Catalog, event: &Event, language: Language) -> Value {
    let renderer = Renderer { language, annotated: false };
    let mut root = Map::new();
    root.insert("$schema".into(), DIALECT.into());
    root.extend(renderer.payload(&event.payload));
    renderer.add_definitions(catalog.reachable(&event.payload).into_values(), &mut root);
    Value::Object(root)
}

/// The bare schema of one type, for judging an `example`, a `default` or a `from_value`.
pub fn bare_type_schema(catalog: &Catalog, ty: &Type, language: Language) -> Value {
    let renderer = Renderer { language, annotated: false };
    let mut root = Map::new();
    root.insert("$schema".into(), DIALECT.into());
    root.extend(renderer.ty(ty));
    renderer.add_definitions(catalog.reachable_from([ty]).into_values(), &mut root);
    Value::Object(root)
}

struct Renderer {
    language: Language,
    annotated: bool,
}

impl Renderer {
    /// Open objects and widened enums are what a reader promises; everyone else is held to the letter.
    fn is_reader(&self) -> bool {
        self.language == Language::Reader
    }

    fn payload(&self, payload: &Payload) -> Map<String, Value> {
        match payload {
            Payload::Record(record) => self.record(record),
            Payload::Opaque(schema) => opaque(schema),
        }
    }

    fn add_definitions<'a>(&self, types: impl Iterator<Item = &'a NamedType>, root: &mut Map<String, Value>) {
        let definitions: Map<String, Value> = types
            .map(|named| {
                let mut definition = Map::new();
                if self.annotated {
                    annotation::of_named_type(named, &mut definition);
                }
                definition.extend(self.ty(&named.ty));
                (named.name.to_string(), Value::Object(definition))
            })
            .collect();
        if !definitions.is_empty() {
            root.insert("$defs".into(), Value::Object(definitions));
        }
    }

    fn ty(&self, ty: &Type) -> Map<String, Value> {
        match &ty.kind {
            TypeKind::Text(text) => self.text(text),
            TypeKind::Format(format) => self.format(*format),
            TypeKind::Boolean => object(json!({ "type": "boolean" })),
            TypeKind::Integer(bounds) => {
                object(json!({ "type": "integer", "minimum": bounds.least(), "maximum": bounds.greatest() }))
            }
            TypeKind::Number(bounds) => number(bounds),
            TypeKind::Json => Map::new(),
            TypeKind::List(list) => self.list(list),
            TypeKind::Map(values) => typed("object", "additionalProperties", Value::Object(self.ty(values))),
            TypeKind::Nullable(inner) => {
                let choices = vec![Value::Object(self.ty(inner)), json!({ "type": "null" })];
                Map::from_iter([("anyOf".to_owned(), Value::Array(choices))])
            }
            TypeKind::Named(name) => object(json!({ "$ref": format!("#/$defs/{name}") })),
            TypeKind::Enum(choice) => self.choice(choice),
            TypeKind::Record(record) => self.record(record),
            TypeKind::Union(union) => self.union(union),
            TypeKind::Opaque(schema) => opaque(schema),
        }
    }

    fn text(&self, text: &Text) -> Map<String, Value> {
        let mut schema = object(json!({ "type": "string" }));
        insert_some(&mut schema, "minLength", text.min_length);
        insert_some(&mut schema, "maxLength", text.max_length);
        if let Some(pattern) = &text.pattern {
            schema.insert("pattern".into(), pattern.portable().into());
            if self.annotated && pattern.portable() != pattern.source() {
                schema.insert("x-growset-pattern".into(), pattern.source().into());
            }
        }
        schema
    }

    fn format(&self, format: TextFormat) -> Map<String, Value> {
        let mut schema = object(json!({ "type": "string" }));
        insert_some(&mut schema, "format", format.json_schema_format());
        schema.insert("pattern".into(), format.pattern().into());
        if self.annotated {
            schema.insert("x-growset-type".into(), format.as_str().into());
        }
        schema
    }

    fn list(&self, list: &List) -> Map<String, Value> {
        let mut schema = typed("array", "items", Value::Object(self.ty(&list.items)));
        insert_some(&mut schema, "minItems", list.min_items);
        insert_some(&mut schema, "maxItems", list.max_items);
        if list.unique {
            schema.insert("uniqueItems".into(), true.into());
        }
        schema
    }

    fn choice(&self, choice: &Enum) -> Map<String, Value> {
        let mut schema = object(json!({ "type": "string" }));
        if choice.closed || !self.is_reader() {
            schema.insert("enum".into(), choice.values.iter().map(|value| value.value.as_str()).collect());
        }
        if self.annotated {
            annotation::of_enum(choice, &mut schema);
        }
        schema
    }

    fn record(&self, record: &Record) -> Map<String, Value> {
        self.fields(record, Map::new(), Vec::new())
    }

    /// An object schema whose properties and required names start with those given.
    fn fields(
        &self,
        record: &Record,
        mut properties: Map<String, Value>,
        mut required: Vec<Value>,
    ) -> Map<String, Value> {
        let hidden = |field: &&Field| field.is_derived() && self.language == Language::Intake;
        for field in record.fields.iter().filter(|field| !hidden(field)) {
            let mut property = Map::new();
            if self.annotated {
                annotation::of_field(field, &mut property);
            }
            property.extend(self.ty(&field.ty));
            properties.insert(field.name.to_string(), Value::Object(property));
            if field.is_required() {
                required.push(field.name.as_str().into());
            }
        }
        let mut schema = typed("object", "properties", Value::Object(properties));
        if !required.is_empty() {
            schema.insert("required".into(), Value::Array(required));
        }
        if !self.is_reader() {
            schema.insert("additionalProperties".into(), false.into());
        }
        schema
    }

    /// Every case asserts its own tag, so exactly one of them can match. To a reader, an open union has one more
    /// case: any other string as the tag, with anything beside it.
    fn union(&self, union: &Union) -> Map<String, Value> {
        let mut cases: Vec<Value> = union.cases.iter().map(|case| self.case(union, case)).collect();
        if self.is_reader() && !union.closed {
            let known: Vec<&str> = union.cases.iter().map(|case| case.value.as_str()).collect();
            let tag = json!({ "type": "string", "not": { "enum": known } });
            cases.push(json!({ "type": "object", "properties": { union.tag.as_str(): tag }, "required": [union.tag.as_str()] }));
        }
        let mut schema = typed("object", "oneOf", Value::Array(cases));
        if self.annotated {
            annotation::of_union(union, &mut schema);
        }
        schema
    }

    fn case(&self, union: &Union, case: &Case) -> Value {
        let mut schema = Map::new();
        if self.annotated {
            annotation::of_case(case, &mut schema);
        }
        let tag = Map::from_iter([(union.tag.to_string(), json!({ "const": case.value }))]);
        schema.extend(self.fields(&case.record, tag, vec![union.tag.as_str().into()]));
        Value::Object(schema)
    }
}

fn number(bounds: &Bounds<f64>) -> Map<String, Value> {
    let mut schema = object(json!({ "type": "number" }));
    insert_some(&mut schema, "minimum", bounds.min);
    insert_some(&mut schema, "maximum", bounds.max);
    schema
}

/// A schema that is carried whole becomes a resource of its own, so that its references to `#/…` still find their
/// targets where it is embedded (JSON Schema core 2020-12, section 9.3).
fn opaque(schema: &Value) -> Map<String, Value> {
    let mut resource = match schema {
        Value::Object(keywords) => keywords.clone(),
        Value::Bool(false) => object(json!({ "not": {} })),
        _ => Map::new(), // `true`; the reader of contracts lets nothing else in.
    };
    if !resource.contains_key("$id") {
        resource.insert("$id".into(), format!("urn:growset:opaque:{}", digest(schema)).into());
    }
    object(json!({ "x-growset-opaque": true, "allOf": [resource] }))
}

/// A schema of a type and one keyword. Not `json!`, which would copy the keyword's value by way of serde, at every depth
/// again.
fn typed(ty: &str, keyword: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), ty.into()), (keyword.to_owned(), value)])
}

fn insert_some(schema: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        schema.insert(key.to_owned(), value.into());
    }
}

/// The members of an object literal.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(), // Every call hands over an object literal.
    }
}
