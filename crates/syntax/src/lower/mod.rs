//! From trees to the model. Nothing here stops at a problem: what cannot be read is reported, replaced by the type
//! `json` or left out, and the rest goes on.

mod choice;
mod constraint;
mod deprecated;
mod event;
mod field;
mod form;
mod generic;
mod mapping;
mod named_type;
mod pattern;
mod scalar;
mod settings;
mod value;
mod waivers;

use growset_model::{Diagnostic, Edit, FileId, NamePolicy, Place, Rule};

use crate::names::KnownNames;
use crate::scalar::quoted;
use crate::suggest::shown;
use crate::tree::{Entry, Key, Node, NodeKind, Style};

#[cfg(test)]
pub(crate) use self::{
    choice::{CASE_KEYS, ENUM_VALUE_KEYS},
    deprecated::DEPRECATED_KEYS,
    event::{EVENT_KEYS, RETAIN_KEYS, RETIRED_KEYS},
    named_type::{NAMED_TYPE_KEYS, TYPES_FILE_KEYS},
    settings::{EVENT_CRATE_KEYS, NAMES_KEYS, NPM_KEYS, RUST_KEYS, SETTINGS_KEYS},
    waivers::{WAIVER_KEYS, WAIVERS_FILE_KEYS},
};
pub(crate) use field::FIELD_KEYS;
pub(crate) use generic::{GENERICS, LEAVES};
pub(crate) use settings::{fallback as fallback_settings, lower_settings};

/// The lowering of one file.
pub(crate) struct Lowering<'a> {
    pub(crate) file: FileId,
    pub(crate) text: &'a str,
    pub(crate) names: &'a KnownNames,
    pub(crate) policy: &'a NamePolicy,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'a> Lowering<'a> {
    /// Starts on one file.
    pub(crate) fn new(file: FileId, text: &'a str, names: &'a KnownNames, policy: &'a NamePolicy) -> Self {
        Self { file, text, names, policy, diagnostics: Vec::new() }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a problem that needs no more than its sentence and the words beside the caret.
    fn refuse(&mut self, rule: &'static Rule, place: Place, message: impl Into<String>, label: &str) {
        self.report(Diagnostic::new(rule, place, message).label(label));
    }

    /// The value of `key` has another kind than the key takes.
    fn wrong_shape(&mut self, entry: &Entry, expected: &str) {
        self.wrong_value(&entry.key.text, entry.key.place, &entry.value, expected);
    }

    /// The value of what is called `name` has another kind than it should.
    fn wrong_value(&mut self, name: &str, key_place: Place, value: &Node, expected: &str) {
        let (place, found) = match &value.kind {
            NodeKind::Refused => return, // Reported where it was refused.
            NodeKind::Scalar(_) if value.is_left_out() => (key_place, "nothing".to_owned()),
            NodeKind::Scalar(scalar) => (value.place, describe_scalar(&scalar.text, scalar.style)),
            NodeKind::List(_) => (self.first_line(value.place), "a list".to_owned()),
            NodeKind::Mapping(_) => (self.first_line(value.place), "a mapping".to_owned()),
        };
        let message = format!("`{}` takes {expected}, and {found} is written", shown(name));
        self.report(Diagnostic::new(&crate::rules::WRONG_SHAPE, place, message).label(format!("expected {expected}")));
    }

    /// A place cut to its first line, so that a caret never underlines half a file.
    fn first_line(&self, place: Place) -> Place {
        let range = place.range();
        let line = self.text.get(range.clone()).and_then(|text| text.lines().next()).map_or(0, str::len);
        Place::new(self.file, range.start..range.start + line)
    }

    /// The place of a value, or of its key where the value is left out.
    fn value_place(&self, entry: &Entry) -> Place {
        if entry.value.is_left_out() { entry.key.place } else { self.first_line(entry.value.place) }
    }

    /// The place of a part of a scalar's text; the whole scalar where escapes or folding keep the two apart.
    fn part_of_scalar(&self, place: Place, text: &str, part: std::ops::Range<usize>) -> Place {
        let source = self.text.get(place.range()).unwrap_or("");
        let indent = match source.find(text) {
            Some(indent) if indent <= 1 => indent,
            _ => return self.first_line(place), // Escaped, folded, or a block scalar.
        };
        let start = place.range().start + indent;
        let clamp = |offset: usize| text.floor_char_boundary(offset.min(text.len()));
        Place::new(self.file, start + clamp(part.start)..start + clamp(part.end).max(clamp(part.start)))
    }

    /// An edit that replaces a key or a value.
    fn replace(&self, place: Place, text: impl Into<String>) -> Vec<Edit> {
        vec![Edit { place, text: text.into() }]
    }

    /// An edit that puts a scalar into quotes.
    fn quote(&self, place: Place, text: &str) -> Vec<Edit> {
        self.replace(place, quoted(text))
    }

    /// A key that names something of the user's: a field, a value, a case.
    fn name_key<'n>(&mut self, key: &'n Key) -> &'n str {
        self.check_name_key(key);
        &key.text
    }
}

fn describe_scalar(text: &str, style: Style) -> String {
    let shown = shown(text);
    match style {
        Style::Plain => format!("`{shown}`"),
        Style::SingleQuoted | Style::DoubleQuoted | Style::Block => format!("the string `{shown}`"),
    }
}
