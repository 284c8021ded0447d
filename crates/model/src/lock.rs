//! Every released revision, as `contracts/growset.lock` holds it: JSON lines, a set of them, so that two branches
//! merge by keeping the lines of both.
//!
//! Pure: texts in, values out. Does not know where the file lies or what a later contract may do.

mod contract;

mod read;

mod verify;

mod write;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::canonical::{fingerprint, type_digest};
use crate::catalog::{Catalog, Date};
use crate::digest::digest;
use crate::name::{EventName, TypeName};
use crate::serial;
use crate::shape::NamedType;
use crate::version::Version;

pub use contract::Contract;

/// The version of the lock's own form.
pub const LOCK_VERSION: u64 = 1;

/// Everything that was released.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lock {
    /// In order of event, version and digest.
    pub events: Vec<LockedEvent>,
    /// By name and digest.
    pub types: BTreeMap<(TypeName, String), LockedType>,
    /// In order of version.
    pub releases: Vec<Release>,
}

/// One released revision of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct LockedEvent {
    /// Of the event.
    pub name: EventName,
    /// Of its shape, with the types that it reaches.
    pub digest: String,
    /// When.
    pub date: Date,
    /// In which package.
    pub version: Version,
    /// The shape of every named type that it reaches. Shared, because revisions of one event mostly reach the same.
    pub uses: Arc<BTreeMap<TypeName, String>>,
    /// Earlier revisions that it broke under a waiver, and that are compared with no more.
    pub breaks: BTreeSet<String>,
    /// Why that was right.
    pub reason: Option<String>,
    /// The whole contract, with docs and examples.
    pub contract: Contract,
    /// Where the text has it, from one; 0 for what was never read.
    pub line: usize,
}

/// One released shape of a named type.
#[derive(Debug, Clone, PartialEq)]
pub struct LockedType {
    /// Its definition, with docs.
    pub contract: Arc<NamedType>,
    /// Where the text has it, from one; 0 for what was never read.
    pub line: usize,
}

/// One release of the packages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// Of the packages.
    pub version: Version,
    /// When.
    pub date: Date,
    /// Of the whole serialised catalog, docs included.
    pub catalog: String,
    /// What users of the packages and schemas spell.
    pub packages: Packages,
}

/// The names by which generated code is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Packages {
    /// On npm.
    pub npm: String,
    /// On crates.io.
    pub rust: String,
    /// Before every `$id`.
    pub schema_base: String,
}

/// Why a text is no lock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct LockError {
    /// From one.
    pub line: usize,
    /// What is wrong there, with the way out.
    pub message: String,
}

impl Lock {
    /// Reads a lock. Every line that is wrong is told of; an empty text is an empty lock.
    pub fn parse(text: &str) -> Result<Self, Vec<LockError>> {
        Self::parse_shared(&Arc::new(text.to_owned()))
    }

    /// Reads a lock from a text that it keeps: contracts are read from there when they are asked for.
    pub fn parse_shared(text: &Arc<String>) -> Result<Self, Vec<LockError>> {
        read::lock(text)
    }

    /// Prints the lines in their order, the header first.
    pub fn print(&self) -> String {
        write::lock(self)
    }

    /// Nothing was released yet.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.releases.is_empty()
    }

    /// The newest release.
    pub fn last_release(&self) -> Option<&Release> {
        self.releases.last()
    }

    /// This very catalog is the newest release, docs included.
    pub fn holds(&self, catalog: &Catalog) -> bool {
        let Some(last) = self.last_release() else { return false };
        let newest = self.releases.iter().filter(|release| release.version == last.version);
        let digest = catalog_digest(catalog);
        // Two branches may have made one version; their merge is neither of the two.
        newest.clone().count() == 1 && newest.clone().all(|release| release.catalog == digest)
    }

    /// The revisions that the next contract has to grow from, oldest first: all but those that a later one broke
    /// under a waiver.
    pub fn standing(&self) -> Vec<&LockedEvent> {
        let broken = self.broken();
        let stands = |entry: &&LockedEvent| {
            let last = broken.get(&(&entry.name, entry.digest.as_str()));
            last.is_none_or(|version| *version <= entry.version)
        };
        let mut standing: Vec<&LockedEvent> = self.events.iter().filter(stands).collect();
        standing.sort_by_key(|entry| entry.version);
        standing
    }

    /// What was broken under a waiver, and by which version last: a shape may be released again after it was broken.
    fn broken(&self) -> BTreeMap<(&EventName, &str), Version> {
        let mut broken = BTreeMap::new();
        for entry in &self.events {
            for digest in &entry.breaks {
                let last = broken.entry((&entry.name, digest.as_str())).or_insert(entry.version);
                *last = entry.version.max(*last);
            }
        }
        broken
    }

    /// The newest revision of an event.
    pub fn newest(&self, event: &EventName) -> Option<&LockedEvent> {
        self.of_event(event).iter().max_by_key(|entry| entry.version)
    }

    /// Every revision of an event, the oldest first.
    pub fn of_event(&self, event: &EventName) -> &[LockedEvent] {
        let start = self.events.partition_point(|entry| entry.name < *event);
        let from = self.events.get(start..).unwrap_or_default();
        &from[..from.partition_point(|entry| entry.name == *event)]
    }

    /// Until when an event was promised to stay: the last day that any of its revisions says.
    pub fn promised_until(&self, event: &EventName) -> Option<Date> {
        self.of_event(event).iter().filter_map(|entry| entry.contract.event().deprecated.as_ref()?.sunset).max()
    }

    /// The types that a revision reaches, as they were.
    pub fn types_of(&self, entry: &LockedEvent) -> BTreeMap<TypeName, Arc<NamedType>> {
        let pinned = entry.uses.iter().filter_map(|(name, digest)| {
            let locked = self.types.get(&(name.clone(), digest.clone()))?;
            Some((name.clone(), Arc::clone(&locked.contract)))
        });
        pinned.collect()
    }

    /// The catalog as a release left it: the newest revision of every event up to that version.
    pub fn catalog_at(&self, version: Version) -> Catalog {
        let mut catalog = Catalog::default();
        let mut entries: Vec<&LockedEvent> = self.events.iter().filter(|entry| entry.version <= version).collect();
        entries.sort_by_key(|entry| entry.version);
        let mut newest: BTreeMap<&EventName, &LockedEvent> = BTreeMap::new();
        for entry in entries {
            catalog
                .types
                .extend(self.types_of(entry).into_iter().map(|(name, named)| (name, NamedType::clone(&named))));
            newest.insert(&entry.name, entry);
        }
        let events =
            newest.into_iter().map(|(name, entry)| (name.clone(), Arc::unwrap_or_clone(entry.contract.event())));
        catalog.events = events.collect();
        if let Some(release) = self.releases.iter().rfind(|release| release.version <= version) {
            catalog.settings.npm_name.clone_from(&release.packages.npm);
            catalog.settings.rust.name.clone_from(&release.packages.rust);
            catalog.settings.schema_base.clone_from(&release.packages.schema_base);
        }
        catalog
    }

    /// Adds a release of a catalog: a revision for every stable event whose shape or documentation is not released
    /// already, since the newest one is what is restored and shown later. A shape that is only told better takes the
    /// place of the older line for comparisons, and of a type the newest documentation is kept.
    /// `breaks` gives, per event, the digests of what it breaks under a waiver, and why. Answers the events.
    pub fn release(
        &mut self,
        catalog: &Catalog,
        version: Version,
        date: Date,
        breaks: &BTreeMap<EventName, (BTreeSet<String>, String)>,
    ) -> Vec<EventName> {
        let mut released = Vec::new();
        // Oldest first, so that the newest of one shape is what counts.
        let known: BTreeMap<(EventName, String), Contract> = self
            .standing()
            .into_iter()
            .map(|entry| ((entry.name.clone(), entry.digest.clone()), entry.contract.clone()))
            .collect();
        for event in catalog.events.values().filter(|event| !event.is_draft()) {
            let found = fingerprint(catalog, event);
            let waived = breaks.get(&event.name);
            for (name, named) in catalog.reachable(&event.payload) {
                let key = (name.clone(), type_digest(named));
                self.types.insert(key, LockedType { contract: Arc::new(named.clone()), line: 0 });
            }
            // After a merge the newest may be two: each of them is there already.
            let is_known = known
                .get(&(event.name.clone(), found.digest.clone()))
                .is_some_and(|contract| serial::event_to_json(&contract.event()) == serial::event_to_json(event));
            if is_known && waived.is_none() {
                continue;
            }
            self.events.push(LockedEvent {
                name: event.name.clone(),
                digest: found.digest,
                date,
                version,
                uses: Arc::new(found.uses),
                breaks: waived.map(|(digests, _)| digests.clone()).unwrap_or_default(),
                reason: waived.map(|(_, reason)| reason.clone()),
                contract: Contract::of(event.clone()),
                line: 0,
            });
            released.push(event.name.clone());
        }
        let packages = Packages::of(catalog);
        self.releases.push(Release { version, date, catalog: catalog_digest(catalog), packages });
        self.sort();
        released
    }

    /// What `self` lacks of an older lock, or has otherwise: a lock only grows. One description for each. The docs of a
    /// type are those of its newest release.
    pub fn missing_from(&self, older: &Self) -> Vec<String> {
        let mut missing = Vec::new();
        for entry in &older.events {
            let name = &entry.name;
            let mut kept = self.of_event(name).iter().filter(|other| other.is_of(entry)).peekable();
            if kept.peek().is_none() {
                missing.push(format!("revision {} of {name}", entry.version));
            } else if kept.clone().all(|other| (&other.breaks, &other.reason) != (&entry.breaks, &entry.reason)) {
                missing.push(format!("what revision {} of {name} says of earlier ones", entry.version));
            } else if kept.all(|other| other.date != entry.date || other.contract != entry.contract) {
                missing.push(format!("the date, docs or examples of revision {} of {name}", entry.version));
            }
        }
        for (name, digest) in older.types.keys() {
            if !self.types.contains_key(&(name.clone(), digest.clone())) {
                missing.push(format!("shape {} of type {name}", &digest[..digest.len().min(8)]));
            }
        }
        for release in &older.releases {
            let is_of = |kept: &&Release| (kept.version, &kept.catalog) == (release.version, &release.catalog);
            let mut kept = self.releases.iter().filter(is_of).peekable();
            if kept.peek().is_none() {
                missing.push(format!("release {}", release.version));
            } else if kept.all(|kept| kept != release) {
                missing.push(format!("the date or the packages of release {}", release.version));
            }
        }
        missing
    }

    fn sort(&mut self) {
        self.events.sort_by(|left, right| {
            let by_name = left.name.cmp(&right.name);
            by_name.then_with(|| (left.version, &left.digest).cmp(&(right.version, &right.digest)))
        });
        self.releases.sort();
        self.releases.dedup();
    }
}

impl LockedEvent {
    /// Whether it is the same revision, whatever else is said of it.
    fn is_of(&self, other: &Self) -> bool {
        (&self.name, &self.digest, self.version) == (&other.name, &other.digest, other.version)
    }

    /// How reports name it: `1.4.0 (2026-07-01)`.
    pub fn label(&self) -> String {
        format!("{} ({})", self.version, self.date)
    }
}

impl Packages {
    /// As `growset.yaml` says.
    pub fn of(catalog: &Catalog) -> Self {
        let settings = &catalog.settings;
        Self {
            npm: settings.npm_name.clone(),
            rust: settings.rust.name.clone(),
            schema_base: settings.schema_base.clone(),
        }
    }
}

/// The digest of a whole catalog, docs included.
pub fn catalog_digest(catalog: &Catalog) -> String {
    digest(&serial::to_json(catalog))
}
