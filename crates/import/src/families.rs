//! Which documents describe which event: its revisions, oldest first.

use std::collections::{BTreeMap, BTreeSet};

use growset_model::EventName;
use serde_json::Value;

use crate::Options;
use crate::document::Document;
use crate::loss::{Refusal, Renamed};
use crate::name::VersionedName;
use crate::source::Source;

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
    /// The source of the newest revision of every event.
    pub(crate) fn newest<'a>(&self, sources: &'a [Source]) -> BTreeMap<EventName, &'a Source> {
        self.release(usize::MAX, sources)
    }

    /// The source of every event after so many steps from its oldest revision, as far as it goes.
    pub(crate) fn release<'a>(&self, steps: usize, sources: &'a [Source]) -> BTreeMap<EventName, &'a Source> {
        let after =
            |all: &BTreeMap<Vec<u64>, usize>| all.values().nth(steps).or_else(|| all.values().next_back()).copied();
        self.revisions.iter().filter_map(|(name, all)| Some((name.clone(), &sources[after(all)?]))).collect()
    }

    /// How many revisions the event has that has most.
    pub(crate) fn most_revisions(&self) -> usize {
        self.revisions.values().map(BTreeMap::len).max().unwrap_or(0)
    }

    /// Every source that a newer one of its event supersedes.
    pub(crate) fn older<'a>(&self, sources: &'a [Source]) -> impl Iterator<Item = (&EventName, &'a Source)> {
        self.revisions
            .iter()
            .flat_map(move |(name, all)| all.values().rev().skip(1).map(move |at| (name, &sources[*at])))
    }

    /// Takes a source in, under the name that it gives itself or that the rule gives it.
    pub(crate) fn add(
        &mut self,
        at: usize,
        sources: &[Source],
        documents: &[Document],
        options: &Options,
    ) -> Result<Option<Renamed>, Refusal> {
        let source = &sources[at];
        let spot = source.message.as_ref().map_or(&source.spot, |message| &message.spot);
        let refuse = |message: String| {
            let file = documents[spot.document].path.clone();
            Err(Refusal { file, pointer: spot.pointer.clone(), message })
        };
        let schema = documents[source.spot.document].value.pointer(&source.spot.pointer);
        let ours = schema.and_then(|schema| schema.get("x-growset-event")).and_then(Value::as_str);
        let named = match ours {
            Some(name) => EventName::parse_any_style(name)
                .map(|name| VersionedName { name, revision: Vec::new(), renamed_from: None })
                .map_err(|error| error.to_string()),
            None => VersionedName::of(source, documents, options.name.as_ref()),
        };
        let VersionedName { name, revision, renamed_from } = match named {
            Ok(named) => named,
            Err(message) => return refuse(message),
        };
        let lower = name.as_str().to_ascii_lowercase();
        if let Some(other) = self.lower.get(&lower).filter(|other| **other != name) {
            return refuse(format!("event `{name}` differs from `{other}` by case alone; choose another --name"));
        }
        self.lower.insert(lower, name.clone());
        let renamed =
            renamed_from.map(|from| Renamed { source: source.path(documents), from, to: name.as_str().to_owned() });
        let revisions = self.revisions.entry(name.clone()).or_default();
        let Some(other) = revisions.get(&revision).copied() else {
            revisions.insert(revision, at);
            return Ok(renamed);
        };
        // Two schemas of one contract: listeners' says all that publishers' says.
        let is_of_publishers = |source: &Source| documents[source.spot.document].path.ends_with(".publish.json");
        let is_twin = is_of_publishers(&sources[other]);
        if ours.is_some() && is_of_publishers(source) != is_twin {
            if is_twin {
                revisions.insert(revision, at);
            }
            self.twins.insert(if is_twin { &sources[other] } else { source }.spot.document);
            return Ok(None);
        }
        let other = sources[other].path(documents);
        refuse(format!("event `{name}` is described by {other} too; tell them apart by --name"))
    }
}
