//! `discriminator`, by which AsyncAPI and OpenAPI name the property that tells cases apart, without holding it to a value.

use serde_json::{Map, Value, json};

use crate::library::Spot;
use crate::pointer;

type Schema = Map<String, Value>;

/// The property, and the text of it that stands for a case: by the mapping, else by the name of the schema.
pub(crate) fn implied(choice: &Schema, case: &Schema) -> Option<(String, String)> {
    let discriminator = choice.get("discriminator")?;
    let tag = discriminator.as_str().or_else(|| discriminator.get("propertyName")?.as_str())?;
    let schema = pointer::last(&Spot::of_reference(case.get("$ref")?.as_str()?)?.pointer)?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
    // A mapping names a schema, or refers to it.
    let is_meant = |target: &str| target.rsplit('/').next() == Some(schema.as_str());
    let mapped =
        mapping.filter(|(_, target)| target.as_str().is_some_and(is_meant)).map(|(value, _)| value.clone()).next();
    Some((tag.to_owned(), mapped.unwrap_or(schema)))
}

/// Requires a property of a case to be one text. Answers whether that was not said already.
pub(crate) fn hold(case: &mut Schema, tag: &str, value: String) -> bool {
    if !case.contains_key("properties") && case.get("type").is_none_or(|ty| ty != "object") {
        return false; // What is no object has no property to tell it by.
    }
    let property = case.get("properties").and_then(|properties| properties.get(tag)).and_then(Value::as_object);
    let mut property = property.cloned().unwrap_or_default();
    let names = case.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let is_required = names.iter().any(|name| name == tag);
    let is_held = property.contains_key("const") || property.contains_key("enum");
    if is_held && is_required {
        return false;
    }
    if !is_held {
        property.insert("const".to_owned(), value.into());
    }
    let properties = case.entry("properties").or_insert_with(|| json!({}));
    if let Some(properties) = properties.as_object_mut() {
        properties.insert(tag.to_owned(), Value::Object(property));
    }
    if !is_required {
        let required = names.into_iter().chain([tag.into()]).collect();
        case.insert("required".to_owned(), Value::Array(required));
    }
    true
}
