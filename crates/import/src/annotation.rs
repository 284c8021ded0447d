//! What a schema says beside its assertions: what it means, what it looks like, that it should not be used any more.

use growset_model::{Date, Deprecated};
use serde_json::{Map, Value};

/// Keywords that assert nothing, in schemas of every kind.
pub(crate) const ANNOTATIONS: [&str; 13] = [
    "title",
    "description",
    "default",
    "examples",
    "example",
    "deprecated",
    "$comment",
    "readOnly",
    "writeOnly",
    "$defs",
    "definitions",
    "self",
    "externalDocs",
];

/// The annotations that contracts have a word for.
#[derive(Debug, Default)]
pub(crate) struct Annotations {
    pub doc: Option<String>,
    pub example: Option<Value>,
    pub deprecated: Option<Deprecated>,
    pub pii: bool,
}

/// Reads the annotations of a schema. A title that neither its name nor its description repeats is put before it.
pub(crate) fn of(schema: &Value, called: &str) -> Annotations {
    let Some(members) = schema.as_object() else { return Annotations::default() };
    let example = members.get("examples").and_then(Value::as_array).and_then(|examples| examples.first());
    Annotations {
        doc: doc(members, called),
        example: example.or_else(|| members.get("example")).cloned(),
        deprecated: deprecated(members),
        pii: members.get("x-growset-pii").is_some_and(|pii| *pii == Value::Bool(true)),
    }
}

/// The description; the title where there is none. Many tools make titles of names, which say nothing: `Order Id`.
pub(crate) fn doc(members: &Map<String, Value>, called: &str) -> Option<String> {
    let text = |key: &str| members.get(key).and_then(Value::as_str);
    let says_more = |title: &&str| !title.trim().is_empty() && !is_name(title, called);
    match (text("title").filter(says_more), text("description")) {
        (Some(title), Some(description)) if !is_told(title, description) && !is_ours(members) => {
            Some(format!("{}: {description}", title.trim()))
        }
        (_, Some(description)) => Some(description.to_owned()),
        (Some(title), None) if !is_ours(members) => Some(title.to_owned()),
        (_, None) => None,
    }
}

/// What the description of an API says of a message.
pub(crate) fn of_message(message: &Value) -> Option<String> {
    let text = |key: &str| message.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    text("description").or(text("summary")).or(text("title")).map(str::to_owned)
}

/// Reads `deprecated` and what we write beside it.
pub(crate) fn deprecated(members: &Map<String, Value>) -> Option<Deprecated> {
    let details = members.get("x-growset-deprecated");
    let is_deprecated = members.get("deprecated").is_some_and(|value| *value == Value::Bool(true));
    let text = |key: &str| details.and_then(|details| details.get(key)).and_then(Value::as_str);
    is_deprecated.then(|| Deprecated {
        successor: text("use").map(str::to_owned),
        sunset: text("sunset").and_then(Date::parse),
        reason: text("reason").map(str::to_owned),
        ..Deprecated::default()
    })
}

/// Written by `generate`: there a title is a name, not a word on the meaning.
fn is_ours(members: &Map<String, Value>) -> bool {
    members.contains_key("x-growset-event")
}

fn is_name(title: &str, name: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    letters(title) == letters(name)
}

fn is_told(title: &str, description: &str) -> bool {
    description.to_lowercase().contains(&title.trim().to_lowercase())
}
