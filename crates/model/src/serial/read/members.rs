//! A JSON value, and objects whose keys are taken one by one.
//!
//! Where a value stands is asked only when it is refused: a refusal remembers the value, and the JSON Pointer to it is
//! looked up from the root. A lock has thousands of contracts, and nearly all are as they should be.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::node::Node;
use crate::name::FieldName;
use crate::serial::SerialError;

/// A value that is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    node: &'a Node<'a>,
}

/// The members of an object that nobody took yet.
pub(super) struct Members<'a> {
    whole: &'a Node<'a>,
    all: &'a [(Cow<'a, str>, Node<'a>)],
    /// A bit for each member that was taken. No object of the format has as many keys as there are bits.
    taken: u128,
}

/// What is wrong with a value of the tree that is read.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Of the value, which the tree does not move while it is read.
    address: usize,
    message: String,
}

impl Refusal {
    fn of(node: &Node, message: impl Into<String>) -> Self {
        Self { address: std::ptr::from_ref(node).addr(), message: message.into() }
    }

    /// The refusal with the JSON Pointer from `root` to what is refused.
    pub(super) fn located(self, root: &Node) -> SerialError {
        let mut waiting = vec![(root, String::new())];
        while let Some((node, pointer)) = waiting.pop() {
            if std::ptr::from_ref(node).addr() == self.address {
                return SerialError { pointer, message: self.message };
            }
            match node {
                Node::List(items) => {
                    let items = items.iter().enumerate();
                    waiting.extend(items.map(|(index, item)| (item, format!("{pointer}/{index}"))));
                }
                Node::Object(members) => {
                    waiting.extend(members.iter().map(|(key, member)| (member, below(&pointer, key))));
                }
                Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => {}
            }
        }
        SerialError { pointer: String::new(), message: self.message }
    }
}

impl<'a> At<'a> {
    pub(super) fn root(node: &'a Node<'a>) -> Self {
        Self { node }
    }

    /// The value as it stands, whatever it is.
    pub(super) fn value(self) -> Value {
        self.node.to_value()
    }

    pub(super) fn error(self, message: impl Into<String>) -> Refusal {
        Refusal::of(self.node, message)
    }

    pub(super) fn is_text(self, text: &str) -> bool {
        self.node.as_str() == Some(text)
    }

    pub(super) fn text(self) -> Result<&'a str, Refusal> {
        self.node.as_str().ok_or_else(|| self.error("is no string"))
    }

    pub(super) fn number(self) -> Option<&'a Number> {
        self.node.as_number()
    }

    pub(super) fn natural(self) -> Result<u64, Refusal> {
        self.number().and_then(Number::as_u64).ok_or_else(|| self.error("is no whole number from 0 on"))
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(self, choices: &[T], word: fn(T) -> &'static str) -> Result<T, Refusal> {
        let text = self.text()?;
        choices.iter().copied().find(|choice| word(*choice) == text).ok_or_else(|| {
            let words: Vec<String> = choices.iter().map(|choice| format!("`{}`", word(*choice))).collect();
            self.error(format!("is none of {}", words.join(", ")))
        })
    }

    pub(super) fn items(self) -> Result<impl ExactSizeIterator<Item = At<'a>>, Refusal> {
        let Node::List(items) = self.node else { return Err(self.error("is no array")) };
        Ok(items.iter().map(Self::root))
    }

    /// One member, of whatever else there is.
    pub(super) fn member(self, name: &str) -> Option<At<'a>> {
        let Node::Object(members) = self.node else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, node)| Self::root(node))
    }

    /// The members of an object whose keys are names, in order.
    pub(super) fn entries(self) -> Result<impl ExactSizeIterator<Item = (&'a str, At<'a>)>, Refusal> {
        let Node::Object(members) = self.node else { return Err(self.error("is no object")) };
        Ok(members.iter().map(|(key, node)| (&**key, Self::root(node))))
    }

    /// The members of an object whose keys are known.
    pub(super) fn members(self) -> Result<Members<'a>, Refusal> {
        let Node::Object(members) = self.node else { return Err(self.error("is no object")) };
        Ok(Members { whole: self.node, all: members, taken: 0 })
    }

    pub(super) fn field_name(self) -> Result<FieldName, Refusal> {
        FieldName::parse(self.text()?).map_err(|error| self.error(error.to_string()))
    }

    pub(super) fn field_names(self) -> Result<Vec<FieldName>, Refusal> {
        self.items()?.map(Self::field_name).collect()
    }
}

impl<'a> Members<'a> {
    /// Those that are left and could be taken.
    fn left(&self) -> impl Iterator<Item = (usize, &'a str, &'a Node<'a>)> + use<'a> {
        let (all, taken) = (self.all, self.taken);
        let members = all.iter().enumerate().map(|(at, (key, node))| (at, &**key, node));
        members.filter(move |(at, ..)| *at >= u128::BITS as usize || taken & (1 << at) == 0)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.left().any(|(_, known, _)| known == key)
    }

    pub(super) fn optional(&mut self, key: &str) -> Option<At<'a>> {
        let (at, _, node) = self.left().find(|(at, known, _)| *at < u128::BITS as usize && *known == key)?;
        self.taken |= 1 << at;
        Some(At::root(node))
    }

    pub(super) fn required(&mut self, key: &str) -> Result<At<'a>, Refusal> {
        self.optional(key).ok_or_else(|| self.error(format!("`{key}` is missing")))
    }

    pub(super) fn text(&mut self, key: &str) -> Result<Option<String>, Refusal> {
        self.optional(key).map(|at| at.text().map(str::to_owned)).transpose()
    }

    pub(super) fn natural(&mut self, key: &str) -> Result<Option<u64>, Refusal> {
        self.optional(key).map(At::natural).transpose()
    }

    /// A boolean that is false when absent.
    pub(super) fn flag(&mut self, key: &str) -> Result<bool, Refusal> {
        match self.optional(key) {
            None => Ok(false),
            Some(At { node: Node::Bool(truth) }) => Ok(*truth),
            Some(at) => Err(at.error("is neither `true` nor `false`")),
        }
    }

    pub(super) fn error(&self, message: impl Into<String>) -> Refusal {
        Refusal::of(self.whole, message)
    }

    /// Refuses what nobody took: a key of the same version that this tool does not know would be lost.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        match self.left().min_by_key(|(_, key, _)| *key) {
            None => Ok(()),
            Some((_, _, node)) => {
                Err(Refusal::of(node, "is not a key of this format here; take it away, or write the file anew"))
            }
        }
    }
}

fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}
