//! What a payload or a shared type is made of, line by line: a field, or a case that the fields below it belong to.

use growset_model::{Catalog, Deprecated, Enum, Field, NamedType, Presence, Record, Type, TypeKind, Union};

use super::text::Text;
use crate::escape::json;
use crate::targets::words::{PLAIN, first_sentence, sentence};

/// One line of a table.
pub(super) enum Line {
    /// What the fields below it depend on.
    Case { tag: Text, value: Text, doc: Option<Text>, deprecated: Option<Ending> },
    /// A case of an open union that is yet to come.
    Later { tag: Text },
    /// A field.
    Field(Row),
}

/// A field.
pub(super) struct Row {
    /// `busiest[].sellerName`.
    pub(super) path: Text,
    pub(super) ty: Words,
    pub(super) present: &'static str,
    pub(super) doc: Option<Text>,
    pub(super) notes: Vec<Text>,
    pub(super) values: Vec<Choice>,
    pub(super) deprecated: Option<Ending>,
}

/// A type in words, with the one named type in it that can be followed.
pub(super) struct Words {
    pub(super) before: String,
    pub(super) link: Option<Text>,
    pub(super) after: String,
}

/// A value of an enum.
pub(super) struct Choice {
    pub(super) value: Text,
    pub(super) doc: Option<Text>,
    pub(super) deprecated: Option<Ending>,
}

/// Why something should not be used any more, and until when it may be.
pub(super) struct Ending {
    pub(super) reason: Option<Text>,
    pub(super) successor: Option<Text>,
    pub(super) sunset: Option<String>,
}

/// A shared type, as the page of an event tells of it.
pub(super) struct Shared {
    pub(super) name: Text,
    pub(super) words: Words,
    pub(super) doc: Option<Text>,
    pub(super) notes: Vec<Text>,
    pub(super) example: Option<Text>,
    pub(super) deprecated: Option<Ending>,
    pub(super) values: Vec<Choice>,
    pub(super) lines: Vec<Line>,
}

impl Ending {
    pub(super) fn of(deprecated: Option<&Deprecated>) -> Option<Self> {
        deprecated.map(|deprecated| Self {
            reason: deprecated.reason.as_deref().map(|reason| Text::new(&sentence(reason))),
            successor: Text::some(deprecated.successor.as_deref()),
            sunset: deprecated.sunset.map(|date| date.to_string()),
        })
    }
}

/// The lines of a record.
pub(super) fn of_record(catalog: &Catalog, record: &Record) -> Vec<Line> {
    let mut lines = Vec::new();
    push_record(catalog, "", record, &mut lines);
    lines
}

/// A shared type with everything inside it.
pub(super) fn of_type(catalog: &Catalog, named: &NamedType) -> Shared {
    let mut lines = Vec::new();
    push_inside(catalog, "", &named.ty, &mut lines);
    Shared {
        name: Text::new(named.name.as_str()),
        words: words(&named.ty),
        doc: Text::some(named.doc.as_deref()),
        notes: notes(&named.ty, named.pii),
        example: named.example.as_ref().map(|example| Text::new(&json::one_line(example))),
        deprecated: Ending::of(named.deprecated.as_ref()),
        values: values(&named.ty),
        lines,
    }
}

/// `path` leads to the record and ends in a dot, unless it is empty.
fn push_record(catalog: &Catalog, path: &str, record: &Record, lines: &mut Vec<Line>) {
    for field in &record.fields {
        let path = format!("{path}{}", field.name);
        lines.push(Line::Field(row(catalog, &path, field)));
        push_inside(catalog, &path, &field.ty, lines);
    }
}

fn push_inside(catalog: &Catalog, path: &str, ty: &Type, lines: &mut Vec<Line>) {
    let below = if path.is_empty() { String::new() } else { format!("{path}.") };
    match &ty.kind {
        TypeKind::Nullable(inner) => push_inside(catalog, path, inner, lines),
        TypeKind::List(list) => push_inside(catalog, &format!("{path}[]"), &list.items, lines),
        TypeKind::Map(values) => push_inside(catalog, &format!("{below}*"), values, lines),
        TypeKind::Record(record) => push_record(catalog, &below, record, lines),
        TypeKind::Union(union) => push_union(catalog, &below, union, lines),
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

fn push_union(catalog: &Catalog, below: &str, union: &Union, lines: &mut Vec<Line>) {
    let tag = Text::new(&format!("{below}{}", union.tag));
    for case in &union.cases {
        lines.push(Line::Case {
            tag: tag.clone(),
            value: Text::new(&case.value),
            doc: case.doc.as_deref().map(|doc| Text::new(&sentence(doc))),
            deprecated: Ending::of(case.deprecated.as_ref()),
        });
        push_record(catalog, below, &case.record, lines);
    }
    if !union.closed {
        lines.push(Line::Later { tag });
    }
}

fn row(catalog: &Catalog, path: &str, field: &Field) -> Row {
    let mut notes = notes(&field.ty, field.pii);
    if let Presence::Derived(derivation) = &field.presence {
        let inputs: Vec<&str> = derivation.inputs.iter().map(|input| input.as_str()).collect();
        notes.insert(0, Text::new(&format!("The server fills it in from {}.", inputs.join(", "))));
    }
    if let Some(default) = &field.default {
        notes.push(Text::new(&format!("Assume {} when it is absent.", json::one_line(default))));
    }
    // A field that says nothing is told by the named type that it holds.
    let of_type = || match &field.ty.without_null().kind {
        TypeKind::Named(name) => catalog.types.get(name).and_then(|named| named.doc.as_deref()).map(first_sentence),
        _ => None, // Every other type is spelled on the spot.
    };
    Row {
        path: Text::new(path),
        ty: words(&field.ty),
        present: match field.presence {
            Presence::Required => "always",
            Presence::Optional => "optional",
            Presence::Derived(_) => "derived",
        },
        doc: field.doc.as_deref().or_else(of_type).map(|doc| Text::new(&sentence(doc))),
        notes,
        values: values(&field.ty),
        deprecated: Ending::of(field.deprecated.as_deref()),
    }
}

fn notes(ty: &Type, is_personal: bool) -> Vec<Text> {
    let mut notes: Vec<Text> = PLAIN.limits(ty).iter().map(|limit| Text::new(limit)).collect();
    if is_personal {
        notes.push(Text::new("Personal data."));
    }
    notes
}

fn values(ty: &Type) -> Vec<Choice> {
    let TypeKind::Enum(Enum { values, .. }) = &ty.without_null().kind else { return Vec::new() };
    values
        .iter()
        .map(|known| Choice {
            value: Text::new(&known.value),
            doc: Text::some(known.doc.as_deref()),
            deprecated: Ending::of(known.deprecated.as_ref()),
        })
        .collect()
}

fn words(ty: &Type) -> Words {
    let plain = |text: &str| Words { before: text.to_owned(), link: None, after: String::new() };
    match &ty.kind {
        TypeKind::Text(_) => plain("string"),
        TypeKind::Format(format) => plain(format.as_str()),
        TypeKind::Boolean => plain("boolean"),
        TypeKind::Integer(_) => plain("integer"),
        TypeKind::Number(_) => plain("number"),
        TypeKind::Json => plain("anything"),
        TypeKind::List(list) => after("list of ", words(&list.items)),
        TypeKind::Map(values) => after("map of ", words(values)),
        TypeKind::Nullable(inner) => {
            let inner = words(inner);
            Words { after: format!("{} or null", inner.after), ..inner }
        }
        TypeKind::Named(name) => {
            Words { before: String::new(), link: Some(Text::new(name.as_str())), after: String::new() }
        }
        TypeKind::Enum(choice) if choice.closed => plain("one of"),
        TypeKind::Enum(_) => plain("one of, or a later value"),
        TypeKind::Record(_) => plain("object"),
        TypeKind::Union(union) => plain(&format!("one of several objects, told apart by {}", union.tag)),
        TypeKind::Opaque(_) => plain("whatever its JSON Schema takes"),
    }
}

fn after(words_before: &str, words: Words) -> Words {
    Words { before: format!("{words_before}{}", words.before), ..words }
}
