//! What was released: the shapes that a new catalog has to grow from.
//!
//! Knows nothing of where they came from: the lock, a git reference, a directory and a `catalog.json` all come down
//! to a list of revisions.

use std::collections::BTreeMap;
use std::sync::Arc;

use growset_model::lock::Contract;
use growset_model::{Catalog, Date, Event, EventName, NamedType, Settings, TypeName};

/// Every released revision of every event.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    /// The names of packages and the schema base, where the baseline knows them.
    pub settings: Option<Settings>,
    /// Oldest first, so that a report names the newest revision last.
    pub revisions: Vec<Revision>,
    /// Until when events were promised to stay by whatever else was released. Nothing where that is not known: then no
    /// retirement can be called early.
    pub promised: Option<BTreeMap<EventName, Date>>,
}

/// One released shape of one event, with the named types that it reaches.
#[derive(Debug, Clone)]
pub struct Revision {
    /// How reports name it: `1.4.0 (2026-07-01)`, `origin/main`.
    pub label: String,
    /// Of the event.
    pub name: EventName,
    /// As it was released. Shared with the lock that it stands in, and read when it is looked at.
    pub contract: Contract,
    /// As they were then. Shared, because many revisions reach the same types.
    pub types: Arc<BTreeMap<TypeName, Arc<NamedType>>>,
}

/// A revision that is being looked at.
#[derive(Clone, Copy)]
pub(crate) struct Released<'a> {
    pub(crate) event: &'a Event,
    pub(crate) types: &'a BTreeMap<TypeName, Arc<NamedType>>,
}

impl Baseline {
    /// Takes a whole catalog as one revision of each of its events. What was released since is not known.
    pub fn of_catalog(label: &str, catalog: &Catalog) -> Self {
        let types: BTreeMap<&TypeName, Arc<NamedType>> =
            catalog.types.iter().map(|(name, named)| (name, Arc::new(named.clone()))).collect();
        let revisions = catalog
            .events
            .values()
            .map(|event| Revision {
                label: label.to_owned(),
                name: event.name.clone(),
                contract: Contract::of(event.clone()),
                types: Arc::new(
                    catalog
                        .reachable(&event.payload)
                        .into_keys()
                        .filter_map(|name| Some((name.clone(), Arc::clone(types.get(name)?))))
                        .collect(),
                ),
            })
            .collect();
        Self { settings: Some(catalog.settings.clone()), revisions, promised: None }
    }
}

impl Revision {
    /// The revision as a catalog of its own, for rendering its schemas.
    pub(crate) fn to_catalog(&self) -> Catalog {
        Catalog {
            events: BTreeMap::from([(self.name.clone(), Arc::unwrap_or_clone(self.contract.event()))]),
            types: self.types.iter().map(|(name, named)| (name.clone(), NamedType::clone(named))).collect(),
            ..Catalog::default()
        }
    }
}
