//! Text to lock. A line that is not exactly what `release` wrote is refused, with the way back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Map, Value};

use super::verify;
use crate::catalog::Date;
use crate::lock::{LOCK_VERSION, Lock, LockError, LockedEvent, LockedType, Packages, Release};
use crate::name::{EventName, TypeName};
use crate::serial;
use crate::version::Version;

/// How to get back to what was released.
pub(super) const RESTORE: &str = "restore the file from git; it is written by `growset release` alone";

pub(super) fn lock(text: &str) -> Result<Lock, Vec<LockError>> {
    let lines: Vec<(usize, &str)> = distinct(text).collect();
    // In parallel, since a large lock is most of what a check reads; told in order.
    let parsed: Vec<Result<Line, String>> = lines.par_iter().map(|(number, line)| parsed(*number, line)).collect();
    let mut reader = Reader::default();
    for ((number, _), line) in lines.into_iter().zip(parsed) {
        if let Err(message) = line.and_then(|line| reader.take(line)) {
            reader.errors.push(LockError { line: number, message });
        }
        if reader.is_newer {
            return Err(reader.errors); // Every further report would be noise.
        }
    }
    let is_empty = text.trim().is_empty();
    if !is_empty && !text.ends_with('\n') {
        let message = format!("the last line has no end: the file was cut off; {RESTORE}");
        reader.errors.push(LockError { line: text.lines().count(), message });
    }
    if !reader.has_header && !is_empty && reader.errors.is_empty() {
        let message = format!("the first line `{{\"growset_lock\":{LOCK_VERSION}}}` is missing; {RESTORE}");
        reader.errors.push(LockError { line: 1, message });
    }
    if reader.errors.is_empty() {
        reader.errors = verify::errors(&reader.lock);
    }
    if reader.errors.is_empty() {
        reader.lock.sort();
        return Ok(reader.lock);
    }
    Err(reader.errors)
}

/// The lines with their numbers. A set: the same line twice is that line.
fn distinct(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut seen = BTreeSet::new();
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    numbered.filter(move |(_, line)| is_conflict_marker(line) || seen.insert(*line))
}

fn is_conflict_marker(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| line.starts_with(marker))
}

/// What one line says.
enum Line {
    Header(Option<u64>),
    Event(Box<LockedEvent>),
    Type((TypeName, String), LockedType),
    Release(Release),
}

fn parsed(number: usize, line: &str) -> Result<Line, String> {
    if is_conflict_marker(line) {
        return Err("this is a conflict marker of a merge; keep the lines of both sides and remove the markers \
                    (the lock is a set of lines)"
            .to_owned());
    }
    let value: Value = serde_json::from_str(line)
        .map_err(|error| format!("is no whole JSON object ({}); {RESTORE}", plain(&error)))?;
    let Value::Object(members) = value else {
        return Err(format!("is no JSON object; {RESTORE}"));
    };
    let mut members = Members(members);
    let parsed = if let Some(version) = members.0.swap_remove("growset_lock") {
        Line::Header(version.as_u64())
    } else if members.0.contains_key("event") {
        Line::Event(Box::new(event(&mut members, number)?))
    } else if members.0.contains_key("type") {
        let (key, locked) = named_type(&mut members, number)?;
        Line::Type(key, locked)
    } else if members.0.contains_key("release") {
        Line::Release(release(&mut members)?)
    } else {
        return Err(format!("is neither an event, a type nor a release; {RESTORE}"));
    };
    // Of a newer lock, the version is all that can be read.
    if !matches!(parsed, Line::Header(Some(version)) if version > LOCK_VERSION) {
        members.finish()?;
    }
    Ok(parsed)
}

#[derive(Default)]
struct Reader {
    lock: Lock,
    errors: Vec<LockError>,
    has_header: bool,
    is_newer: bool,
}

impl Reader {
    fn take(&mut self, line: Line) -> Result<(), String> {
        match line {
            Line::Header(version) => return self.header(version),
            Line::Event(entry) => self.lock.events.push(*entry),
            Line::Type(key, locked) => {
                // Two branches may have documented one shape differently; either will do.
                self.lock.types.entry(key).or_insert(locked);
            }
            Line::Release(release) => self.lock.releases.push(release),
        }
        Ok(())
    }

    fn header(&mut self, version: Option<u64>) -> Result<(), String> {
        match version {
            Some(LOCK_VERSION) => {
                self.has_header = true;
                Ok(())
            }
            Some(newer) if newer > LOCK_VERSION => {
                self.is_newer = true;
                Err(format!(
                    "this lock is of version {newer}, and this tool reads up to version {LOCK_VERSION}; install growset \
                     0.{newer}.0 or later"
                ))
            }
            _ => Err(format!("says no version of the lock; {RESTORE}")),
        }
    }
}

fn event(members: &mut Members, line: usize) -> Result<LockedEvent, String> {
    let name = EventName::parse_any_style(&members.text("event")?).map_err(|error| error.to_string())?;
    let uses = members.take("uses")?;
    let uses = uses.as_object().ok_or_else(|| format!("`uses` is no object; {RESTORE}"))?;
    let uses: Result<BTreeMap<TypeName, String>, String> =
        uses.iter().map(|(name, digest)| Ok((type_name(name)?, word(digest, "uses")?))).collect();
    let breaks = match members.0.shift_remove("breaks") {
        None => Ok(BTreeSet::new()),
        Some(Value::Array(digests)) => digests.iter().map(|digest| word(digest, "breaks")).collect(),
        Some(_) => Err(format!("`breaks` is no list; {RESTORE}")),
    };
    let reason = members.0.shift_remove("reason").map(|reason| word(&reason, "reason")).transpose()?;
    let contract = serial::event_from_json(name, &members.take("contract")?)
        .map_err(|error| format!("`contract` {error}; {RESTORE}"))?;
    Ok(LockedEvent {
        digest: members.text("digest")?,
        date: members.date()?,
        version: members.version("version")?,
        uses: uses?,
        breaks: breaks?,
        reason,
        contract: Arc::new(contract),
        line,
    })
}

fn named_type(members: &mut Members, line: usize) -> Result<((TypeName, String), LockedType), String> {
    let name = type_name(&members.text("type")?)?;
    let digest = members.text("digest")?;
    let contract = serial::type_from_json(name.clone(), &members.take("contract")?)
        .map_err(|error| format!("`contract` {error}; {RESTORE}"))?;
    Ok(((name, digest), LockedType { contract: Arc::new(contract), line }))
}

fn release(members: &mut Members) -> Result<Release, String> {
    Ok(Release {
        version: members.version("release")?,
        date: members.date()?,
        catalog: members.text("catalog")?,
        packages: Packages {
            npm: members.text("npm")?,
            rust: members.text("rust")?,
            schema_base: members.text("schema_base")?,
        },
    })
}

fn type_name(text: &str) -> Result<TypeName, String> {
    TypeName::parse(text).map_err(|error| error.to_string())
}

fn word(value: &Value, key: &str) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("`{key}` holds something other than text; {RESTORE}"))
}

/// The complaint without serde's own line and column: a lock's line is one line of JSON.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let column = error.column();
    match text.split(" at line ").next() {
        Some(words) => format!("{words} at column {column}"),
        None => text,
    }
}

/// The members of a line that nobody took yet.
struct Members(Map<String, Value>);

impl Members {
    fn take(&mut self, key: &str) -> Result<Value, String> {
        self.0.shift_remove(key).ok_or_else(|| format!("`{key}` is missing; {RESTORE}"))
    }

    fn text(&mut self, key: &str) -> Result<String, String> {
        word(&self.take(key)?, key)
    }

    fn date(&mut self) -> Result<Date, String> {
        let text = self.text("date")?;
        Date::parse(&text).ok_or_else(|| format!("`date` is no day of the calendar; {RESTORE}"))
    }

    fn version(&mut self, key: &str) -> Result<Version, String> {
        let text = self.text(key)?;
        Version::parse(&text).ok_or_else(|| format!("`{key}` is no version such as 1.4.0; {RESTORE}"))
    }

    /// A key of tomorrow would be lost by the next release.
    fn finish(self) -> Result<(), String> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(key) => Err(format!("`{key}` is no key of a lock's line; {RESTORE}")),
        }
    }
}
