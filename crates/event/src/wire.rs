//! What generated `Deserialize` implementations share. Not for anyone else: it changes with the generator.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};

use crate::unknown::UnknownValue;

/// A field that has to be there, though it may be null: serde alone would take an absent `Option` for null.
pub fn required<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(deserializer)
}

/// A field that is there, null or not. Used with `default`, which is what an absent one becomes.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A value of an open enum: whatever `known` does not know survives as `other`.
pub fn open_enum<'de, D: Deserializer<'de>, E>(
    deserializer: D,
    known: fn(&str) -> Option<E>,
    other: fn(UnknownValue) -> E,
) -> Result<E, D::Error> {
    text(deserializer).map(|text| known(&text).unwrap_or_else(|| other(UnknownValue::new(text))))
}

/// A value of a closed enum: anything that `known` does not know is refused.
pub fn closed_enum<'de, D: Deserializer<'de>, E>(
    deserializer: D,
    known: fn(&str) -> Option<E>,
    values: &'static [&'static str],
) -> Result<E, D::Error> {
    let text = text(deserializer)?;
    known(&text).ok_or_else(|| de::Error::unknown_variant(&text, values))
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserializer.deserialize_string(TextVisitor)
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<String, E> {
        Ok(text)
    }
}
