//! Which shapes were released, by digest: what `catalog.json` says of the lock, so that whoever is handed that file
//! alone can tell an older catalog from one that diverged.

use std::collections::{BTreeMap, BTreeSet};

use crate::lock::Lock;
use crate::name::EventName;

/// The released shapes of every event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Released {
    /// By name.
    pub events: BTreeMap<EventName, Shapes>,
}

/// The released shapes of one event, by digest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shapes {
    /// Those that a later one has to grow from.
    pub standing: BTreeSet<String>,
    /// Those that a later one broke under a waiver.
    pub broken: BTreeSet<String>,
}

impl Released {
    /// What a lock holds.
    pub fn of(lock: &Lock) -> Self {
        let mut events: BTreeMap<EventName, Shapes> = BTreeMap::new();
        for entry in lock.standing() {
            events.entry(entry.name.clone()).or_default().standing.insert(entry.digest.clone());
        }
        for entry in &lock.events {
            let shapes = events.entry(entry.name.clone()).or_default();
            if !shapes.standing.contains(&entry.digest) {
                shapes.broken.insert(entry.digest.clone());
            }
        }
        Self { events }
    }

    /// Whether a shape was released and is held to.
    pub fn holds(&self, event: &EventName, digest: &str) -> bool {
        self.events.get(event).is_some_and(|shapes| shapes.standing.contains(digest))
    }

    /// Whether a shape was released and broken under a waiver.
    pub fn broke(&self, event: &EventName, digest: &str) -> bool {
        self.events.get(event).is_some_and(|shapes| shapes.broken.contains(digest))
    }
}
