//! Scalars read as what a key takes: a string, a flag, a count, a number, one word of a few.

use growset_model::{Diagnostic, Place, SAFE_INTEGER};

use crate::lower::Lowering;
use crate::rules;
use crate::scalar::{Division, Plain, classify};
use crate::suggest::{alternatives, nearest, shown};
use crate::tree::{Entry, Key, Node, NodeKind, Scalar, Style};

impl Lowering<'_> {
    /// A string under a key.
    pub(super) fn string(&mut self, entry: &Entry) -> Option<String> {
        self.string_at(&entry.key.text, entry.key.place, &entry.value).map(str::to_owned)
    }

    /// A string that is called `name`.
    pub(super) fn string_at<'n>(&mut self, name: &str, key_place: Place, value: &'n Node) -> Option<&'n str> {
        let NodeKind::Scalar(scalar) = &value.kind else {
            self.wrong_value(name, key_place, value, "a string");
            return None;
        };
        if scalar.style != Style::Plain {
            return Some(&scalar.text);
        }
        match classify(&scalar.text) {
            Plain::Text => Some(&scalar.text),
            Plain::Divided(division) => {
                self.ambiguous_string(value.place, &scalar.text, &division);
                Some(&scalar.text)
            }
            Plain::Null if scalar.text.is_empty() => {
                self.wrong_value(name, key_place, value, "a string");
                None
            }
            Plain::Null | Plain::Boolean(_) | Plain::Integer | Plain::Number => {
                let message = format!("`{name}` takes a string, and `{}` is not one without quotes", scalar.text);
                let edits = self.quote(value.place, &scalar.text);
                self.report(
                    Diagnostic::new(&rules::WRONG_SHAPE, value.place, message)
                        .label("expected a string")
                        .certain_fix("quote the value", edits),
                );
                Some(&scalar.text)
            }
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, entry: &Entry) -> Option<bool> {
        match self.plain(&entry.value) {
            Some((_, Plain::Boolean(value))) => Some(value),
            Some((text, Plain::Divided(Division { boolean: Some(value), readings, .. }))) => {
                let message = format!("`{text}` is not read alike everywhere; write `{value}`");
                let edits = self.replace(entry.value.place, value.to_string());
                self.report(
                    Diagnostic::new(&rules::AMBIGUOUS_SCALAR, entry.value.place, message)
                        .label(readings)
                        .certain_fix(format!("write `{value}`"), edits),
                );
                Some(value)
            }
            _ => {
                self.wrong_shape(entry, "`true` or `false`");
                None
            }
        }
    }

    /// A whole number from zero.
    pub(super) fn count(&mut self, entry: &Entry) -> Option<u64> {
        if let Some((text, Plain::Integer)) = self.plain(&entry.value)
            && !text.starts_with('-')
            && !is_safe_integer(text)
        {
            let way_out = "nothing is ever that long: write a smaller number, or leave the limit out";
            self.report(beyond_safe(entry.value.place, text).help(way_out));
            return None;
        }
        let value = self.integer_as(entry, "a whole number from 0")?;
        if let Ok(count) = u64::try_from(value) {
            return Some(count);
        }
        self.wrong_shape(entry, "a whole number from 0");
        None
    }

    /// An integer that JavaScript holds exactly.
    pub(super) fn integer(&mut self, entry: &Entry) -> Option<i64> {
        self.integer_as(entry, "an integer")
    }

    fn integer_as(&mut self, entry: &Entry, expected: &str) -> Option<i64> {
        match self.plain(&entry.value) {
            Some((text, Plain::Integer)) => match text.parse::<i64>() {
                Ok(value) if (-SAFE_INTEGER..=SAFE_INTEGER).contains(&value) => Some(value),
                _ => {
                    self.unsafe_integer(entry.value.place, text);
                    None
                }
            },
            Some((text, Plain::Divided(division))) if division.boolean.is_none() && !division.null => {
                self.ambiguous_number(entry.value.place, text, &division);
                division.number.and_then(|number| number.parse().ok())
            }
            _ => {
                self.wrong_shape(entry, expected);
                None
            }
        }
    }

    /// A finite number.
    pub(super) fn number(&mut self, entry: &Entry) -> Option<f64> {
        let text = match self.plain(&entry.value) {
            Some((text, Plain::Integer | Plain::Number)) => text.to_owned(),
            Some((text, Plain::Divided(division))) if division.boolean.is_none() && !division.null => {
                self.ambiguous_number(entry.value.place, text, &division);
                division.number?
            }
            _ => {
                self.wrong_shape(entry, "a number");
                return None;
            }
        };
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        if value.is_none() {
            self.wrong_shape(entry, "a number that fits 64 bits");
        }
        value
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, entry: &Entry, words: &[(&'static str, T)]) -> Option<T> {
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let Some(text) = entry.value.scalar_text().filter(|text| !text.is_empty()) else {
            self.wrong_shape(entry, &alternatives(&names));
            return None;
        };
        if let Some((_, value)) = words.iter().find(|(name, _)| *name == text) {
            return Some(*value);
        }
        let near = nearest(text, names.iter().copied());
        let message = format!("`{}` takes {}, not `{}`", shown(&entry.key.text), alternatives(&names), shown(text));
        let mut diagnostic = Diagnostic::new(&rules::WRONG_SHAPE, entry.value.place, message);
        if let Some(question) = near.question() {
            diagnostic = diagnostic.label(question);
        }
        if let Some(only) = near.only() {
            diagnostic = diagnostic.certain_fix(format!("write `{only}`"), self.replace(entry.value.place, only));
        }
        self.report(diagnostic);
        let only = near.only()?;
        words.iter().find(|(name, _)| *name == only).map(|(_, value)| *value)
    }

    /// Strings of a list under a key, each with its place.
    pub(super) fn strings<'n>(&mut self, entry: &'n Entry, expected: &str) -> Vec<(&'n str, Place)> {
        let NodeKind::List(list) = &entry.value.kind else {
            self.wrong_shape(entry, expected);
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(list.items.len());
        for item in &list.items {
            if let Some(text) = self.string_at(&entry.key.text, entry.key.place, item) {
                texts.push((text, item.place));
            }
        }
        texts
    }

    /// A key that is a name of the user's has to be read as a string by every parser.
    pub(super) fn check_name_key(&mut self, key: &Key) {
        if key.style != Style::Plain {
            return;
        }
        let readings = match classify(&key.text) {
            Plain::Text => return,
            Plain::Divided(division) => division.readings,
            Plain::Null => "read as null, and not by every parser as a string",
            Plain::Boolean(_) => "read as a boolean by some parsers, as a string by others",
            Plain::Integer | Plain::Number => "read as a number by some parsers, as a string by others",
        };
        let message = format!("key `{}` is not read alike everywhere; quote it", shown(&key.text));
        let edits = self.quote(key.place, &key.text);
        self.report(
            Diagnostic::new(&rules::AMBIGUOUS_SCALAR, key.place, message)
                .label(readings)
                .certain_fix("quote the key", edits),
        );
    }

    pub(super) fn ambiguous_string(&mut self, place: Place, text: &str, division: &Division) {
        let message = format!("`{}` is not read alike everywhere; quote it", shown(text));
        let edits = self.quote(place, text);
        self.report(
            Diagnostic::new(&rules::AMBIGUOUS_SCALAR, place, message)
                .label(division.readings)
                .certain_fix("quote the value", edits),
        );
    }

    fn ambiguous_number(&mut self, place: Place, text: &str, division: &Division) {
        let diagnostic = |way_out: &str| {
            let message = format!("`{}` is not read alike everywhere; {way_out}", shown(text));
            Diagnostic::new(&rules::AMBIGUOUS_SCALAR, place, message).label(division.readings)
        };
        self.report(match &division.number {
            Some(number) => diagnostic(&format!("write `{number}`"))
                .certain_fix(format!("write `{number}`"), self.replace(place, number.as_str())),
            None => diagnostic("write the digits as JSON would"),
        });
    }

    pub(super) fn unsafe_integer(&mut self, place: Place, text: &str) {
        let way_out = "carry larger numbers as `decimal`, which is a string on the wire";
        self.report(beyond_safe(place, text).help(way_out));
    }

    /// An unquoted scalar and what it means; nothing for all else.
    pub(super) fn plain<'n>(&self, node: &'n Node) -> Option<(&'n str, Plain)> {
        match &node.kind {
            NodeKind::Scalar(Scalar { text, style: Style::Plain }) => Some((text, classify(text))),
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Mapping(_) | NodeKind::Refused => None,
        }
    }
}

fn is_safe_integer(text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|value| (-SAFE_INTEGER..=SAFE_INTEGER).contains(&value))
}

fn beyond_safe(place: Place, text: &str) -> Diagnostic {
    let shown = if text.len() > 40 { "this integer".to_owned() } else { format!("`{text}`") };
    let message =
        format!("{shown} is beyond ±{SAFE_INTEGER} (2^53 - 1), which JavaScript cannot hold exactly; stay within it");
    Diagnostic::new(&rules::INTEGER_NOT_JS_SAFE, place, message).label("not exact in JavaScript")
}
