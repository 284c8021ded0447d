//! Text to lock. A line that is not exactly what `release` wrote is refused, with the way back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::canonical::{fingerprint, type_digest};
use crate::catalog::{Catalog, Date};
use crate::lock::{LOCK_VERSION, Lock, LockError, LockedEvent, LockedType, Packages, Release};
use crate::name::{EventName, TypeName};
use crate::serial;
use crate::version::Version;

/// How to get back to what was released.
const RESTORE: &str = "restore the file from git; it is written by `growset release` alone";

pub(super) fn lock(text: &str) -> Result<Lock, Vec<LockError>> {
    let mut reader = Reader::default();
    for (index, line) in text.lines().enumerate() {
        if let Err(message) = reader.line(index + 1, line) {
            reader.errors.push(LockError { line: index + 1, message });
        }
        if reader.is_newer {
            return Err(reader.errors); // Every further report would be noise.
        }
    }
    let lines = text.lines().count();
    if !text.trim().is_empty() && !text.ends_with('\n') {
        let message = format!("the last line has no end: the file was cut off; {RESTORE}");
        reader.errors.push(LockError { line: lines, message });
    }
    if !reader.has_header && !text.trim().is_empty() && reader.errors.is_empty() {
        let message = format!("the first line `{{\"growset_lock\":{LOCK_VERSION}}}` is missing; {RESTORE}");
        reader.errors.push(LockError { line: 1, message });
    }
    if reader.errors.is_empty() {
        reader.check_digests();
    }
    if reader.errors.is_empty() {
        reader.lock.sort();
        return Ok(reader.lock);
    }
    Err(reader.errors)
}

#[derive(Default)]
struct Reader {
    lock: Lock,
    errors: Vec<LockError>,
    has_header: bool,
    is_newer: bool,
    seen: BTreeSet<String>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), String> {
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| line.starts_with(marker)) {
            return Err("this is a conflict marker of a merge; keep the lines of both sides and remove the markers \
                        (the lock is a set of lines)"
                .to_owned());
        }
        if !self.seen.insert(line.to_owned()) {
            return Ok(()); // A set: the same line twice is that line.
        }
        let value: Value = serde_json::from_str(line)
            .map_err(|error| format!("is no whole JSON object ({}); {RESTORE}", plain(&error)))?;
        let Value::Object(members) = value else {
            return Err(format!("is no JSON object; {RESTORE}"));
        };
        let mut members = Members(members);
        if members.0.contains_key("growset_lock") {
            self.header(&mut members)?;
        } else if members.0.contains_key("event") {
            let entry = event(&mut members, number)?;
            self.lock.events.push(entry);
        } else if members.0.contains_key("type") {
            let (key, locked) = named_type(&mut members, number)?;
            // Two branches may have documented one shape differently; either will do.
            self.lock.types.entry(key).or_insert(locked);
        } else if members.0.contains_key("release") {
            let entry = release(&mut members)?;
            self.lock.releases.push(entry);
        } else {
            return Err(format!("is neither an event, a type nor a release; {RESTORE}"));
        }
        members.finish()
    }

    fn header(&mut self, members: &mut Members) -> Result<(), String> {
        let version = members.0.shift_remove("growset_lock").and_then(|version| version.as_u64());
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

    /// Every line has to be what its digest says, or a released shape was edited.
    fn check_digests(&mut self) {
        for ((name, digest), locked) in &self.lock.types {
            if type_digest(&locked.contract) != *digest {
                let message = format!("the shape of type {name} was edited, its digest no longer fits; {RESTORE}");
                self.errors.push(LockError { line: locked.line, message });
            }
        }
        if !self.errors.is_empty() {
            self.errors.sort_by_key(|error| error.line);
            return; // Every event that uses the type would follow.
        }
        for entry in &self.lock.events {
            if let Err(message) = check_event(&self.lock, entry) {
                self.errors.push(LockError { line: entry.line, message });
            }
        }
        self.errors.sort_by_key(|error| error.line);
    }
}

fn check_event(lock: &Lock, entry: &LockedEvent) -> Result<(), String> {
    let name = &entry.contract.name;
    let types = lock.types_of(entry);
    if let Some((missing, _)) = entry.uses.iter().find(|(used, _)| !types.contains_key(*used)) {
        return Err(format!(
            "the line of type {missing}, which revision {} of {name} uses, is missing; {RESTORE}",
            entry.version
        ));
    }
    let catalog =
        Catalog { types: types.into_iter().map(|(name, named)| (name, named.clone())).collect(), ..Catalog::default() };
    let found = fingerprint(&catalog, &entry.contract);
    if found.digest == entry.digest && found.uses == entry.uses {
        return Ok(());
    }
    Err(format!("revision {} of {name} was edited, its digest no longer fits; {RESTORE}", entry.version))
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
        contract,
        line,
    })
}

fn named_type(members: &mut Members, line: usize) -> Result<((TypeName, String), LockedType), String> {
    let name = type_name(&members.text("type")?)?;
    let digest = members.text("digest")?;
    let contract = serial::type_from_json(name.clone(), &members.take("contract")?)
        .map_err(|error| format!("`contract` {error}; {RESTORE}"))?;
    Ok(((name, digest), LockedType { contract, line }))
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
