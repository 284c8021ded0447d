//! Where in a contract something changed, in words that need no source text.

use std::fmt;

use growset_model::{EventName, FieldName, TypeName};

/// What a path starts from. A shared type is a root of its own, so that one edit to it is one finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// `growset.yaml`.
    Catalog,
    /// An event, or its payload when the path goes on.
    Event(EventName),
    /// A named type, as the new catalog names it.
    Type(TypeName),
}

/// One step into a shape. Names are looked through and `nullable` is not a step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A field of a record.
    Field(FieldName),
    /// The items of a list.
    Item,
    /// The values of a map.
    Entry,
    /// A case of a union, by the value of its tag.
    Case(String),
}

/// Steps from a root: `items[].price`, `labels{}`, `cause(user).userId`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The root itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// One step further.
    pub(crate) fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// These steps and then those of `further`.
    pub(crate) fn join(&self, further: &Self) -> Self {
        Self(self.0.iter().chain(&further.0).cloned().collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) if index == 0 => write!(formatter, "{name}")?,
                Step::Field(name) => write!(formatter, ".{name}")?,
                Step::Item => formatter.write_str("[]")?,
                Step::Entry => formatter.write_str("{}")?,
                Step::Case(value) => write!(formatter, "({value})")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Root {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Catalog => formatter.write_str("the catalog"),
            Self::Event(name) => write!(formatter, "{name}"),
            Self::Type(name) => write!(formatter, "type {name}"),
        }
    }
}
