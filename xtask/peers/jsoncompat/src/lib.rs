//! The question of the growth checker, put to jsoncompat: does every value of one schema lie within another?

use jsoncompat::{CompatibilityResult, Role, SchemaDocument, analyze_compat};
use serde_json::Value;

/// What it answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Every value does.
    Contained,
    /// This one does not.
    Refuted(Value),
    /// It cannot tell.
    Undecided,
    /// It cannot read one of the schemas.
    Failed,
}

/// Asks about all values that `producer` takes, not about those alone whose keys it names.
pub fn contained(producer: &Value, consumer: &Value) -> Answer {
    let documents = (SchemaDocument::from_json(consumer), SchemaDocument::from_json(producer));
    let (Ok(old), Ok(new)) = documents else { return Answer::Failed };
    match analyze_compat(&old, &new, Role::Serializer) {
        Ok(CompatibilityResult::Compatible) => Answer::Contained,
        Ok(CompatibilityResult::Incompatible { counterexample, .. }) => Answer::Refuted(counterexample),
        Ok(CompatibilityResult::Unknown { .. }) => Answer::Undecided,
        Err(_) => Answer::Failed,
    }
}
