//! Who is measured, and on how many nodes.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    /// `XADD` and `PUBLISH` for each event, to as many subscribers as there would be nodes: what Redis has to do at least.
    Plain(usize),
    /// The server of this repository over Redis.
    Growset(usize),
    /// The same without Redis.
    Embedded,
    /// Node, which publishes to Redis and writes what it hears from there to its responses, as most articles show it.
    Node(usize),
}

impl Contender {
    pub(super) fn nodes(self) -> usize {
        match self {
            Self::Plain(nodes) | Self::Growset(nodes) | Self::Node(nodes) => nodes,
            Self::Embedded => 1,
        }
    }

    /// Whether there are listeners.
    pub(super) fn delivers(self) -> bool {
        !matches!(self, Self::Plain(_))
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Plain(_) => "plain",
            Self::Growset(_) => "growset",
            Self::Embedded => "embedded",
            Self::Node(_) => "node",
        }
    }

    pub(super) fn of(kind: &str, nodes: usize) -> Option<Self> {
        [Self::Plain(nodes), Self::Growset(nodes), Self::Embedded, Self::Node(nodes)]
            .into_iter()
            .find(|contender| contender.kind() == kind)
    }
}

impl fmt::Display for Contender {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Plain(nodes) => write!(formatter, "XADD, PUBLISH to {nodes}"),
            Self::Growset(nodes) => write!(formatter, "growset, {nodes} nodes"),
            Self::Embedded => write!(formatter, "growset, embedded"),
            Self::Node(nodes) => write!(formatter, "node pub/sub, {nodes}"),
        }
    }
}
