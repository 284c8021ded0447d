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
    if let Value::Object(object) = &mut schema {
        object.insert("$comment".to_owned(), "Generated from the contracts by growset; do not edit.".into());
    }
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
    list_constants(object);
    if let Some(Value::String(kind)) = object.remove("x-names") {
        complete_names(object, &kind, names);
    }
    // Editors render Markdown only under this key.
    if let Some(description) = object.get("description").filter(|text| text.is_string()).cloned() {
        object.insert("markdownDescription".to_owned(), description);
    }
}

/// Several constants become one list of choices: resting on the key then shows what the key means, not what the one
/// value that happens to stand there means.
fn list_constants(object: &mut Map<String, Value>) {
    let Some(Value::Array(choices)) = object.get("oneOf") else { return };
    let text = |choice: &Value, key: &str| choice.get(key).and_then(Value::as_str).map(str::to_owned);
    let constants: Option<Vec<String>> = choices.iter().map(|choice| text(choice, "const")).collect();
    let docs: Vec<String> = choices.iter().map(|choice| text(choice, "description").unwrap_or_default()).collect();
    let Some(constants) = constants else { return };
    object.remove("oneOf");
    object.remove("description");
    choose_from(object, &constants, &docs);
}

fn choose_from(object: &mut Map<String, Value>, values: &[String], docs: &[String]) {
    object.insert("type".to_owned(), "string".into());
    object.insert("enum".to_owned(), values.into());
    object.insert("enumDescriptions".to_owned(), docs.into());
    object.insert("markdownEnumDescriptions".to_owned(), docs.into());
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
    let (values, docs): (Vec<String>, Vec<String>) = known.iter().cloned().unzip();
    if values.is_empty() {
        return; // An empty list of choices would be no schema.
    }
    if kind != "types" {
        choose_from(object, &values, &docs);
        return;
    }
    let mut listed = Map::new();
    choose_from(&mut listed, &values, &docs);
    object.remove("type");
    let generic = format!("^({})<.+>$", GENERICS.join("|"));
    let snippets: Vec<Value> = GENERICS
        .iter()
        .map(|generic| json!({ "label": format!("{generic}<…>"), "body": format!("{generic}<${{1:string}}>") }))
        .collect();
    let message = "A built-in type, a type of the catalog, or `list<…>`, `map<…>`, `nullable<…>` around one.";
    let around =
        json!({ "type": "string", "pattern": generic, "patternErrorMessage": message, "defaultSnippets": snippets });
    object.insert("anyOf".to_owned(), json!([listed, around]));
}
