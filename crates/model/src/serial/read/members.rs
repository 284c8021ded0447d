//! A JSON value together with the JSON Pointer to it, and objects whose keys are taken one by one.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::name::FieldName;
use crate::serial::SerialError;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<'a> {
    value: &'a Value,
    pointer: String,
}

/// The members of an object that nobody took yet.
pub(super) struct Members<'a> {
    pointer: String,
    waiting: BTreeMap<&'a str, &'a Value>,
}

impl<'a> At<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value, pointer: String::new() }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    pub(super) fn error(&self, message: impl Into<String>) -> SerialError {
        SerialError { pointer: self.pointer.clone(), message: message.into() }
    }

    pub(super) fn text(&self) -> Result<&'a str, SerialError> {
        self.value.as_str().ok_or_else(|| self.error("is no string"))
    }

    pub(super) fn natural(&self) -> Result<u64, SerialError> {
        self.value.as_u64().ok_or_else(|| self.error("is no whole number from 0 on"))
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(&self, choices: &[T], word: fn(T) -> &'static str) -> Result<T, SerialError> {
        let text = self.text()?;
        choices.iter().copied().find(|choice| word(*choice) == text).ok_or_else(|| {
            let words: Vec<String> = choices.iter().map(|choice| format!("`{}`", word(*choice))).collect();
            self.error(format!("is none of {}", words.join(", ")))
        })
    }

    pub(super) fn items(&self) -> Result<Vec<At<'a>>, SerialError> {
        let items = self.value.as_array().ok_or_else(|| self.error("is no array"))?;
        let at = |(index, value)| At { value, pointer: format!("{}/{index}", self.pointer) };
        Ok(items.iter().enumerate().map(at).collect())
    }

    /// One member, of whatever else there is.
    pub(super) fn member(&self, name: &str) -> Option<At<'a>> {
        Some(At { value: self.value.get(name)?, pointer: below(&self.pointer, name) })
    }

    /// The members of an object whose keys are names, in order.
    pub(super) fn entries(&self) -> Result<Vec<(&'a str, At<'a>)>, SerialError> {
        let members = self.value.as_object().ok_or_else(|| self.error("is no object"))?;
        let at =
            |(key, value): (&'a String, &'a Value)| (key.as_str(), At { value, pointer: below(&self.pointer, key) });
        Ok(members.iter().map(at).collect())
    }

    /// The members of an object whose keys are known.
    pub(super) fn members(&self) -> Result<Members<'a>, SerialError> {
        let members = self.value.as_object().ok_or_else(|| self.error("is no object"))?;
        let waiting = members.iter().map(|(key, value)| (key.as_str(), value)).collect();
        Ok(Members { pointer: self.pointer.clone(), waiting })
    }

    pub(super) fn field_name(&self) -> Result<FieldName, SerialError> {
        FieldName::parse(self.text()?).map_err(|error| self.error(error.to_string()))
    }

    pub(super) fn field_names(&self) -> Result<Vec<FieldName>, SerialError> {
        self.items()?.iter().map(Self::field_name).collect()
    }
}

impl<'a> Members<'a> {
    pub(super) fn has(&self, key: &str) -> bool {
        self.waiting.contains_key(key)
    }

    pub(super) fn optional(&mut self, key: &str) -> Option<At<'a>> {
        let value = self.waiting.remove(key)?;
        Some(At { value, pointer: below(&self.pointer, key) })
    }

    pub(super) fn required(&mut self, key: &str) -> Result<At<'a>, SerialError> {
        self.optional(key).ok_or_else(|| self.error(format!("`{key}` is missing")))
    }

    pub(super) fn text(&mut self, key: &str) -> Result<Option<String>, SerialError> {
        self.optional(key).map(|at| at.text().map(str::to_owned)).transpose()
    }

    pub(super) fn natural(&mut self, key: &str) -> Result<Option<u64>, SerialError> {
        self.optional(key).map(|at| at.natural()).transpose()
    }

    /// A boolean that is false when absent.
    pub(super) fn flag(&mut self, key: &str) -> Result<bool, SerialError> {
        let Some(at) = self.optional(key) else {
            return Ok(false);
        };
        at.value.as_bool().ok_or_else(|| at.error("is neither `true` nor `false`"))
    }

    pub(super) fn error(&self, message: impl Into<String>) -> SerialError {
        SerialError { pointer: self.pointer.clone(), message: message.into() }
    }

    /// Refuses what nobody took: a key of the same version that this tool does not know would be lost.
    pub(super) fn finish(self) -> Result<(), SerialError> {
        match self.waiting.first_key_value() {
            None => Ok(()),
            Some((key, _)) => Err(SerialError {
                pointer: below(&self.pointer, key),
                message: "is not a key of this format here; take it away, or write the file anew".to_owned(),
            }),
        }
    }
}

fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}
