//! The events that patterns speak of in one catalog. Looked up once for all listeners that ask for the same.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use growset_model::Audience;

use crate::admission::Admission;
use crate::subscription::matches;

/// Different wishes that are remembered; more are looked up each time.
const MOST_SELECTIONS: usize = 1000;

/// What is asked for, and what the credential allows of it, to be looked up in any catalog.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Wanted {
    patterns: Vec<String>,
    /// Everything when nothing is said.
    allowed: Option<Vec<String>>,
}

/// The events that are heard.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) wanted: Wanted,
    pub(crate) names: BTreeSet<String>,
    /// Retired events that were asked for by name, with their successors.
    pub(crate) retired: Vec<(String, Option<String>)>,
    /// Deprecated events among the names.
    pub(crate) deprecated: Vec<String>,
    pub(crate) hears_public: bool,
}

/// Selections that were looked up in one catalog.
#[derive(Default)]
pub(crate) struct Selections {
    known: Mutex<HashMap<Wanted, Arc<Selection>>>,
}

/// A name that no served event has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} names no event of the catalog{}", nearest.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
pub struct UnknownName {
    /// As it was asked for.
    pub event: String,
    /// A served name that is spelled nearly so.
    pub nearest: Option<String>,
}

impl Wanted {
    pub(crate) fn everything() -> Self {
        Self::of(["*"])
    }

    pub(crate) fn of<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Self {
        Self { patterns: patterns.into_iter().map(str::to_owned).collect(), allowed: None }
    }

    pub(crate) fn limited(&self, allowed: &[String]) -> Self {
        Self { patterns: self.patterns.clone(), allowed: Some(allowed.to_vec()) }
    }

    /// Refuses a pattern that speaks of nothing.
    pub(crate) fn check(&self, admission: &Admission) -> Result<(), UnknownName> {
        let speaks =
            |pattern: &str| admission.events().any(|event| matches(pattern, event.name.as_str()) && !event.is_draft());
        match self.patterns.iter().find(|pattern| !speaks(pattern)) {
            None => Ok(()),
            Some(pattern) => {
                let nearest = admission.nearest(pattern).map(str::to_owned);
                Err(UnknownName { event: pattern.chars().take(128).collect(), nearest })
            }
        }
    }

    fn allows(&self, name: &str) -> bool {
        self.allowed.as_ref().is_none_or(|allowed| allowed.iter().any(|pattern| matches(pattern, name)))
    }
}

impl Selection {
    fn new(admission: &Admission, wanted: Wanted) -> Self {
        let (mut names, mut retired, mut deprecated) = (BTreeSet::new(), Vec::new(), Vec::new());
        let mut hears_public = false;
        for event in admission.events() {
            let name = event.name.as_str();
            let is_wanted = wanted.patterns.iter().any(|pattern| matches(pattern, name)) && wanted.allows(name);
            if !is_wanted || event.is_draft() {
                continue;
            }
            // What was recorded of a retired event is still heard; who asked for it by name is told.
            if event.is_retired() {
                if wanted.patterns.iter().any(|pattern| pattern == name) {
                    let contract = admission.catalog().events.get(&*event.name);
                    let successor = contract.and_then(|event| event.retired.as_ref()?.successor.as_ref());
                    retired.push((name.to_owned(), successor.map(ToString::to_string)));
                }
            } else if event.is_deprecated {
                deprecated.push(name.to_owned());
            }
            hears_public |= event.audience == Audience::Public;
            names.insert(name.to_owned());
        }
        Self { wanted, names, retired, deprecated, hears_public }
    }
}

impl Admission {
    /// The events of a wish.
    pub(crate) fn selection(&self, wanted: Wanted) -> Arc<Selection> {
        let mut known = self.selections().known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(selection) = known.get(&wanted) {
            return selection.clone();
        }
        let selection = Arc::new(Selection::new(self, wanted.clone()));
        if known.len() < MOST_SELECTIONS {
            known.insert(wanted, selection.clone());
        }
        selection
    }
}
