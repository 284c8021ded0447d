//! A YAML document as a tree whose every node knows its place. Knows nothing of what a contract may say.

use growset_model::Place;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// From its first to past its last byte; empty for a value that is left out.
    pub(crate) place: Place,
    pub(crate) kind: NodeKind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NodeKind {
    Scalar(Scalar),
    List(List),
    Mapping(Mapping),
    /// Something that was refused and reported already, such as an alias.
    Refused,
}

/// A text, before anything decides whether it means a number or a string.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scalar {
    /// After escapes and folding.
    pub(crate) text: Box<str>,
    pub(crate) style: Style,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|` or `>`.
    Block,
}

/// How a list or mapping is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// By indentation.
    Block,
    /// In brackets or braces.
    Flow,
}

/// Items in order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct List {
    pub(crate) items: Vec<Node>,
    pub(crate) layout: Layout,
}

/// Entries in order, no two of one key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mapping {
    pub(crate) entries: Vec<Entry>,
    pub(crate) layout: Layout,
}

/// One `key: value`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) value: Node,
}

/// The key of an entry: always a scalar, every other is refused.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub(crate) text: Box<str>,
    pub(crate) style: Style,
    pub(crate) place: Place,
}

impl Node {
    /// Nothing is written: `key:` and the end of the line.
    pub(crate) fn is_left_out(&self) -> bool {
        matches!(&self.kind, NodeKind::Scalar(scalar) if scalar.style == Style::Plain && scalar.text.is_empty())
    }

    /// The text of a scalar, however it is written.
    pub(crate) fn scalar_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(&scalar.text),
            NodeKind::List(_) | NodeKind::Mapping(_) | NodeKind::Refused => None,
        }
    }

    /// The entries of a mapping.
    pub(crate) fn entries(&self) -> Option<&[Entry]> {
        match &self.kind {
            NodeKind::Mapping(mapping) => Some(&mapping.entries),
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Refused => None,
        }
    }

    /// The value under a key of a mapping.
    pub(crate) fn child(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|entry| &*entry.key.text == key).map(|entry| &entry.value)
    }
}
