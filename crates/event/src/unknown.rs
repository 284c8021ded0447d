//! What a listener gets that its crate was built before.

use std::fmt;

/// A value of an open enum that this build does not know: it can be read and passed on, but not made up.
///
/// ```compile_fail,E0451
/// let made_up = growset_event::UnknownValue { text: "refunded".to_owned() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UnknownValue {
    text: String,
}

impl UnknownValue {
    /// Invariant: only what was read from a payload becomes an unknown value.
    pub(crate) fn new(text: String) -> Self {
        Self { text }
    }

    /// As it came.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}
