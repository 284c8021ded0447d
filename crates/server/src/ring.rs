//! One total order of frames per organisation, bounded, in memory. A listener is a place in it.
//!
//! A listener that falls behind what is kept costs its place, not memory.

#[cfg(feature = "redis")]
mod following;

mod place;

mod retained;

use std::collections::{BTreeSet, VecDeque};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[cfg(feature = "redis")]
pub(crate) use self::following::{Taken, Told, View};
pub(crate) use self::place::{Era, Mark, Reason, Since};
pub(crate) use self::retained::RetainKey;
use self::retained::Retained;
use crate::cursor::{Epoch, Position};
use crate::delivery::Chunks;
use crate::erasure::Erasure;
use crate::frame::Frame;
use crate::recipient::Scope;
use crate::waiting::{Seat, Waiting};

/// How much history a ring keeps. Whichever is reached first ends it. Less than what is published at once is a gap to
/// everyone who listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Events.
    pub count: usize,
    /// Bytes of memory, about.
    pub bytes: usize,
    /// Milliseconds.
    pub age: u64,
    /// Retained payloads, of all `latest_by` keys together.
    pub retained: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Self { count: 10_000, bytes: 16 << 20, age: 24 * 60 * 60 * 1000, retained: 10_000 }
    }
}

/// Held by whoever looks at a ring.
pub(crate) struct Attendance {
    ring: Arc<Ring>,
    seat: Seat,
}

/// What a ring starts from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Start {
    /// The first epoch of the store.
    pub(crate) born: u64,
    /// Of this run.
    pub(crate) epoch: u64,
    /// The number of the newest event so far.
    pub(crate) last: u64,
    /// Up to here everything was erased.
    pub(crate) erased: u64,
    pub(crate) eras: Vec<Era>,
}

pub(crate) struct Ring {
    pub(crate) scope: Scope,
    state: Mutex<State>,
}

pub(crate) struct State {
    retention: Retention,
    /// A store that several nodes fill may have more than what is here, and tells every epoch that its history knows.
    follows: bool,
    /// The first epoch of the store.
    born: u64,
    /// Of this run.
    epoch: Epoch,
    frames: VecDeque<Arc<Frame>>,
    last: u64,
    /// Up to here everything was erased.
    erased: u64,
    bytes: usize,
    eras: VecDeque<Era>,
    retained: Retained,
    pub(crate) waiting: Waiting,
    /// How often events were taken back that listeners may have heard.
    turn: u32,
    /// What came before this number the store keeps no more, as far as it was asked.
    front: u64,
    /// Nothing comes to it any more.
    is_left: bool,
    pub(crate) chunks: Chunks,
}

impl Deref for Attendance {
    type Target = Arc<Ring>;

    fn deref(&self) -> &Arc<Ring> {
        &self.ring
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        self.ring.lock().waiting.leave(&self.seat);
    }
}

impl Attendance {
    /// Where it is woken.
    pub(crate) fn seat(&self) -> &Seat {
        &self.seat
    }
}

impl Ring {
    /// Of a store of this node alone: what is not here is nowhere.
    pub(crate) fn new(retention: Retention, scope: &Scope, start: Start) -> Self {
        Self::with(retention, scope, start, false)
    }

    /// Of a store that several nodes fill, and that may keep more than what is here.
    #[cfg(feature = "redis")]
    pub(crate) fn following(retention: Retention, scope: &Scope) -> Self {
        Self::with(retention, scope, Start::default(), true)
    }

    fn with(retention: Retention, scope: &Scope, start: Start, follows: bool) -> Self {
        let state = State {
            retention,
            follows,
            born: start.born,
            epoch: Epoch::new(scope, start.epoch),
            last: start.last,
            erased: start.erased,
            eras: start.eras.into(),
            frames: VecDeque::new(),
            bytes: 0,
            retained: Retained::default(),
            waiting: Waiting::default(),
            turn: 0,
            front: 0,
            is_left: false,
            chunks: Chunks::default(),
        };
        Self { scope: scope.clone(), state: Mutex::new(state) }
    }

    /// Looks at it from now on, when it is known to hold what is wanted. Else the store has to be asked first.
    pub(crate) fn enter(self: &Arc<Self>, since: Since) -> Option<Attendance> {
        let mut state = self.lock();
        let is_enough = match since {
            Since::Now => true,
            Since::After(position) => match state.resolve(position) {
                Ok(_) | Err(Reason::Erased | Reason::Unknown) => true,
                // Whoever comes with an old or a made-up place does not make the store search for it.
                Err(Reason::Trimmed) => position.seq + 1 < state.front,
                Err(Reason::Rollback) => position.epoch.number() < state.born,
                Err(Reason::Lagged) => false,
            },
            Since::Everything => false,
        };
        if state.is_left || (state.follows && !is_enough) {
            return None;
        }
        let seat = state.waiting.take_seat();
        drop(state);
        Some(Attendance { ring: self.clone(), seat })
    }

    /// A panic elsewhere leaves the state whole: every change below is complete before anything can panic.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the next frames. Answers how many listeners wait for them.
    pub(crate) fn push(&self, frames: impl IntoIterator<Item = (Arc<Frame>, Option<RetainKey>)>, now: u64) -> usize {
        let mut state = self.lock();
        for (frame, retain_key) in frames {
            state.push(frame, retain_key);
        }
        state.trim(now);
        state.chunks.clear();
        state.waiting.asleep()
    }

    /// Adds a retained payload whose frame is no longer kept, unless a newer one has taken its place.
    pub(crate) fn retain(&self, key: RetainKey, frame: Arc<Frame>) {
        let mut state = self.lock();
        if !state.retained.holds(&key) {
            let most = state.retention.retained;
            state.retained.insert(key, frame, most);
        }
    }

    /// Takes out what an erasure covers. Answers the numbers that went, and the oldest that is kept.
    pub(crate) fn erase(&self, erasure: &Erasure) -> (BTreeSet<u64>, u64) {
        let mut state = self.lock();
        let gone: BTreeSet<u64> =
            state.frames.iter().filter(|frame| erasure.covers(frame)).map(|frame| frame.position.seq).collect();
        state.retained.keep(|frame| !erasure.covers(frame));
        state.chunks.clear();
        if matches!(erasure, Erasure::Org(_)) {
            state.frames.clear();
            state.bytes = 0;
            state.erased = state.last;
        } else {
            for frame in &mut state.frames {
                if gone.contains(&frame.position.seq) {
                    *frame = Arc::new(frame.erased());
                }
            }
            state.bytes = state.frames.iter().map(|frame| frame.weight()).sum();
        }
        (gone, state.first())
    }

    /// Wakes every listener, whether there is a frame or not.
    pub(crate) fn wake(&self) {
        let sleepers = self.lock().waiting.take();
        sleepers.wake();
    }
}

impl State {
    fn push(&mut self, frame: Arc<Frame>, retain_key: Option<RetainKey>) {
        debug_assert_eq!(frame.position.seq, self.last + 1, "numbers are dense");
        debug_assert!(frame.position.epoch.is_beside(self.epoch), "it is of this ring");
        let (epoch, seq) = (frame.position.epoch.number(), frame.position.seq);
        if self.eras.back().is_none_or(|era| era.epoch != epoch) {
            self.eras.push_back(Era { epoch, first: seq });
        }
        self.last = seq;
        self.bytes += frame.weight();
        if let Some(key) = retain_key {
            self.retained.insert(key, frame.clone(), self.retention.retained);
        }
        self.frames.push_back(frame);
    }

    fn trim(&mut self, now: u64) {
        while let Some(oldest) = self.frames.front() {
            let is_within = self.frames.len() <= self.retention.count
                && self.bytes <= self.retention.bytes
                && now.saturating_sub(oldest.at) <= self.retention.age;
            if is_within {
                break;
            }
            self.bytes -= oldest.weight();
            self.frames.pop_front();
        }
        let first = self.first();
        while !self.follows && self.eras.get(1).is_some_and(|next| next.first < first) {
            self.eras.pop_front();
        }
    }

    /// The number of the oldest frame that is kept, or the next one.
    pub(crate) fn first(&self) -> u64 {
        self.last + 1 - self.frames.len() as u64
    }

    /// Right after the newest frame, as a place that is still known when the ring is turned back.
    pub(crate) fn end_mark(&self) -> Mark {
        Mark { position: self.end(), turn: self.turn }
    }

    /// Whether a listener's place is still one of this history.
    pub(crate) fn follow_turns(&self, mark: &mut Mark) -> Result<(), Reason> {
        if mark.turn != self.turn {
            mark.turn = self.turn;
            self.resolve(mark.position).map_err(|_| Reason::Rollback)?;
        }
        Ok(())
    }

    /// Right after the newest frame.
    pub(crate) fn end(&self) -> Position {
        let epoch = self.eras.back().map_or(self.epoch, |era| self.epoch.with_number(era.epoch));
        epoch.at(self.last)
    }

    /// Whether everything after a position is here, but for single events that were erased.
    pub(crate) fn resolve(&self, position: Position) -> Result<u64, Reason> {
        let (epoch, seq) = (position.epoch.number(), position.seq);
        let is_of_this_ring = position.epoch.is_beside(self.epoch);
        if !is_of_this_ring {
            return Err(Reason::Unknown);
        }
        // Whoever looked before the first event stands before the first epoch.
        let is_beginning = epoch == 0 && seq == 0;
        if epoch < self.born && !is_beginning {
            // A store that others fill as well was emptied; one without data was merely started again.
            return Err(if self.follows { Reason::Rollback } else { Reason::Unknown });
        }
        if epoch > self.epoch.number() {
            return Err(Reason::Rollback);
        }
        let era = self.eras.iter().position(|era| era.epoch == epoch);
        let (begin, end) = match era {
            // A listener that was there before the first event of its era stands at that era's beginning.
            Some(index) => {
                let begin = self.eras[index].first;
                let end = self.eras.get(index + 1).map_or(self.last, |next| next.first - 1);
                (begin, end)
            }
            // Before any event: whoever stands at zero has missed whatever there was since.
            None if seq == 0 => (0, 0),
            None if self.eras.front().is_some_and(|oldest| epoch < oldest.epoch && seq < oldest.first) => {
                return Err(Reason::Trimmed);
            }
            // No event that is known bears it: those that did are lost.
            None => return Err(Reason::Rollback),
        };
        if seq > end {
            return Err(Reason::Rollback);
        }
        if seq < self.erased {
            return Err(Reason::Erased);
        }
        if seq + 1 < self.first() {
            return Err(Reason::Trimmed);
        }
        if seq < begin && seq != 0 {
            return Err(Reason::Unknown);
        }
        Ok(seq)
    }

    /// The frames after a number.
    pub(crate) fn after(&self, seq: u64) -> impl Iterator<Item = &Arc<Frame>> {
        let known = seq.saturating_sub(self.first() - 1) as usize;
        self.frames.range(known.min(self.frames.len())..)
    }

    /// The last payloads, oldest first.
    pub(crate) fn retained(&self) -> Vec<Arc<Frame>> {
        self.retained.iter().map(|(_, frame)| frame.clone()).collect()
    }

    pub(crate) fn retained_with_keys(&self) -> impl Iterator<Item = (&RetainKey, &Arc<Frame>)> {
        self.retained.iter()
    }

    pub(crate) fn frames(&self) -> impl Iterator<Item = &Arc<Frame>> {
        self.frames.iter()
    }

    /// Up to where everything was erased.
    pub(crate) fn erased(&self) -> u64 {
        self.erased
    }

    pub(crate) fn eras(&self) -> Vec<Era> {
        self.eras.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use growset_model::EventName;

    use super::*;
    use crate::frame::Rendering;
    use crate::recipient::Recipient;

    fn frame(epoch: u64, seq: u64) -> (Arc<Frame>, Option<RetainKey>) {
        let position = Epoch::new(&Scope::Public, epoch).at(seq);
        let name = Arc::new(EventName::parse("a.b").expect("is a name"));
        let renderings = vec![Rendering::new(position, name, b"{}")];
        (Arc::new(Frame { position, at: seq, recipient: Recipient::Public, renderings }), None)
    }

    fn ring(count: usize) -> Ring {
        let start = Start { born: 5, epoch: 7, last: 0, erased: 0, eras: Vec::new() };
        Ring::new(Retention { count, ..Retention::default() }, &Scope::Public, start)
    }

    fn resolve(ring: &Ring, epoch: u64, seq: u64) -> Result<u64, Reason> {
        ring.lock().resolve(Epoch::new(&Scope::Public, epoch).at(seq))
    }

    #[test]
    fn a_position_is_continued_exactly_or_told_to_be_gone() {
        let ring = ring(3);
        assert_eq!(resolve(&ring, 7, 0), Ok(0));
        ring.push([frame(5, 1), frame(5, 2), frame(7, 3), frame(7, 4), frame(7, 5)], 5);
        let table = [
            (7, 5, Ok(5)),
            (7, 3, Ok(3)),
            (5, 2, Ok(2)),
            (5, 1, Err(Reason::Trimmed)),
            (7, 0, Err(Reason::Trimmed)),
            (7, 6, Err(Reason::Rollback)),
            (5, 3, Err(Reason::Rollback)),
            (7, 2, Err(Reason::Unknown)),
            (6, 4, Err(Reason::Rollback)),
            (4, 2, Err(Reason::Unknown)),
            (8, 2, Err(Reason::Rollback)),
        ];
        for (epoch, seq, expected) in table {
            assert_eq!(resolve(&ring, epoch, seq), expected, "{epoch}-{seq}");
        }
        let state = ring.lock();
        assert_eq!(state.after(3).map(|frame| frame.position.seq).collect::<Vec<_>>(), [4, 5]);
        assert_eq!(state.after(5).count(), 0);
        assert_eq!(state.end(), Epoch::new(&Scope::Public, 7).at(5));
        let of_another_ring = Epoch::new(&Scope::Org("acme".into()), 7).at(5);
        assert_eq!(state.resolve(of_another_ring), Err(Reason::Unknown));
    }

    #[test]
    fn history_ends_by_age_and_by_weight_too() {
        let start = Start { born: 7, epoch: 7, last: 0, erased: 0, eras: Vec::new() };
        let by_age = Ring::new(Retention { age: 1, ..Retention::default() }, &Scope::Public, start.clone());
        by_age.push([frame(7, 1), frame(7, 2), frame(7, 3)], 3);
        assert_eq!(by_age.lock().first(), 2);
        let by_weight = Ring::new(Retention { bytes: 500, ..Retention::default() }, &Scope::Public, start);
        by_weight.push([frame(7, 1), frame(7, 2), frame(7, 3)], 3);
        assert_eq!(by_weight.lock().first(), 2);
    }
}
