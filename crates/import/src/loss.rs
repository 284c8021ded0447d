//! What is not as it was in the source: losses, which a person decides about, and refusals, which stop the import.

use std::fmt;

/// One construct that a contract cannot say as the source says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// The source's path.
    pub file: String,
    /// JSON Pointer (RFC 6901) to the schema that holds the construct.
    pub pointer: String,
    /// Such as `patternProperties`.
    pub construct: String,
    /// What was done about it.
    pub done: Done,
    /// In words.
    pub note: String,
    /// How often, where one line tells of many.
    pub count: usize,
}

/// What was done about a construct that a contract cannot say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Done {
    /// The schema stands in the contract as JSON Schema, and types as JSON.
    CarriedWhole,
    /// Left out; listeners accept what they accepted.
    Dropped,
    /// Listeners accept more than the source says.
    Widened,
    /// Listeners accept less than the source says.
    Narrowed,
}

/// Why a source cannot be imported at all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}{}{pointer}: {message}", if .pointer.is_empty() { "" } else { "#" })]
pub struct Refusal {
    /// The source's path.
    pub file: String,
    /// JSON Pointer to the place; empty for the whole.
    pub pointer: String,
    /// What is wrong, with the way out.
    pub message: String,
}

impl Done {
    /// Every answer, the heaviest first.
    pub const ALL: [Self; 4] = [Self::CarriedWhole, Self::Narrowed, Self::Widened, Self::Dropped];

    /// As reports spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CarriedWhole => "carried-whole",
            Self::Dropped => "dropped",
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
        }
    }
}

impl fmt::Display for Done {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
