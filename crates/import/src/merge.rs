//! Two schemas that hold at once as one schema, as far as that can be said.

use serde_json::{Map, Value};

type Schema = Map<String, Value>;

/// `first` and `second` at once. What cannot be said in one schema is left out of it, and named in `lost`.
pub(crate) fn both(first: &Schema, second: &Schema, lost: &mut Vec<String>) -> Schema {
    let mut merged = first.clone();
    for (keyword, value) in second {
        let Some(present) = merged.get(keyword).cloned() else {
            merged.insert(keyword.clone(), value.clone());
            continue;
        };
        if present == *value {
            continue;
        }
        let together = match keyword.as_str() {
            "properties" => Some(properties(&present, value)),
            "required" => Some(union(&present, value)),
            "type" => types(&present, value),
            "enum" => Some(intersection(&present, value)),
            "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => greater(&present, value),
            "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => lesser(&present, value),
            "additionalProperties" => Some(if present == Value::Bool(true) { value.clone() } else { present.clone() }),
            "allOf" => Some(concatenated(&present, value)),
            "title" | "description" | "default" | "examples" | "example" | "deprecated" | "$defs" | "definitions"
            | "$comment" | "discriminator" | "externalDocs" | "xml" => Some(present.clone()),
            _ if keyword.starts_with("x-") => Some(present.clone()),
            _ => None, // Two different assertions of one keyword.
        };
        match together {
            Some(together) => _ = merged.insert(keyword.clone(), together),
            None => lost.push(keyword.clone()),
        }
    }
    merged
}

fn properties(first: &Value, second: &Value) -> Value {
    let mut merged = first.as_object().cloned().unwrap_or_default();
    for (name, schema) in second.as_object().into_iter().flatten() {
        match merged.get(name).cloned() {
            Some(present) if present != *schema => {
                merged.insert(name.clone(), serde_json::json!({ "allOf": [present, schema] }));
            }
            Some(_) => {}
            None => _ = merged.insert(name.clone(), schema.clone()),
        }
    }
    Value::Object(merged)
}

fn union(first: &Value, second: &Value) -> Value {
    let mut names = first.as_array().cloned().unwrap_or_default();
    let added: Vec<Value> =
        second.as_array().into_iter().flatten().filter(|name| !names.contains(name)).cloned().collect();
    names.extend(added);
    Value::Array(names)
}

fn concatenated(first: &Value, second: &Value) -> Value {
    [first, second].into_iter().flat_map(|list| list.as_array().cloned().unwrap_or_default()).collect()
}

fn intersection(first: &Value, second: &Value) -> Value {
    let second = second.as_array().cloned().unwrap_or_default();
    first.as_array().into_iter().flatten().filter(|value| second.contains(value)).cloned().collect()
}

/// The types in both. An integer is a number.
fn types(first: &Value, second: &Value) -> Option<Value> {
    let (first, second) = (listed(first), listed(second));
    let mut common: Vec<String> = Vec::new();
    for ty in &first {
        if second.contains(ty) {
            common.push(ty.clone());
        } else if ty == "number" && second.iter().any(|other| other == "integer")
            || ty == "integer" && second.iter().any(|other| other == "number")
        {
            common.push("integer".to_owned());
        }
    }
    match common.as_slice() {
        [] => None,
        [one] => Some(one.as_str().into()),
        several => Some(several.into()),
    }
}

/// The names of types that `type` gives, one or many.
pub(crate) fn listed(types: &Value) -> Vec<String> {
    match types {
        Value::String(ty) => vec![ty.clone()],
        Value::Array(types) => types.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(), // No type.
    }
}

fn greater(first: &Value, second: &Value) -> Option<Value> {
    let (left, right) = (first.as_f64()?, second.as_f64()?);
    Some(if left >= right { first.clone() } else { second.clone() })
}

fn lesser(first: &Value, second: &Value) -> Option<Value> {
    let (left, right) = (first.as_f64()?, second.as_f64()?);
    Some(if left <= right { first.clone() } else { second.clone() })
}
