//! Text to lock. A line that is not exactly what `release` wrote is refused, with the way back.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::verify::{self, Proved};
use crate::catalog::{Date, Event};
use crate::lock::{Contract, LOCK_VERSION, Lock, LockError, LockedEvent, LockedType, Packages, Release};
use crate::name::{EventName, TypeName};
use crate::serial::{self, Node};
use crate::version::Version;

/// How to get back to what was released.
pub(super) const RESTORE: &str = "restore the file from git; it is written by `growset release` alone";

/// How many lines are read before what they share is shared: all of them at once would weigh as much as the text.
const AT_ONCE: usize = 512;

pub(super) fn lock(text: &Arc<String>) -> Result<Lock, Vec<LockError>> {
    let mut lines = distinct(text);
    let mut reader = Reader::default();
    loop {
        let some: Vec<(usize, &str)> = lines.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        // In parallel, since a large lock is most of what a check reads; told in order.
        let parsed: Vec<Result<Line, String>> =
            some.par_iter().map(|(number, line)| parsed(text, *number, line)).collect();
        for ((number, _), line) in some.into_iter().zip(parsed) {
            if let Err(message) = line.and_then(|line| reader.take(line)) {
                reader.errors.push(LockError { line: number, message });
            }
            if reader.is_newer {
                return Err(reader.errors); // Every further report would be noise.
            }
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
        reader.errors = verify::errors(&reader.lock, &reader.proved);
    }
    if reader.errors.is_empty() {
        reader.lock.sort();
        return Ok(reader.lock);
    }
    Err(reader.errors)
}

/// The contract that a line of an event holds.
pub(super) fn contract(name: &EventName, line: &str) -> Option<Event> {
    let Ok(Node::Object(members)) = Node::parse(line) else { return None };
    let (_, contract) = members.iter().find(|(key, _)| key == "contract")?;
    serial::one_event(name.clone(), contract).ok()
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
    Event(Box<LockedEvent>, Proved),
    Type((TypeName, String), LockedType),
    Release(Release),
}

fn parsed(text: &Arc<String>, number: usize, line: &str) -> Result<Line, String> {
    if is_conflict_marker(line) {
        return Err("this is a conflict marker of a merge; keep the lines of both sides and remove the markers \
                    (the lock is a set of lines)"
            .to_owned());
    }
    let node = Node::parse(line).map_err(|error| format!("is no whole JSON object ({}); {RESTORE}", plain(&error)))?;
    let Node::Object(members) = node else {
        return Err(format!("is no JSON object; {RESTORE}"));
    };
    let mut members = Members(members);
    let parsed = if let Some(version) = members.optional("growset_lock") {
        Line::Header(version.as_number().and_then(|version| version.as_u64()))
    } else if members.has("event") {
        let (mut entry, proved) = event(&mut members, number)?;
        let start = line.as_ptr().addr() - text.as_ptr().addr();
        entry.contract = Contract::of_line(entry.name.clone(), text, start..start + line.len());
        Line::Event(Box::new(entry), proved)
    } else if members.has("type") {
        let (key, locked) = named_type(&mut members, number)?;
        Line::Type(key, locked)
    } else if members.has("release") {
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
    /// Of each event of the lock, in its order.
    proved: Vec<Proved>,
    errors: Vec<LockError>,
    has_header: bool,
    is_newer: bool,
}

impl Reader {
    fn take(&mut self, line: Line) -> Result<(), String> {
        match line {
            Line::Header(version) => return self.header(version),
            Line::Event(mut entry, mut proved) => {
                // Revisions of one event stand together, and mostly reach the same types.
                if let Some(last) = self.lock.events.last().filter(|last| last.uses == entry.uses) {
                    entry.uses = Arc::clone(&last.uses);
                }
                if let Some(last) = self.proved.last().filter(|last| last.names == proved.names) {
                    proved.names = Arc::clone(&last.names);
                }
                self.lock.events.push(*entry);
                self.proved.push(proved);
            }
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

/// A revision, and what is to be known of it to verify it.
fn event(members: &mut Members, line: usize) -> Result<(LockedEvent, Proved), String> {
    let name = EventName::parse_any_style(&members.text("event")?).map_err(|error| error.to_string())?;
    let Node::Object(uses) = members.take("uses")? else { return Err(format!("`uses` is no object; {RESTORE}")) };
    let uses: Result<BTreeMap<TypeName, String>, String> =
        uses.iter().map(|(name, digest)| Ok((type_name(name)?, word(digest, "uses")?))).collect();
    let breaks = match members.optional("breaks") {
        None => Ok(BTreeSet::new()),
        Some(Node::List(digests)) => digests.iter().map(|digest| word(digest, "breaks")).collect(),
        Some(_) => Err(format!("`breaks` is no list; {RESTORE}")),
    };
    let reason = members.optional("reason").map(|reason| word(&reason, "reason")).transpose()?;
    let contract = serial::one_event(name.clone(), &members.take("contract")?)
        .map_err(|error| format!("`contract` {error}; {RESTORE}"))?;
    let digest = members.text("digest")?;
    let uses = uses?;
    let proved = Proved::of(&contract, &uses, &digest);
    let entry = LockedEvent {
        name,
        digest,
        date: members.date()?,
        version: members.version("version")?,
        uses: Arc::new(uses),
        breaks: breaks?,
        reason,
        contract: Contract::of(contract),
        line,
    };
    Ok((entry, proved))
}

fn named_type(members: &mut Members, line: usize) -> Result<((TypeName, String), LockedType), String> {
    let name = type_name(&members.text("type")?)?;
    let digest = members.text("digest")?;
    let contract = serial::one_type(name.clone(), &members.take("contract")?)
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

fn word(value: &Node, key: &str) -> Result<String, String> {
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
struct Members<'t>(Vec<(Cow<'t, str>, Node<'t>)>);

impl<'t> Members<'t> {
    fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(known, _)| known == key)
    }

    fn optional(&mut self, key: &str) -> Option<Node<'t>> {
        let at = self.0.iter().position(|(known, _)| known == key)?;
        Some(self.0.remove(at).1)
    }

    fn take(&mut self, key: &str) -> Result<Node<'t>, String> {
        self.optional(key).ok_or_else(|| format!("`{key}` is missing; {RESTORE}"))
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
        match self.0.first() {
            None => Ok(()),
            Some((key, _)) => Err(format!("`{key}` is no key of a lock's line; {RESTORE}")),
        }
    }
}
