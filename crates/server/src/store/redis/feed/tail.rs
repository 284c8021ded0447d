//! What the feed knows of one ring.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{Answer, Trouble, Wanted};
use crate::flushing::Round;
use crate::ring::{Ring, Since};
use crate::store::redis::keys::Keys;

/// One ring, and who waits for it.
pub(super) struct Tail {
    pub(super) ring: Arc<Ring>,
    pub(super) keys: Keys,
    pub(super) round: Round,
    /// The store was asked once, so that the ring stands where it does.
    pub(super) is_known: bool,
    pub(super) is_subscribed: bool,
    /// Something may be missing, or may have been lost by the store.
    pub(super) is_unclear: bool,
    /// Wake-ups that came while the store was asked.
    pub(super) missed: Vec<Vec<u8>>,
    /// When something came last.
    pub(super) heard: Instant,
    /// Since when nobody looks at it.
    idle: Option<Instant>,
    waiting: Vec<(Since, Answer)>,
    /// Those for whom the store is being asked; nothing when it is not.
    asking: Option<Vec<(Since, Answer)>>,
}

impl Tail {
    pub(super) fn new(ring: Arc<Ring>, keys: Keys) -> Self {
        Self {
            ring,
            keys,
            round: Round::default(),
            is_known: false,
            is_subscribed: false,
            is_unclear: true,
            missed: Vec::new(),
            heard: Instant::now(),
            idle: None,
            waiting: Vec::new(),
            asking: None,
        }
    }

    pub(super) fn ask(&mut self, since: Since, answer: Answer) {
        self.waiting.push((since, answer));
    }

    pub(super) fn is_looking(&self) -> bool {
        self.asking.is_some()
    }

    /// What is to be asked for now; nothing when nobody wants anything, or the store is being asked.
    pub(super) fn begin(&mut self) -> Option<Wanted> {
        if self.is_looking() || (self.waiting.is_empty() && !self.is_unclear) {
            return None;
        }
        let known = self.is_known.then(|| self.ring.last());
        let back = self.waiting.iter().filter_map(|(since, _)| match since {
            Since::Now => None,
            Since::After(position) => Some(position.seq),
            Since::Everything => Some(0),
        });
        let after = back.chain(known).min();
        // What was taken back may have been the last payload of something.
        let retained = self.is_unclear;
        self.is_unclear = false;
        self.asking = Some(std::mem::take(&mut self.waiting));
        Some(Wanted { after, retained })
    }

    /// Everyone for whom the store was asked has what there is.
    pub(super) fn end(&mut self) {
        for (_, answer) in self.asking.take().unwrap_or_default() {
            if let Some(ring) = self.ring.attend() {
                // Whoever is gone lets go of the ring by that.
                let _ = answer.send(Ok(ring));
            }
        }
    }

    /// Nobody gets anything.
    pub(super) fn fail(&mut self, trouble: &Trouble) {
        self.is_unclear = true;
        // It may have failed at that; asking for it twice does no harm.
        self.is_subscribed = false;
        self.missed.clear();
        let asking = self.asking.take().unwrap_or_default();
        for (_, answer) in asking.into_iter().chain(self.waiting.drain(..)) {
            let _ = answer.send(Err(trouble.clone().into()));
        }
    }

    pub(super) fn is_idle(&mut self, now: Instant, linger: Duration) -> bool {
        if self.ring.is_attended() || self.is_looking() || !self.waiting.is_empty() {
            self.idle = None;
            return false;
        }
        now.saturating_duration_since(*self.idle.get_or_insert(now)) >= linger
    }

    pub(super) fn is_quiet(&self, now: Instant, for_so_long: Duration) -> bool {
        now.saturating_duration_since(self.heard) >= for_so_long
    }
}
