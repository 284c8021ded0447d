//! A JSON value, and objects whose keys are taken one by one.
//!
//! Where a value stands is asked only when it is refused: a refusal remembers the value, and the JSON Pointer to it is
//! looked up from the root. A lock has thousands of contracts, and nearly all are as they should be.

use serde_json::Value;

use crate::name::FieldName;
use crate::serial::SerialError;

/// A value that is read.
#[derive(Debug, Clone)]
pub(super) struct At<'a> {
    value: &'a Value,
}

/// The members of an object that nobody took yet.
pub(super) struct Members<'a> {
    whole: &'a Value,
    /// Few, so that a list is faster than a map.
    waiting: Vec<(&'a str, &'a Value)>,
}

/// What is wrong with a value of the tree that is read.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Of the value, which the tree does not move while it is read.
    address: usize,
    message: String,
}

impl Refusal {
    fn of(value: &Value, message: impl Into<String>) -> Self {
        Self { address: std::ptr::from_ref(value).addr(), message: message.into() }
    }

    /// The refusal with the JSON Pointer from `root` to what is refused.
    pub(super) fn located(self, root: &Value) -> SerialError {
        let mut waiting = vec![(root, String::new())];
        while let Some((value, pointer)) = waiting.pop() {
            if std::ptr::from_ref(value).addr() == self.address {
                return SerialError { pointer, message: self.message };
            }
            match value {
                Value::Array(items) => {
                    let items = items.iter().enumerate();
                    waiting.extend(items.map(|(index, item)| (item, format!("{pointer}/{index}"))));
                }
                Value::Object(members) => {
                    waiting.extend(members.iter().map(|(key, member)| (member, below(&pointer, key))));
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        SerialError { pointer: String::new(), message: self.message }
    }
}

impl<'a> At<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    pub(super) fn error(&self, message: impl Into<String>) -> Refusal {
        Refusal::of(self.value, message)
    }

    pub(super) fn text(&self) -> Result<&'a str, Refusal> {
        self.value.as_str().ok_or_else(|| self.error("is no string"))
    }

    pub(super) fn natural(&self) -> Result<u64, Refusal> {
        self.value.as_u64().ok_or_else(|| self.error("is no whole number from 0 on"))
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(&self, choices: &[T], word: fn(T) -> &'static str) -> Result<T, Refusal> {
        let text = self.text()?;
        choices.iter().copied().find(|choice| word(*choice) == text).ok_or_else(|| {
            let words: Vec<String> = choices.iter().map(|choice| format!("`{}`", word(*choice))).collect();
            self.error(format!("is none of {}", words.join(", ")))
        })
    }

    pub(super) fn items(&self) -> Result<Vec<At<'a>>, Refusal> {
        let items = self.value.as_array().ok_or_else(|| self.error("is no array"))?;
        Ok(items.iter().map(Self::root).collect())
    }

    /// One member, of whatever else there is.
    pub(super) fn member(&self, name: &str) -> Option<At<'a>> {
        self.value.get(name).map(Self::root)
    }

    /// The members of an object whose keys are names, in order.
    pub(super) fn entries(&self) -> Result<Vec<(&'a str, At<'a>)>, Refusal> {
        let members = self.value.as_object().ok_or_else(|| self.error("is no object"))?;
        Ok(members.iter().map(|(key, value)| (key.as_str(), Self::root(value))).collect())
    }

    /// The members of an object whose keys are known.
    pub(super) fn members(&self) -> Result<Members<'a>, Refusal> {
        let members = self.value.as_object().ok_or_else(|| self.error("is no object"))?;
        let waiting = members.iter().map(|(key, value)| (key.as_str(), value)).collect();
        Ok(Members { whole: self.value, waiting })
    }

    pub(super) fn field_name(&self) -> Result<FieldName, Refusal> {
        FieldName::parse(self.text()?).map_err(|error| self.error(error.to_string()))
    }

    pub(super) fn field_names(&self) -> Result<Vec<FieldName>, Refusal> {
        self.items()?.iter().map(Self::field_name).collect()
    }
}

impl<'a> Members<'a> {
    pub(super) fn has(&self, key: &str) -> bool {
        self.waiting.iter().any(|(known, _)| *known == key)
    }

    pub(super) fn optional(&mut self, key: &str) -> Option<At<'a>> {
        let at = self.waiting.iter().position(|(known, _)| *known == key)?;
        let (_, value) = self.waiting.swap_remove(at);
        Some(At::root(value))
    }

    pub(super) fn required(&mut self, key: &str) -> Result<At<'a>, Refusal> {
        self.optional(key).ok_or_else(|| self.error(format!("`{key}` is missing")))
    }

    pub(super) fn text(&mut self, key: &str) -> Result<Option<String>, Refusal> {
        self.optional(key).map(|at| at.text().map(str::to_owned)).transpose()
    }

    pub(super) fn natural(&mut self, key: &str) -> Result<Option<u64>, Refusal> {
        self.optional(key).map(|at| at.natural()).transpose()
    }

    /// A boolean that is false when absent.
    pub(super) fn flag(&mut self, key: &str) -> Result<bool, Refusal> {
        let Some(at) = self.optional(key) else {
            return Ok(false);
        };
        at.value.as_bool().ok_or_else(|| at.error("is neither `true` nor `false`"))
    }

    pub(super) fn error(&self, message: impl Into<String>) -> Refusal {
        Refusal::of(self.whole, message)
    }

    /// Refuses what nobody took: a key of the same version that this tool does not know would be lost.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        match self.waiting.iter().min_by_key(|(key, _)| *key) {
            None => Ok(()),
            Some((_, value)) => {
                Err(Refusal::of(value, "is not a key of this format here; take it away, or write the file anew"))
            }
        }
    }
}

fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}
