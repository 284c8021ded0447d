//! Facets in words, as contracts spell them.

use growset_model::{Date, Deprecated, Mapping, Presence, Retain, TypeKind};
use serde_json::Value;

pub(super) fn retain(retain: Option<&Retain>) -> String {
    match retain {
        None => "nothing".to_owned(),
        Some(Retain::Latest) => "latest".to_owned(),
        Some(Retain::LatestBy(fields)) => {
            let names: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
            format!("latest_by [{}]", names.join(", "))
        }
    }
}

pub(super) fn mapping(mapping: Option<&Mapping>) -> String {
    match mapping {
        None => "nothing".to_owned(),
        Some(Mapping::From(name)) => format!("from {name}"),
        Some(Mapping::Value(value)) => format!("from_value {value}"),
    }
}

pub(super) fn derivation(presence: &Presence) -> Option<String> {
    match presence {
        Presence::Required | Presence::Optional => None,
        Presence::Derived(derivation) => {
            let inputs: Vec<&str> = derivation.inputs.iter().map(|input| input.as_str()).collect();
            Some(format!("{}({})", derivation.function, inputs.join(", ")))
        }
    }
}

pub(super) fn value(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}

pub(super) fn limit(limit: Option<impl ToString>) -> String {
    limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string())
}

/// Places are not part of a deprecation's meaning.
pub(super) fn same_deprecation(old: Option<&Deprecated>, new: Option<&Deprecated>) -> bool {
    fn meaning(deprecated: &Deprecated) -> (Option<&str>, Option<Date>, Option<&str>) {
        (deprecated.successor.as_deref(), deprecated.sunset, deprecated.reason.as_deref())
    }
    old.map(meaning) == new.map(meaning)
}

/// A type in a few words; parts are not spelled out.
pub(super) fn kind(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Text(_) => "string".to_owned(),
        TypeKind::Format(format) => format.as_str().to_owned(),
        TypeKind::Boolean => "boolean".to_owned(),
        TypeKind::Integer(_) => "integer".to_owned(),
        TypeKind::Number(_) => "number".to_owned(),
        TypeKind::Json => "json".to_owned(),
        TypeKind::List(_) => "list".to_owned(),
        TypeKind::Map(_) => "map".to_owned(),
        TypeKind::Nullable(inner) => format!("nullable {}", self::kind(&inner.kind)),
        TypeKind::Named(name) => name.to_string(),
        TypeKind::Enum(choice) if choice.closed => "closed enum".to_owned(),
        TypeKind::Enum(_) => "enum".to_owned(),
        TypeKind::Record(_) => "record".to_owned(),
        TypeKind::Union(union) if union.closed => "closed union".to_owned(),
        TypeKind::Union(_) => "union".to_owned(),
        TypeKind::Opaque(_) => "json schema".to_owned(),
    }
}
