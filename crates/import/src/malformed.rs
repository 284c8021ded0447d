//! Keywords whose values are no values of theirs: no validator of any draft would take such a schema, and what was meant by
//! it is anyone's guess.

use serde_json::Value;

use crate::document::{Draft, TYPES};
use crate::library::{LISTS, MAPS, ONE};

/// Longer values are cut where they are shown.
const LONGEST_SHOWN: usize = 40;

/// What is wrong with the value of a keyword, if anything is, and the steps to the place from the schema that says it.
pub(crate) fn fault(keyword: &str, value: &Value, draft: Draft) -> Option<(Vec<String>, String)> {
    if ONE.contains(&keyword) {
        return match value {
            Value::Array(items) if keyword == "items" => list_fault(keyword, items),
            _ => schema_fault(value).map(|fault| (vec![keyword.to_owned()], fault)),
        };
    }
    if LISTS.contains(&keyword) {
        return match value {
            Value::Array(items) if !items.is_empty() => list_fault(keyword, items),
            _ => Some((Vec::new(), format!("`{keyword}` is {}, and has to be a list of schemas", shown(value)))),
        };
    }
    if MAPS.contains(&keyword) {
        let Value::Object(named) = value else {
            return Some((Vec::new(), format!("`{keyword}` is {}, and has to hold schemas by name", shown(value))));
        };
        let is_list_of_names = |value: &Value| keyword == "dependencies" && is_texts(value);
        let mut faults = named.iter().filter(|(_, inner)| !is_list_of_names(inner));
        return faults.find_map(|(name, inner)| Some((vec![keyword.to_owned(), name.clone()], schema_fault(inner)?)));
    }
    let (is_well, expected) = plain(keyword, value, draft)?;
    (!is_well).then(|| (Vec::new(), format!("`{keyword}` is {}, and has to be {expected}", shown(value))))
}

/// Whether a keyword that holds no schema has a value of its own, and what that would be.
fn plain(keyword: &str, value: &Value, draft: Draft) -> Option<(bool, &'static str)> {
    Some(match keyword {
        "$ref" | "$dynamicRef" | "$recursiveRef" | "$anchor" | "pattern" | "format" | "title" | "description"
        | "$comment" | "contentMediaType" | "contentEncoding" => (value.is_string(), "a text"),
        "type" => {
            (is_type(value), "one of object, array, string, integer, number, boolean and null, or a list of them")
        }
        "enum" | "examples" => (value.is_array(), "a list"),
        "required" => (is_texts(value), "a list of names"),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" | "minContains"
        | "maxContains" => (is_count(value), "a count"),
        "exclusiveMinimum" | "exclusiveMaximum" if draft == Draft::Four => {
            (value.is_boolean(), "true or false in draft-04")
        }
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => (value.is_number(), "a number"),
        "multipleOf" => (value.as_f64().is_some_and(|step| step > 0.0), "a number above 0"),
        "uniqueItems" | "deprecated" | "readOnly" | "writeOnly" | "nullable" => (value.is_boolean(), "true or false"),
        "dependentRequired" => {
            (value.as_object().is_some_and(|all| all.values().all(is_texts)), "lists of names, by name")
        }
        _ => return None, // No keyword that anything is held to.
    })
}

fn list_fault(keyword: &str, items: &[Value]) -> Option<(Vec<String>, String)> {
    items
        .iter()
        .enumerate()
        .find_map(|(at, item)| Some((vec![keyword.to_owned(), at.to_string()], schema_fault(item)?)))
}

fn schema_fault(value: &Value) -> Option<String> {
    let is_schema = value.is_object() || value.is_boolean();
    (!is_schema).then(|| format!("is {}, and a schema is an object, `true` or `false`", shown(value)))
}

fn is_type(value: &Value) -> bool {
    let is_known = |ty: &Value| ty.as_str().is_some_and(|ty| TYPES.contains(&ty));
    is_known(value) || value.as_array().is_some_and(|types| !types.is_empty() && types.iter().all(is_known))
}

fn is_texts(value: &Value) -> bool {
    value.as_array().is_some_and(|names| names.iter().all(Value::is_string))
}

/// Some write `5.0`.
fn is_count(value: &Value) -> bool {
    value.as_f64().is_some_and(|count| count >= 0.0 && count.fract() == 0.0)
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(&text)),
        None => text,
    }
}
