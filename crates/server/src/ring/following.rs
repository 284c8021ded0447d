//! A ring of a store that other nodes fill as well: it takes what the store tells, in order, and is turned back when the
//! store has lost what was told.

use std::sync::Arc;

use super::{Attendance, Era, RetainKey, Retained, Retention, Ring, Start, State};
use crate::frame::Frame;

/// A frame with what it is the last payload of.
pub(crate) type Told = (Arc<Frame>, Option<RetainKey>);

/// What a store answered when it was asked for a ring.
#[derive(Default)]
pub(crate) struct View {
    /// Where the history of the store stands.
    pub(crate) head: Start,
    /// Up to that, from a number on, without a hole.
    pub(crate) frames: Vec<Told>,
    /// The oldest number that the store keeps, when it was asked for an older one.
    pub(crate) front: Option<u64>,
    /// All last payloads, when they were asked for.
    pub(crate) retained: Option<Vec<Told>>,
}

/// What became of frames that the store told on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// So many listeners wait for them.
    New(usize),
    /// They were here already.
    Known,
    /// Something before them is missing, or they are of another epoch: the store has to be asked.
    Unclear,
}

impl Ring {
    /// Takes frames that follow each other. They are the next ones, unless something was missed.
    pub(crate) fn hear(&self, epoch: u64, frames: Vec<Told>, now: u64) -> Taken {
        let mut state = self.lock();
        let Some(first) = frames.first().map(|(frame, _)| frame.position.seq) else {
            return Taken::Known;
        };
        let is_known_epoch = state.eras.back().is_some_and(|era| era.epoch == epoch);
        if !is_known_epoch || first > state.last + 1 {
            return Taken::Unclear;
        }
        let known = usize::try_from(state.last + 1 - first).unwrap_or(usize::MAX);
        if known >= frames.len() {
            return Taken::Known;
        }
        for (frame, retain_key) in frames.into_iter().skip(known) {
            state.push(frame, retain_key);
        }
        state.trim(now);
        state.chunks.clear();
        Taken::New(state.waiting.asleep())
    }

    /// Takes what the store answered: turns back to where both agree, adds what is missing at either end. Answers how
    /// many listeners wait.
    pub(crate) fn take(&self, view: View, now: u64) -> usize {
        let mut state = self.lock();
        let agreed = agreed(&state.eras.iter().copied().collect::<Vec<_>>(), state.last, &view.head);
        if agreed < state.last {
            state.turn_back(agreed);
        }
        state.born = view.head.born;
        state.epoch = state.epoch.with_number(view.head.epoch);
        state.erased = view.head.erased;
        state.eras = view.head.eras.iter().copied().collect();
        if let Some(retained) = view.retained {
            state.retained = Retained::default();
            for (frame, key) in retained {
                let most = state.retention.retained;
                key.into_iter().for_each(|key| state.retained.insert(key, frame.clone(), most));
            }
        }
        state.front = state.front.max(view.front.unwrap_or(0));
        let begin = state.first();
        let (earlier, later): (Vec<Told>, Vec<Told>) =
            view.frames.into_iter().partition(|(frame, _)| frame.position.seq < begin);
        state.add_earlier(earlier);
        for (frame, retain_key) in later {
            if frame.position.seq > state.last + 1 {
                // The store keeps what came between no more.
                state.skip_to(frame.position.seq - 1);
            }
            if frame.position.seq == state.last + 1 {
                state.push(frame, retain_key);
            }
        }
        if state.last < view.head.last {
            state.skip_to(view.head.last);
        }
        state.trim(now);
        state.chunks.clear();
        state.waiting.asleep()
    }

    /// Holds more or less than until now.
    pub(crate) fn keep(&self, retention: Retention, now: u64) {
        let mut state = self.lock();
        if state.retention != retention {
            state.retention = retention;
            state.trim(now);
            state.chunks.clear();
        }
    }

    /// Right after what is known of it.
    pub(crate) fn last(&self) -> u64 {
        self.lock().last
    }

    /// The epoch and the number of what is known to be the newest event.
    pub(crate) fn newest(&self) -> (u64, u64) {
        let end = self.lock().end();
        (end.epoch.number(), end.seq)
    }

    /// Looks at it from now on, whatever it holds. Nothing when it was let go.
    pub(crate) fn attend(self: &Arc<Self>) -> Option<Attendance> {
        let mut state = self.lock();
        if state.is_left {
            return None;
        }
        let seat = state.waiting.take_seat();
        drop(state);
        Some(Attendance { ring: self.clone(), seat })
    }

    /// Lets go of a ring that nobody looks at.
    pub(crate) fn leave(&self) -> bool {
        let mut state = self.lock();
        state.is_left = state.waiting.is_deserted();
        state.is_left
    }

    pub(crate) fn is_attended(&self) -> bool {
        !self.lock().waiting.is_deserted()
    }
}

impl State {
    /// Takes back what came after a number. Listeners that heard it are told when they ask next.
    fn turn_back(&mut self, last: u64) {
        self.front = self.front.min(last + 1);
        let first = self.first();
        self.frames.truncate(usize::try_from((last + 1).saturating_sub(first)).unwrap_or(usize::MAX));
        self.bytes = self.frames.iter().map(|frame| frame.weight()).sum();
        self.retained.keep(|frame| frame.position.seq <= last);
        self.last = last;
        self.turn += 1;
    }

    fn skip_to(&mut self, last: u64) {
        self.frames.clear();
        self.bytes = 0;
        self.last = last;
    }

    /// Adds frames before the first one, as far back as there is room.
    fn add_earlier(&mut self, earlier: Vec<Told>) {
        let retention = self.retention;
        for (frame, _) in earlier.into_iter().rev() {
            let has_room =
                self.frames.len() < retention.count && self.bytes.saturating_add(frame.weight()) <= retention.bytes;
            if frame.position.seq + 1 != self.first() || !has_room {
                return;
            }
            self.bytes += frame.weight();
            self.frames.push_front(frame);
        }
    }
}

/// The last number up to which what is known here is also the history of the store.
fn agreed(eras: &[Era], last: u64, head: &Start) -> u64 {
    let mut end = last;
    for era in eras.iter().rev() {
        if let Some(at) = head.eras.iter().position(|other| other == era) {
            let other = head.eras.get(at + 1).map_or(head.last, |next| next.first - 1);
            return end.min(other);
        }
        end = era.first - 1;
    }
    0
}

#[cfg(test)]
mod tests {
    use growset_model::EventName;

    use super::*;
    use crate::cursor::Epoch;
    use crate::frame::Rendering;
    use crate::recipient::{Recipient, Scope};
    use crate::ring::{Mark, Reason, Retention, Since};

    fn told(epoch: u64, seq: u64) -> Told {
        let position = Epoch::new(&Scope::Public, epoch).at(seq);
        let name = Arc::new(EventName::parse("a.b").expect("is a name"));
        let renderings = vec![Rendering::new(position, name, b"{}")];
        (Arc::new(Frame { position, at: seq, recipient: Recipient::Public, renderings }), None)
    }

    fn head(eras: &[(u64, u64)], last: u64) -> Start {
        let eras: Vec<Era> = eras.iter().map(|(epoch, first)| Era { epoch: *epoch, first: *first }).collect();
        Start { born: eras[0].epoch, epoch: eras.last().map_or(0, |era| era.epoch), last, erased: 0, eras }
    }

    fn view(eras: &[(u64, u64)], last: u64, frames: Vec<Told>) -> View {
        View { head: head(eras, last), frames, ..View::default() }
    }

    fn numbers(ring: &Ring) -> Vec<(u64, u64)> {
        ring.lock().frames().map(|frame| (frame.position.epoch.number(), frame.position.seq)).collect()
    }

    fn ring() -> Ring {
        let ring = Ring::following(Retention { count: 6, ..Retention::default() }, &Scope::Public);
        ring.take(view(&[(7, 1)], 10, vec![]), 0);
        ring
    }

    fn resolve(ring: &Ring, epoch: u64, seq: u64) -> Result<u64, Reason> {
        ring.lock().resolve(Epoch::new(&Scope::Public, epoch).at(seq))
    }

    #[test]
    fn what_is_told_is_taken_once_in_order_and_without_a_hole() {
        let ring = ring();
        assert_eq!(ring.hear(7, vec![told(7, 11), told(7, 12)], 0), Taken::New(0));
        assert_eq!(ring.hear(7, vec![told(7, 11), told(7, 12)], 0), Taken::Known);
        assert_eq!(ring.hear(7, vec![told(7, 12), told(7, 13)], 0), Taken::New(0), "one of them is new");
        assert_eq!(ring.hear(7, vec![told(7, 15)], 0), Taken::Unclear, "14 is missing");
        assert_eq!(ring.hear(8, vec![told(8, 14)], 0), Taken::Unclear, "another epoch");
        ring.take(view(&[(7, 1)], 15, vec![told(7, 14), told(7, 15)]), 0);
        assert_eq!(numbers(&ring), [(7, 11), (7, 12), (7, 13), (7, 14), (7, 15)]);
    }

    #[test]
    fn a_ring_is_filled_as_far_back_as_there_is_room() {
        let ring = ring();
        ring.take(view(&[(7, 1)], 11, (2..=11).map(|seq| told(7, seq)).collect()), 0);
        assert_eq!(numbers(&ring), [(7, 6), (7, 7), (7, 8), (7, 9), (7, 10), (7, 11)]);
        ring.take(view(&[(7, 1)], 20, vec![told(7, 19), told(7, 20)]), 0);
        assert_eq!(numbers(&ring), [(7, 19), (7, 20)], "what the store keeps no more is skipped");
        ring.take(view(&[(7, 1)], 30, vec![]), 0);
        assert_eq!((numbers(&ring), ring.last()), (vec![], 30));
    }

    #[test]
    fn nobody_makes_the_store_search_for_what_is_known_to_be_gone() {
        let ring = Arc::new(ring());
        let enters = |epoch, seq| ring.enter(Since::After(Epoch::new(&Scope::Public, epoch).at(seq))).is_some();
        assert!(!enters(7, 5), "the store may have it");
        ring.take(View { front: Some(8), ..view(&[(7, 1)], 10, vec![told(7, 8), told(7, 9), told(7, 10)]) }, 0);
        assert!(enters(7, 5) && enters(7, 7) && enters(5, 5), "gone, here, of no epoch");
        assert!(!enters(7, 11) && !enters(9, 5), "the store may be ahead");
    }

    #[test]
    fn a_lost_tail_turns_the_ring_back_and_whoever_heard_it_is_told() {
        let ring = ring();
        ring.hear(7, vec![told(7, 11), told(7, 12), told(7, 13)], 0);
        let epoch = Epoch::new(&Scope::Public, 7);
        let mut marks = [11, 12, 13].map(|seq| Mark { position: epoch.at(seq), turn: 0 });
        ring.take(view(&[(7, 1), (9, 12)], 12, vec![told(9, 12)]), 0);
        assert_eq!(numbers(&ring), [(7, 11), (9, 12)]);
        let told = marks.each_mut().map(|mark| ring.lock().follow_turns(mark));
        assert_eq!(told, [Ok(()), Err(Reason::Rollback), Err(Reason::Rollback)]);
        assert_eq!(resolve(&ring, 7, 11), Ok(11));
        assert_eq!(resolve(&ring, 7, 12), Err(Reason::Rollback));
        assert_eq!(resolve(&ring, 8, 12), Err(Reason::Rollback), "of an epoch that was lost whole");
    }

    #[test]
    fn a_tail_that_is_lost_before_anything_new_comes_is_told_as_well() {
        let ring = ring();
        ring.hear(7, vec![told(7, 11), told(7, 12)], 0);
        ring.take(view(&[(7, 1)], 11, vec![]), 0);
        assert_eq!(numbers(&ring), [(7, 11)]);
        assert_eq!((resolve(&ring, 7, 12), resolve(&ring, 8, 12)), (Err(Reason::Rollback), Err(Reason::Rollback)));
    }

    #[test]
    fn history_that_began_anew_shares_nothing_with_what_was_known() {
        let ring = ring();
        ring.hear(7, vec![told(7, 11)], 0);
        ring.take(view(&[(20, 1)], 2, vec![told(20, 1), told(20, 2)]), 0);
        assert_eq!(numbers(&ring), [(20, 1), (20, 2)]);
        assert_eq!(resolve(&ring, 7, 11), Err(Reason::Rollback));
        assert_eq!(resolve(&ring, 20, 1), Ok(1));
    }
}
