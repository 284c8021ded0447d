//! The parsed form of a pattern.

use std::ops::Range;

use super::class::Class;

/// One part of a pattern, with the bytes that spell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// One character.
    Class(Class),
    /// `^`
    Start,
    /// `$`
    End,
    /// One after the other; empty for nothing.
    Sequence(Vec<Node>),
    /// One of these, two at least.
    Choice(Vec<Node>),
    /// Invariant: `node` matches one character at least, so that no engine loops over nothing.
    Repeat { node: Box<Node>, least: u32, most: Option<u32> },
}

impl Node {
    /// Whether the empty text is matched somewhere. Anchors match no character.
    pub(super) fn may_be_empty(&self) -> bool {
        match &self.kind {
            Kind::Class(_) => false,
            Kind::Start | Kind::End => true,
            Kind::Sequence(nodes) => nodes.iter().all(Self::may_be_empty),
            Kind::Choice(nodes) => nodes.iter().any(Self::may_be_empty),
            Kind::Repeat { least, .. } => *least == 0,
        }
    }

    /// Whether every match starts with `^`.
    pub(super) fn starts_at_start(&self) -> bool {
        match &self.kind {
            Kind::Class(_) | Kind::End => false,
            Kind::Start => true,
            Kind::Sequence(nodes) => nodes.first().is_some_and(Self::starts_at_start),
            Kind::Choice(nodes) => nodes.iter().all(Self::starts_at_start),
            Kind::Repeat { node, least, .. } => *least > 0 && node.starts_at_start(),
        }
    }

    /// Whether every match ends with `$`.
    pub(super) fn ends_at_end(&self) -> bool {
        match &self.kind {
            Kind::Class(_) | Kind::Start => false,
            Kind::End => true,
            Kind::Sequence(nodes) => nodes.last().is_some_and(Self::ends_at_end),
            Kind::Choice(nodes) => nodes.iter().all(Self::ends_at_end),
            Kind::Repeat { node, least, .. } => *least > 0 && node.ends_at_end(),
        }
    }
}
