//! What schemars cannot know: the catalog's names, and what editors read beside JSON Schema.

use growset_model::Catalog;
use serde_json::{Map, Value, json};

use crate::lower::{GENERICS, LEAVES};

/// Names to complete, each with what it means.
pub(super) struct Names {
    types: Vec<(String, String)>,
    events: Vec<(String, String)>,
}

impl Names {
    /// The catalog's own names, after the built-in types.
    pub(super) fn of(catalog: &Catalog) -> Self {
        let built_in = LEAVES.iter().map(|leaf| ((*leaf).to_owned(), meaning_of(leaf).to_owned()));
        let named = catalog.types.values().map(|named| (named.name.to_string(), doc_or_empty(named.doc.as_ref())));
        let events = catalog.events.values().map(|event| (event.name.to_string(), doc_or_empty(event.doc.as_ref())));
        Self { types: built_in.chain(named).collect(), events: events.collect() }
    }
}

fn doc_or_empty(doc: Option<&String>) -> String {
    doc.cloned().unwrap_or_default()
}

fn meaning_of(leaf: &str) -> &'static str {
    match leaf {
        "string" => "Any text.",
        "boolean" => "`true` or `false`.",
        "integer" => "A whole number that JavaScript holds exactly, within ±(2^53 - 1).",
        "number" => "A finite number.",
        "decimal" => "Decimal digits in a string, lossless: `\"12.50\"`.",
        "timestamp" => "A moment with offset: `\"2027-01-31T12:00:00Z\"`.",
        "date" => "A day: `\"2027-01-31\"`.",
        "uuid" => "A UUID in the 8-4-4-4-12 form.",
        "uri" => "A URI with its scheme.",
        "email" => "An e-mail address.",
        _ => "Anything that JSON can say.", // `json`, the last of the built-in types.
    }
}

/// Fits a generated schema to editors and to the catalog.
pub(super) fn adapt(mut schema: Value, names: &Names) -> Value {
    adapt_node(&mut schema, names);
    schema
}

fn adapt_node(node: &mut Value, names: &Names) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(|item| adapt_node(item, names)),
        Value::Object(object) => adapt_object(object, names),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn adapt_object(object: &mut Map<String, Value>, names: &Names) {
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        // One by one: a property that is called `description` or `type` is no keyword.
        for property in properties.values_mut() {
            remove_null(property);
            adapt_node(property, names);
        }
    }
    let inner =
        object.iter_mut().filter(|(key, _)| !matches!(key.as_str(), "properties" | "defaultSnippets" | "required"));
    inner.for_each(|(_, value)| adapt_node(value, names));
    if let Some(Value::String(kind)) = object.remove("x-names") {
        complete_names(object, &kind, names);
    }
    // Editors render Markdown only under this key.
    if let Some(description) = object.get("description").filter(|text| text.is_string()).cloned() {
        object.insert("markdownDescription".to_owned(), description);
    }
}

/// An optional key is left out, not null.
fn remove_null(property: &mut Value) {
    let Value::Object(object) = property else { return };
    if let Some(Value::Array(kinds)) = object.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = object.get("anyOf")
        && let [Value::Object(choice), null] = choices.as_slice()
        && null == &json!({ "type": "null" })
    {
        let choice = choice.clone();
        object.remove("anyOf");
        for (key, value) in choice {
            object.entry(key).or_insert(value);
        }
    }
}

fn complete_names(object: &mut Map<String, Value>, kind: &str, names: &Names) {
    let known = if kind == "types" { &names.types } else { &names.events };
    let (values, docs): (Vec<&str>, Vec<&str>) = known.iter().map(|(name, doc)| (name.as_str(), doc.as_str())).unzip();
    let listed =
        json!({ "type": "string", "enum": values, "enumDescriptions": docs, "markdownEnumDescriptions": docs });
    object.remove("type");
    let choices = if kind == "types" {
        let generic = format!("^({})<.+>$", GENERICS.join("|"));
        let snippets: Vec<Value> = GENERICS
            .iter()
            .map(|generic| json!({ "label": format!("{generic}<…>"), "body": format!("{generic}<${{1:string}}>") }))
            .collect();
        let message = "A built-in type, a type of the catalog, or `list<…>`, `map<…>`, `nullable<…>` around one.";
        json!([listed, { "type": "string", "pattern": generic, "patternErrorMessage": message, "defaultSnippets": snippets }])
    } else {
        json!([listed])
    };
    object.insert("anyOf".to_owned(), choices);
}
