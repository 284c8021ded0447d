//! What is not as it was in the source: losses, which a person decides about, and refusals, which stop the import.

use std::collections::BTreeMap;
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
    /// How often: more than once only for integers without bounds, of which each file tells once.
    pub count: usize,
    /// Whether nothing that the schema says is left: a contract takes any JSON there.
    pub leaves_nothing: bool,
}

/// The construct of integers without bounds.
pub(crate) const INTEGER: &str = "integer";

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
#[error("{}: {message}", self.at())]
pub struct Refusal {
    /// The source's path.
    pub file: String,
    /// JSON Pointer to the place; empty for the whole.
    pub pointer: String,
    /// What is wrong, with the way out.
    pub message: String,
}

/// Some losses are of a schema as a whole, not of one keyword.
pub(crate) fn is_keyword(construct: &str) -> bool {
    !matches!(construct, "payload" | "nesting" | "null" | INTEGER | "false" | "type: null")
}

impl Refusal {
    /// The file and the place in it as one text.
    pub fn at(&self) -> String {
        let gap = if self.pointer.is_empty() { "" } else { "#" };
        format!("{}{gap}{}", self.file, self.pointer)
    }
}

/// A place in a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spelled {
    /// The source's path.
    pub file: String,
    /// JSON Pointer.
    pub pointer: String,
}

/// An event whose name had to be changed to be one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Renamed {
    /// The source's path, and the message in it.
    pub source: String,
    /// As the source has it.
    pub from: String,
    /// The event's name.
    pub to: String,
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

/// In order of file and place, each once; integers without bounds once for a file, at the first of them.
pub(crate) fn in_order(mut losses: Vec<Loss>) -> Vec<Loss> {
    losses.sort();
    losses.dedup();
    let mut told: Vec<Loss> = Vec::new();
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for loss in losses {
        let known = (loss.construct == INTEGER).then(|| first.get(&loss.file)).flatten();
        match known.and_then(|at| told.get_mut(*at)) {
            Some(integers) => integers.count += loss.count,
            None => {
                if loss.construct == INTEGER {
                    first.insert(loss.file.clone(), told.len());
                }
                told.push(loss);
            }
        }
    }
    told
}
