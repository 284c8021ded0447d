//! The one serialised form of a catalog: a twin of the model, in this file alone.

use serde_json::Value;

use crate::catalog::Catalog;

/// Why a JSON value is not a catalog.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {message}")]
pub struct SerialError {
    /// JSON Pointer (RFC 6901) to the place.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
}

/// Writes a catalog.
pub fn to_json(_catalog: &Catalog) -> Value {
    Value::Null
}

/// Reads a catalog back; its places are all `Place::NOWHERE`.
pub fn from_json(_value: &Value) -> Result<Catalog, SerialError> {
    Err(SerialError { pointer: String::new(), message: "not written yet".to_owned() })
}
