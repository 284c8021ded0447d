//! Which documents describe which event: its revisions, oldest first.

use std::collections::{BTreeMap, BTreeSet};

use growset_model::EventName;
use serde_json::Value;

use crate::Options;
use crate::document::Document;
use crate::loss::Refusal;
use crate::name::VersionedName;

/// The documents of every event.
#[derive(Default)]
pub(crate) struct Families {
    /// By the numbers that follow the first one of the version.
    revisions: BTreeMap<EventName, BTreeMap<Vec<u64>, usize>>,
    /// Schemas of publishers beside the schema of listeners that is read.
    pub twins: BTreeSet<usize>,
    lower: BTreeMap<String, EventName>,
}

impl Families {
    /// The document of the newest revision of every event.
    pub(crate) fn newest(&self) -> BTreeMap<EventName, usize> {
        self.release(usize::MAX)
    }

    /// The document of every event after so many steps from its oldest revision, as far as it goes.
    pub(crate) fn release(&self, steps: usize) -> BTreeMap<EventName, usize> {
        let after =
            |all: &BTreeMap<Vec<u64>, usize>| all.values().nth(steps).or_else(|| all.values().next_back()).copied();
        self.revisions.iter().filter_map(|(name, all)| Some((name.clone(), after(all)?))).collect()
    }

    /// How many revisions the event has that has most.
    pub(crate) fn most_revisions(&self) -> usize {
        self.revisions.values().map(BTreeMap::len).max().unwrap_or(0)
    }

    /// Every document that a newer one of its event supersedes.
    pub(crate) fn older(&self) -> impl Iterator<Item = (&EventName, usize)> {
        self.revisions.iter().flat_map(|(name, all)| all.values().rev().skip(1).map(move |document| (name, *document)))
    }

    /// Takes a document in, under the name that it gives itself or that the rule gives it.
    pub(crate) fn add(&mut self, at: usize, all: &[Document], options: &Options, refusals: &mut Vec<Refusal>) {
        let document = &all[at];
        let mut refuse = |message: String| {
            refusals.push(Refusal { file: document.path.clone(), pointer: String::new(), message });
        };
        let ours = document.value.get("x-growset-event").and_then(Value::as_str);
        let named = match ours {
            Some(name) => EventName::parse_any_style(name)
                .map(|name| VersionedName { name, revision: Vec::new() })
                .map_err(|error| error.to_string()),
            None => VersionedName::of(document, options.name.as_ref()),
        };
        let VersionedName { name, revision } = match named {
            Ok(named) => named,
            Err(message) => return refuse(message),
        };
        let lower = name.as_str().to_ascii_lowercase();
        if let Some(other) = self.lower.get(&lower).filter(|other| **other != name) {
            return refuse(format!("event `{name}` differs from `{other}` by case alone; choose another --name"));
        }
        self.lower.insert(lower, name.clone());
        let revisions = self.revisions.entry(name.clone()).or_default();
        let Some(other) = revisions.get(&revision).copied() else {
            revisions.insert(revision, at);
            return;
        };
        // Two schemas of one contract: listeners' says all that publishers' says.
        if ours.is_some() && is_of_publishers(document) != is_of_publishers(&all[other]) {
            if is_of_publishers(&all[other]) {
                revisions.insert(revision, at);
                self.twins.insert(other);
            } else {
                self.twins.insert(at);
            }
            return;
        }
        refuse(format!("event `{name}` is described by {} too; tell them apart by --name", all[other].path));
    }
}

fn is_of_publishers(document: &Document) -> bool {
    document.path.ends_with(".publish.json")
}
