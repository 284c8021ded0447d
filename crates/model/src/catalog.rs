//! The catalog: every contract of a folder, resolved.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::name::{EventName, FieldName, TypeName};
use crate::place::Place;
use crate::shape::{NamedType, Record, Type, TypeKind};

/// Every contract of a folder. Ordered by name, so that whatever is made from it is the same every time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Catalog {
    /// From `growset.yaml`.
    pub settings: Settings,
    /// By name.
    pub events: BTreeMap<EventName, Event>,
    /// By name.
    pub types: BTreeMap<TypeName, NamedType>,
}

/// What `growset.yaml` says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// The heading of the documentation.
    pub title: String,
    /// The URL that every schema's `$id` starts with, without a slash at its end.
    pub schema_base: String,
    /// The name of the npm package.
    pub npm_name: String,
    /// The Rust crate.
    pub rust: RustPackage,
    /// Which event names are taken.
    pub names: NamePolicy,
    /// Lints turned up or off, by rule id.
    pub policy: BTreeMap<String, LintPolicy>,
}

/// The Rust crate that is generated.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RustPackage {
    /// Its name.
    pub name: String,
    /// The dependency line for `trait Event`, as Cargo takes it: `{ path: … }`, `{ version: … }`, or nothing said.
    pub event_crate: BTreeMap<String, String>,
}

/// Which event names are taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum NamePolicy {
    /// Dotted lower-case names only.
    #[default]
    Dotted,
    /// Dotted names, and exactly these others.
    Except(Vec<String>),
    /// Any safe name.
    Any,
}

/// One line of `policy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LintPolicy {
    /// What is made of the lint.
    pub level: LintLevel,
    /// Where the rule id is spelled.
    pub place: Place,
}

/// What `policy` makes of a lint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LintLevel {
    /// Not reported.
    Allow,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// On the wire.
    pub name: EventName,
    /// The team; feeds docs and review routing.
    pub owner: Option<String>,
    /// Who receives it.
    pub audience: Audience,
    /// What happened when it is sent.
    pub doc: Option<String>,
    /// Whether it may still change freely.
    pub stability: Stability,
    /// Why it should not be listened to any more.
    pub deprecated: Option<Deprecated>,
    /// The event that this one is the next version of.
    pub replaces: Option<EventName>,
    /// Whether the last payload is kept for listeners that connect.
    pub retain: Option<Retain>,
    /// Ends a subscription that was opened with `until=<event>`.
    pub terminal: bool,
    /// Limit of the compact intake payload, in bytes.
    pub max_bytes: Option<u64>,
    /// A tombstone: the name is never used again.
    pub retired: Option<Retired>,
    /// What it carries.
    pub payload: Payload,
    /// One at least, unless retired; each is a payload of I.
    pub examples: Vec<Example>,
    /// The contract's path below the contracts folder, with `/`.
    pub source: String,
    /// Where the name is spelled.
    pub place: Place,
}

/// What an event carries.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// An object with known fields.
    Record(Record),
    /// A JSON Schema carried whole; types as JSON.
    Opaque(Value),
}

/// One example payload.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The payload as a publisher sends it: without derived fields.
    pub value: Value,
    /// Where it is spelled.
    pub place: Place,
    /// Where its members and items are spelled, by JSON Pointer; empty for what no file spells.
    pub parts: BTreeMap<String, Place>,
}

/// Who receives an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Every listener of one organisation.
    Org,
    /// Every connection of one user of one organisation.
    User,
    /// The listeners of one channel of one organisation.
    Channel,
    /// Everyone.
    Public,
}

/// Whether an event may still change freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stability {
    /// Grows only, once released.
    #[default]
    Stable,
    /// Changes freely, and is not served unless asked for.
    Draft,
}

/// Why something should not be used any more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deprecated {
    /// What to use instead.
    pub successor: Option<String>,
    /// The day it may go.
    pub sunset: Option<Date>,
    /// In words.
    pub reason: Option<String>,
    /// Where it is spelled.
    pub place: Place,
}

/// A tombstone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retired {
    /// The day it went.
    pub since: Date,
    /// What to use instead.
    pub successor: Option<EventName>,
}

/// Which last payload is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retain {
    /// The last one per target.
    Latest,
    /// The last one per target and values of these fields.
    LatestBy(Vec<FieldName>),
}

/// A day of the calendar that exists (RFC 3339 full-date).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Catalog {
    /// The record behind a type, looking through names and `nullable`.
    pub fn record_of<'a>(&'a self, ty: &'a Type) -> Option<&'a Record> {
        match &self.resolve(ty)?.kind {
            TypeKind::Record(record) => Some(record),
            TypeKind::Nullable(inner) => self.record_of(inner),
            _ => None, // Every other kind is no record; a new kind that holds one is a new arm above.
        }
    }

    /// The type behind names. Nothing when a name is unknown or only ever stands for another name.
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> Option<&'a Type> {
        let mut ty = ty;
        for _ in 0..=self.types.len() {
            let TypeKind::Named(name) = &ty.kind else {
                return Some(ty);
            };
            ty = &self.types.get(name)?.ty;
        }
        None
    }

    /// The named types that an event's payload reaches, in order of name.
    pub fn reachable<'a>(&'a self, payload: &'a Payload) -> BTreeMap<&'a TypeName, &'a NamedType> {
        match payload {
            Payload::Record(record) => self.reachable_from(record.fields.iter().map(|field| &field.ty)),
            Payload::Opaque(_) => BTreeMap::new(),
        }
    }

    /// The named types that these types reach, in order of name.
    pub fn reachable_from<'a>(
        &'a self,
        types: impl IntoIterator<Item = &'a Type>,
    ) -> BTreeMap<&'a TypeName, &'a NamedType> {
        let mut reached = BTreeMap::new();
        let mut waiting: Vec<&Type> = types.into_iter().collect();
        while let Some(ty) = waiting.pop() {
            waiting.extend(ty.kind.parts());
            if let TypeKind::Named(name) = &ty.kind
                && let Some((name, named)) = self.types.get_key_value(name)
                && reached.insert(name, named).is_none()
            {
                waiting.push(&named.ty);
            }
        }
        reached
    }
}

impl Event {
    /// The payload's fields; nothing for a payload that is carried whole.
    pub fn record(&self) -> Option<&Record> {
        match &self.payload {
            Payload::Record(record) => Some(record),
            Payload::Opaque(_) => None,
        }
    }

    /// May still change freely.
    pub fn is_draft(&self) -> bool {
        self.stability == Stability::Draft
    }
}

impl Audience {
    /// Every audience, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Org, Self::User, Self::Channel, Self::Public];

    /// As contracts spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Org => "org",
            Self::User => "user",
            Self::Channel => "channel",
            Self::Public => "public",
        }
    }
}

impl Stability {
    /// As contracts spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Draft => "draft",
        }
    }
}

impl LintLevel {
    /// As contracts spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

impl Date {
    /// Parses `YYYY-MM-DD` when that day exists in the proleptic Gregorian calendar.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return None;
        }
        let year: u16 = text.get(0..4)?.parse().ok()?;
        let month: u8 = text.get(5..7)?.parse().ok()?;
        let day: u8 = text.get(8..10)?.parse().ok()?;
        (day >= 1 && day <= days_in_month(year, month)?).then_some(Self { year, month, day })
    }
}

fn days_in_month(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if leap => Some(29),
        2 => Some(28),
        _ => None, // Not a month.
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_dates() {
        assert_eq!(Date::parse("2024-02-29").map(|date| date.to_string()), Some("2024-02-29".into()));
        for text in ["2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-1-01", "é024-1-01"] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
