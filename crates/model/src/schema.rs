//! The three languages of one contract, as plain JSON Schema 2020-12 values.

use serde_json::Value;

use crate::catalog::{Catalog, Event};

/// Which promise a schema states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// I: what a publisher may send. Objects closed, enums exactly the listed values, no derived fields.
    Intake,
    /// W: what is streamed, recorded, retained: I plus the derived fields.
    Wire,
    /// R: what a listener must accept. Objects open, open enums widened, derived fields optional.
    Reader,
}

/// The payload schema of one event: bundled and stand-alone, with `$id`, docs, examples and `x-growset-*`.
pub fn payload_schema(_catalog: &Catalog, _event: &Event, _language: Language) -> Value {
    Value::Bool(true)
}
