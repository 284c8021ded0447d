//! What a derived function promises, so that a contract can be checked against it and a payload filled in by it.

use serde_json::Value;

use crate::shape::TypeKind;

/// A function that fills a derived field. The built-in ones are in `growset-derive`; who checks or fills payloads
/// is handed the table, so that an application can add its own.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// As contracts spell it: `from: { money: [amount, currency] }`.
    pub name: &'static str,
    /// In order.
    pub parameters: &'static [Parameter],
    /// What a derived field of this function may be typed as.
    pub returns: Parameter,
    /// The derived value, or nothing where these inputs have none. Never panics; the inputs passed I.
    pub compute: fn(&[&Value]) -> Option<Value>,
}

/// One input of a function, or what it answers.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Such as `amount`.
    pub name: &'static str,
    /// What fits, in words: `an integer of minor units`.
    pub expects: &'static str,
    /// Whether a type (names resolved, not nullable) fits.
    pub accepts: fn(&TypeKind) -> bool,
}
