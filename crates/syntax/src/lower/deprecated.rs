//! `deprecated`, wherever it stands: a reason, or a mapping of successor, last day and reason.

use growset_model::{Date, Deprecated, Diagnostic, EventName, Place};

use crate::lower::Lowering;
use crate::rules;
use crate::scalar::Plain;
use crate::suggest::{nearest, shown};
use crate::tree::{Entry, NodeKind};

pub(crate) const DEPRECATED_KEYS: &[&str] = &["use", "sunset", "reason"];

/// What the successor of a deprecated thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Successor {
    /// One of the catalog's events.
    Event,
    /// One of the catalog's types.
    Type,
    /// A field, value or case: said in words.
    Anything,
}

impl Lowering<'_> {
    /// Reads `deprecated`.
    pub(super) fn deprecated(&mut self, entry: &Entry, successor: Successor) -> Option<Deprecated> {
        let place = self.value_place(entry);
        if !matches!(entry.value.kind, NodeKind::Mapping(_)) {
            // Quoting `true` would make it the reason, which nobody meant.
            let is_reason = self.plain(&entry.value).is_none_or(|(_, meaning)| meaning == Plain::Text);
            let reason = if is_reason && entry.value.scalar_text().is_some_and(|text| !text.is_empty()) {
                self.string(entry)?
            } else {
                self.wrong_shape(entry, "a reason, or `{ use: …, sunset: \"2027-06-30\", reason: … }`");
                return None;
            };
            return Some(Deprecated { reason: Some(reason), place, ..Deprecated::default() });
        }
        let keys = self.keys("deprecated", entry.key.place, &entry.value, DEPRECATED_KEYS)?;
        let mut deprecated = Deprecated { place: entry.key.place, ..Deprecated::default() };
        if let Some(entry) = keys.find("use") {
            deprecated.successor = match successor {
                Successor::Event => self.event_reference(entry).map(|name| name.to_string()),
                Successor::Type => self.type_reference(entry),
                Successor::Anything => self.string(entry),
            };
        }
        deprecated.sunset = keys.find("sunset").and_then(|entry| self.date(entry));
        deprecated.reason = keys.find("reason").and_then(|entry| self.string(entry));
        Some(deprecated)
    }

    /// A day in quotes.
    pub(super) fn date(&mut self, entry: &Entry) -> Option<Date> {
        let text = self.string(entry)?;
        let date = Date::parse(&text);
        if date.is_none() {
            self.wrong_shape(entry, "a day of the calendar such as \"2027-06-30\"");
        }
        date
    }

    /// The name of an event that exists.
    pub(super) fn event_reference(&mut self, entry: &Entry) -> Option<EventName> {
        let text = self.string(entry)?;
        let names = self.names;
        if names.events.contains(text.as_str()) {
            // A known name that cannot be parsed is reported where it is defined.
            return EventName::parse_any_style(&text).ok();
        }
        if !names.events_are_missing {
            let near = nearest(&text, names.events.iter().map(|name| &**name));
            self.unknown_name(
                &rules::UNKNOWN_EVENT,
                entry.value.place,
                format!("no contract defines the event `{}`", shown(&text)),
                &near,
            );
        }
        None
    }

    fn type_reference(&mut self, entry: &Entry) -> Option<String> {
        let text = self.string(entry)?;
        let names = self.names;
        if names.types.contains(text.as_str()) {
            return Some(text);
        }
        if !names.types_are_missing {
            let near = nearest(&text, names.types.iter().map(|name| &**name));
            self.unknown_name(
                &rules::UNKNOWN_TYPE,
                entry.value.place,
                format!("no `*.types.yaml` defines the type `{}`", shown(&text)),
                &near,
            );
        }
        None
    }

    /// Reports a name that stands for nothing, with the one it is near to.
    pub(super) fn unknown_name(
        &mut self,
        rule: &'static growset_model::Rule,
        place: Place,
        message: String,
        near: &crate::suggest::Near<'_>,
    ) {
        let mut diagnostic = Diagnostic::new(rule, place, message);
        diagnostic = match near.question() {
            Some(question) => diagnostic.label(question),
            None => diagnostic.label("not known here"),
        };
        if let Some(only) = near.only() {
            let edits = self.replace(place, only);
            diagnostic = diagnostic.likely_fix(format!("write `{only}`"), edits);
        }
        self.report(diagnostic);
    }
}
