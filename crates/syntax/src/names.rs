//! The names of every event and type, gathered before anything is lowered, so that each use is resolved where it stands.

use std::collections::BTreeSet;

use crate::tree::Node;

/// Every name that the contracts of a folder define.
#[derive(Debug, Default)]
pub(crate) struct KnownNames {
    pub(crate) events: BTreeSet<Box<str>>,
    pub(crate) types: BTreeSet<Box<str>>,
    /// Some file of types could not be read, so a name that nobody defines may well be defined there.
    pub(crate) types_are_missing: bool,
    /// The same for events.
    pub(crate) events_are_missing: bool,
}

impl KnownNames {
    /// Takes the name of one event file: what it says, or what its file is called where it says nothing.
    pub(crate) fn add_event(&mut self, root: Option<&Node>, stem: &str) {
        self.events_are_missing |= root.is_none();
        let named = root.and_then(|root| root.child("event")).and_then(Node::scalar_text);
        self.events.insert(named.filter(|name| !name.is_empty()).unwrap_or(stem).into());
    }

    /// Takes the names that one file of types defines.
    pub(crate) fn add_types(&mut self, root: Option<&Node>) {
        let entries = root.and_then(|root| root.child("types")).and_then(Node::entries);
        self.types_are_missing |= entries.is_none();
        self.types.extend(entries.unwrap_or_default().iter().map(|entry| entry.key.text.clone()));
    }
}
