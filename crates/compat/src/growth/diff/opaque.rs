//! Whether two JSON Schemas that are carried whole differ in nothing but what no judge looks at.
//!
//! Sound before complete: what is not known to mean nothing is a difference. An answer of `true` is a proof that both
//! take the same values.

use serde_json::{Map, Value};

/// Annotations that only people read (2020-12, core 8.3 and validation 9). Not `default`, which listeners may assume.
const FOR_PEOPLE: [&str; 4] = ["title", "description", "examples", "$comment"];

/// One schema stands under each of these.
const ONE: [&str; 11] = [
    "not",
    "if",
    "then",
    "else",
    "items",
    "contains",
    "propertyNames",
    "additionalProperties",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];

/// A list of schemas, in an order that references may count on.
const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];

/// Schemas by name.
const BY_NAME: [&str; 5] = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"];

/// Lists whose order means nothing.
const SETS: [&str; 3] = ["type", "enum", "required"];

/// Names by which a reference finds something, wherever it stands: even inside an annotation.
const ANCHORS: [&str; 5] = ["$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef"];

/// Whether both take the same values because they say the same.
pub(in crate::growth) fn same_meaning(old: &Value, new: &Value) -> bool {
    old == new || (is_plain(old) && is_plain(new) && bare(old) == bare(new))
}

/// Every reference in it leads from the root to a schema by keywords that are known here.
fn is_plain(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members.iter().all(|(key, value)| match (key.as_str(), value) {
            ("$ref", Value::String(target)) => leads_to_schema(target),
            (key, _) if ANCHORS.contains(&key) => false,
            (_, value) => is_plain(value),
        }),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

fn leads_to_schema(target: &str) -> bool {
    let Some(pointer) = target.strip_prefix('#') else { return false };
    let mut segments = pointer.split('/').skip(1);
    while let Some(keyword) = segments.next() {
        let is_known = if ONE.contains(&keyword) {
            true
        } else {
            (LISTS.contains(&keyword) || BY_NAME.contains(&keyword)) && segments.next().is_some()
        };
        if !is_known {
            return false;
        }
    }
    pointer.is_empty() || pointer.starts_with('/')
}

/// The schema without what only people read, its sets in order.
fn bare(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return schema.clone();
    };
    let said = members.iter().filter(|(key, _)| !FOR_PEOPLE.contains(&key.as_str()));
    let said: Map<String, Value> = said.map(|(key, value)| (key.clone(), bare_member(key, value))).collect();
    Value::Object(said)
}

fn bare_member(key: &str, value: &Value) -> Value {
    match value {
        Value::Array(schemas) if LISTS.contains(&key) => schemas.iter().map(bare).collect(),
        Value::Array(values) if SETS.contains(&key) => {
            let mut values = values.clone();
            values.sort_by_cached_key(Value::to_string);
            Value::Array(values)
        }
        Value::Object(schemas) if BY_NAME.contains(&key) => {
            schemas.iter().map(|(name, schema)| (name.clone(), bare(schema))).collect()
        }
        schema if ONE.contains(&key) => bare(schema),
        value => value.clone(), // Data, or a keyword that nothing is known of.
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_only_people_read_and_the_order_of_sets_mean_nothing() {
        let old = json!({
            "title": "Old", "type": ["object", "null"], "required": ["a", "b"],
            "properties": { "a": { "type": "string", "description": "Old." }, "title": { "enum": [1, 2] } },
            "allOf": [{ "$ref": "#/$defs/A" }], "$defs": { "A": { "$comment": "Old." } },
        });
        let new = json!({
            "$defs": { "A": {} }, "allOf": [{ "$ref": "#/$defs/A" }], "examples": [{}],
            "properties": { "title": { "enum": [2, 1] }, "a": { "type": "string" } },
            "required": ["b", "a"], "type": ["null", "object"],
        });
        assert!(same_meaning(&old, &new) && same_meaning(&new, &old));
    }

    #[test]
    fn whatever_may_mean_something_is_a_difference() {
        let differences = [
            (json!({ "properties": { "title": {} } }), json!({ "properties": {} }), "a member called title"),
            (json!({ "const": { "title": 1 } }), json!({ "const": {} }), "data"),
            (json!({ "enum": [{ "title": 1 }] }), json!({ "enum": [{}] }), "data in an enum"),
            (json!({ "default": 1 }), json!({ "default": 2 }), "what listeners assume"),
            (json!({ "prefixItems": [true, {}] }), json!({ "prefixItems": [{}, true] }), "an order that counts"),
            (json!({ "dependencies": { "a": ["b", "c"] } }), json!({ "dependencies": { "a": ["c", "b"] } }), "unknown"),
            (
                json!({ "$ref": "#/examples/0", "examples": [false] }),
                json!({ "$ref": "#/examples/0", "examples": [true] }),
                "an example that is referred to",
            ),
            (
                json!({ "$ref": "#a", "examples": [{ "$anchor": "a", "not": {} }] }),
                json!({ "$ref": "#a", "examples": [{ "$anchor": "a" }] }),
                "an example that is found by its name",
            ),
            (
                json!({ "$ref": "#/enum/0", "enum": [{}, false] }),
                json!({ "$ref": "#/enum/0", "enum": [false, {}] }),
                "a set by its order",
            ),
        ];
        for (old, new, what) in differences {
            assert!(!same_meaning(&old, &new) && !same_meaning(&new, &old), "{what}");
        }
    }
}
