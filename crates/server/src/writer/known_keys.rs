//! The keys that publishers used lately, so that an event under one is taken once.

use std::collections::{HashMap, VecDeque};

use crate::cursor::Position;
use crate::recipient::Scope;
use crate::store::{Key, SpentKey};

/// Whose, for which event, and the publisher's text.
pub(super) type KeyId = (Scope, String, String);

pub(super) struct KnownKeys {
    keys: HashMap<KeyId, KnownKey>,
    /// In the order in which they expire.
    expiring: VecDeque<(u64, KeyId)>,
    /// Milliseconds for which one is known.
    key_ms: u64,
}

struct KnownKey {
    digest: String,
    position: Position,
    at: u64,
}

impl KnownKeys {
    pub(super) fn new(key_ms: u64) -> Self {
        Self { keys: HashMap::new(), expiring: VecDeque::new(), key_ms }
    }

    /// The digest of what was published under a key, and where.
    pub(super) fn get(&self, id: &KeyId) -> Option<(&str, Position)> {
        self.keys.get(id).map(|known| (known.digest.as_str(), known.position))
    }

    pub(super) fn remember(&mut self, spent: SpentKey) {
        let id = (spent.scope, spent.event, spent.key.text);
        self.expiring.push_back((spent.at.saturating_add(self.key_ms), id.clone()));
        self.keys.insert(id, KnownKey { digest: spent.key.digest, position: spent.position, at: spent.at });
    }

    /// Forgets what is older than keys are known for.
    pub(super) fn forget_expired(&mut self, now: u64) {
        while let Some((expires, id)) = self.expiring.pop_front_if(|(expires, _)| *expires < now) {
            // A key that was erased may have been used anew since.
            if self.keys.get(&id).is_some_and(|known| known.at.saturating_add(self.key_ms) <= expires) {
                self.keys.remove(&id);
            }
        }
    }

    /// Forgets the keys of an organisation whose event and its number are meant.
    pub(super) fn erase(&mut self, scope: &Scope, is_meant: impl Fn(&str, u64) -> bool) {
        self.keys.retain(|(whose, event, _), known| whose != scope || !is_meant(event, known.position.seq));
    }

    /// The oldest first.
    pub(super) fn by_age(&self) -> Vec<SpentKey> {
        let spent = self.keys.iter().map(|((scope, event, text), known)| SpentKey {
            scope: scope.clone(),
            event: event.clone(),
            key: Key { text: text.clone(), digest: known.digest.clone() },
            position: known.position,
            at: known.at,
        });
        let mut keys: Vec<SpentKey> = spent.collect();
        keys.sort_by_key(|key| key.at);
        keys
    }
}
