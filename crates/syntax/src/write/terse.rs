//! From the explicit form to the short one: `OrderId` for `{ type: OrderId }`, `paid:` for `{ paid: {} }`.

use serde_json::{Map, Value};

use crate::write::yaml::Node;

type Members = Map<String, Value>;

/// A contract: every section on lines of its own.
pub(super) fn event(members: &Members) -> Node {
    let needs_fields = !members.contains_key("optional") && !members.contains_key("retired");
    let entries = members.iter().filter(|(key, value)| *key != "fields" || needs_fields || !is_empty(value));
    Node::block(entries.map(|(key, value)| {
        let node = match (key.as_str(), value) {
            ("fields" | "optional" | "derived", Value::Object(fields)) => section(fields, true),
            ("deprecated", value) => deprecated(value),
            ("examples", Value::Array(examples)) => Node::block_list(examples.iter().map(Node::of)),
            (_, value) => Node::of(value),
        };
        (key.clone(), node)
    }))
}

/// A type with whatever stands beside it.
pub(super) fn ty(members: &Members) -> Node {
    if let Some(word) = spelled(members) {
        return Node::Text(word);
    }
    let needs_fields = !members.contains_key("optional");
    let entries = members.iter().filter(|(key, value)| *key != "fields" || needs_fields || !is_empty(value));
    let entries: Vec<(String, Node)> = entries
        .map(|(key, value)| {
            let node = match (key.as_str(), value) {
                ("list" | "map" | "nullable", Value::Object(inner)) => ty(inner),
                ("fields" | "optional" | "derived", Value::Object(fields)) => section(fields, false),
                ("enum", Value::Object(values)) => choice(values),
                ("cases", Value::Object(cases)) => Node::map(cases.iter().map(|(value, of)| (value.clone(), case(of)))),
                ("deprecated", value) => deprecated(value),
                ("min" | "max", Value::Number(limit)) => bound(&limit.to_string()),
                (_, value) => Node::of(value),
            };
            (key.clone(), node)
        })
        .collect();
    let generic = entries.iter().position(|(key, _)| matches!(key.as_str(), "list" | "map" | "nullable"));
    match generic.map(|at| (at, &entries[at])) {
        // `list<T>` with something beside it is written `{ type: list<T>, … }`.
        Some((at, (key, Node::Text(inner)))) => {
            let word = ("type".to_owned(), Node::Text(format!("{key}<{inner}>")));
            let mut entries = entries;
            entries[at] = word;
            Node::map(entries)
        }
        _ => Node::map(entries), // An inner type that takes more than a word stays under its key.
    }
}

/// The type in one word, where it has nothing beside it.
fn spelled(members: &Members) -> Option<String> {
    let mut entries = members.iter();
    let (key, value) = entries.next()?;
    if entries.next().is_some() {
        return None;
    }
    match (key.as_str(), value) {
        ("type", Value::String(word)) => Some(word.clone()),
        ("list" | "map" | "nullable", Value::Object(inner)) => Some(format!("{key}<{}>", spelled(inner)?)),
        _ => None, // Every other form needs its key.
    }
}

fn section(fields: &Members, is_block: bool) -> Node {
    let entries = fields.iter().map(|(name, field)| {
        let node = field.as_object().map_or_else(|| Node::of(field), ty);
        (name.clone(), node)
    });
    if is_block && !fields.is_empty() { Node::block(entries) } else { Node::map(entries) }
}

fn choice(values: &Members) -> Node {
    Node::block(values.iter().map(|(value, of)| (value.clone(), enum_value(of))))
}

fn enum_value(value: &Value) -> Node {
    let Value::Object(members) = value else { return Node::of(value) };
    match (members.len(), members.get("doc")) {
        (0, _) => Node::Nothing,
        (1, Some(doc)) => Node::of(doc),
        _ => Node::map(members.iter().map(|(key, value)| {
            let node = if key == "deprecated" { deprecated(value) } else { Node::of(value) };
            (key.clone(), node)
        })),
    }
}

/// A case without fields of its own is its value alone.
fn case(value: &Value) -> Node {
    let Value::Object(members) = value else { return Node::of(value) };
    if members.len() == 1 && members.get("fields").is_some_and(is_empty) {
        return Node::Nothing;
    }
    let mut members = members.clone();
    if members.get("fields").is_some_and(is_empty) {
        members.shift_remove("fields");
    }
    ty(&members)
}

/// A reason alone needs no key.
fn deprecated(value: &Value) -> Node {
    let reason = value.get("reason").and_then(Value::as_str).filter(|reason| !reason.is_empty());
    match (reason, value.as_object()) {
        (Some(reason), Some(members)) if members.len() == 1 => Node::Text(reason.to_owned()),
        _ => Node::of(value),
    }
}

/// A limit means the same with and without a fraction of nothing.
fn bound(text: &str) -> Node {
    Node::Literal(text.strip_suffix(".0").filter(|whole| *whole != "-0").unwrap_or(text).to_owned())
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}
