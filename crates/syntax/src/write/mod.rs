//! Contracts as YAML, as terse as a person would write them: what a command makes, a person goes on with.
//!
//! Goes by the serialised form of the model, so that what is written is what is read back.

mod rewrite;
mod terse;
mod yaml;

use growset_model::{Catalog, Event, NamedType, serial};
use serde_json::{Map, Value};

/// The contract of an event.
pub fn write_event(event: &Event) -> String {
    yaml::document(&node_of(event))
}

/// The text of one contract, made to be that of another: what both say stays as it is spelled, comments included. What
/// is spelled in a strange way may come out wrong; read it back before it is kept. Nothing for a text that is no mapping.
pub fn rewrite_event(text: &str, before: &Event, after: &Event) -> Option<String> {
    rewrite::rewrite(text, &node_of(before), &node_of(after))
}

fn node_of(event: &Event) -> yaml::Node {
    let mut members = Map::from_iter([("event".to_owned(), Value::from(event.name.as_str()))]);
    if let Value::Object(written) = serial::event_to_json(event) {
        members.extend(written);
    }
    members.shift_remove("source");
    terse::event(&members)
}

/// A file of types.
pub fn write_types<'a>(types: impl IntoIterator<Item = &'a NamedType>) -> String {
    let entries = types.into_iter().map(|named| (named.name.to_string(), named_type(named)));
    yaml::document(&yaml::Node::block([("types".to_owned(), yaml::Node::block(entries))]))
}

/// One entry of a file of types, indented as it stands there.
pub fn write_type_entry(named: &NamedType) -> String {
    let document = write_types([named]);
    document.split_once('\n').map(|(_, entry)| entry.to_owned()).unwrap_or_default()
}

/// `growset.yaml`.
pub fn write_settings(catalog: &Catalog) -> String {
    let settings = Catalog { settings: catalog.settings.clone(), ..Catalog::default() };
    let mut members = serial::to_json(&settings).as_object().cloned().unwrap_or_default();
    members.shift_remove("types");
    members.shift_remove("events");
    yaml::document(&yaml::Node::block(members.iter().map(|(key, value)| (key.clone(), yaml::Node::of(value)))))
}

fn named_type(named: &NamedType) -> yaml::Node {
    match serial::type_to_json(named) {
        Value::Object(members) => terse::ty(&members),
        other => yaml::Node::of(&other), // A named type is an object; anything else is shown as it is.
    }
}
