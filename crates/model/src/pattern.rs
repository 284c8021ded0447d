//! The regular expressions that a contract may use: those that ECMA-262 (with its `u` flag) and the `regex` crate
//! read alike, and that no backtracking engine can be made to hang on.
//!
//! Knows nothing of who prints or runs them: every output takes [`Pattern::portable`].

mod node;

mod class;

mod parse;

mod print;

mod program;

mod ambiguity;

mod sample;

mod machine;

mod difference;

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

pub use self::difference::{Difference, Form, Texts};
use self::node::Node;
use self::program::Program;

/// A parsed pattern of the allow-list. It searches, as in JSON Schema; anchors tie it to the whole text.
#[derive(Clone)]
pub struct Pattern {
    parsed: Arc<Parsed>,
}

/// In one place, because most types of a catalog have none.
struct Parsed {
    source: String,
    node: Node,
    program: Program,
}

/// Why a text is not a pattern that every target reads alike.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct PatternError {
    /// The bytes of the pattern that are to blame.
    pub range: Range<usize>,
    /// What is wrong, with the way out.
    pub reason: String,
}

impl PatternError {
    fn new(range: Range<usize>, reason: impl Into<String>) -> Self {
        Self { range, reason: reason.into() }
    }
}

impl Pattern {
    /// Parses a pattern.
    pub fn parse(source: &str) -> Result<Self, PatternError> {
        let node = parse::parse(source)?;
        let program = Program::compile(&node)?;
        ambiguity::refuse_hanging(&node, &program)?;
        Ok(Self { parsed: Arc::new(Parsed { source: source.to_owned(), node, program }) })
    }

    /// As the contract spells it.
    pub fn source(&self) -> &str {
        &self.parsed.source
    }

    /// Printed from the parsed form with `\d \w \s` expanded to ASCII: means the same in ECMA-262 (with its `u` or
    /// `v` flag) and in `regex`.
    pub fn portable(&self) -> String {
        print::print(&self.parsed.node)
    }

    /// Whether every match starts at the start of the text and ends at its end.
    pub fn is_anchored(&self) -> bool {
        self.parsed.node.starts_at_start() && self.parsed.node.ends_at_end()
    }

    /// Whether the pattern is found in `text`, in time linear in its length.
    pub fn is_match(&self, text: &str) -> bool {
        self.parsed.program.is_match(text)
    }

    /// A few texts that match, shortest first, the same every time; none when nothing matches (`a^b`).
    pub fn samples(&self) -> Vec<String> {
        sample::samples(&self.parsed.program)
    }

    /// The shortest matching text whose length in code points lies in `lengths`. Lengths past a few thousand are
    /// not searched, so that nothing found there proves nothing.
    pub fn sample_of_length(&self, lengths: RangeInclusive<u64>) -> Option<String> {
        sample::sample_of_length(&self.parsed.program, lengths)
    }
}

/// Equal when spelled alike: the rest follows from the spelling.
impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.parsed.source == other.parsed.source
    }
}

impl Eq for Pattern {}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Pattern({:?})", self.parsed.source)
    }
}
