//! What a ring has for one listener: everything that is pending, as one chunk. Listeners that stand at the same place and
//! hear the same are handed the same bytes.

use std::task::Waker;

use bytes::Bytes;

use crate::cursor::{Cursor, Position};
use crate::frame::Rendering;
use crate::ring::{Mark, Reason, Ring, State};
use crate::subscription::Subscription;
use crate::waiting::Seat;

/// Enough to make writes rare, little enough that a slow reader holds little.
const LARGEST_CHUNK: usize = 64 << 10;

/// Listeners of one organisation seldom stand at more places than this between two events.
const MOST_CHUNKS: usize = 4;

/// Which ids the frames of a chunk bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ids {
    /// Of one ring, for a listener that stands in no other.
    Own,
    /// Of both, in the ring of an organisation.
    OfOrg { public: Position },
    /// Of both, in the ring of public events.
    OfPublic { org: Position },
}

/// What a ring has for a listener.
pub(crate) enum Pending {
    /// Nothing yet; the waker waits.
    Nothing,
    /// So many events, of which the oldest got its number at that time.
    Chunk { bytes: Bytes, events: usize, oldest: u64, is_last: bool },
    /// Something that it can have no more. Whoever is told of that asks again at once.
    Missed(Reason),
}

/// One frame in one of its versions, by their numbers.
type Pick = (u64, usize);

/// Chunks that were put together since the last event.
#[derive(Default)]
pub(crate) struct Chunks {
    made: Vec<(Ids, Vec<Pick>, Bytes)>,
}

impl Chunks {
    pub(crate) fn clear(&mut self) {
        self.made.clear();
    }

    /// Invariant: a chunk is handed on only for the very same frames, versions and ids.
    fn find(&self, ids: Ids, picks: &[Pick]) -> Option<Bytes> {
        self.made.iter().find(|made| made.0 == ids && made.1 == picks).map(|made| made.2.clone())
    }

    fn keep(&mut self, ids: Ids, picks: Vec<Pick>, bytes: Bytes) {
        if self.made.len() == MOST_CHUNKS {
            self.made.remove(0);
        }
        self.made.push((ids, picks, bytes));
    }
}

impl Ring {
    /// What is pending, up to a bound. The mark moves on, also over what is not for this listener.
    pub(crate) fn pending(
        &self,
        mark: &mut Mark,
        ids: Ids,
        subscription: &Subscription,
        (seat, waker): (&Seat, &Waker),
    ) -> Pending {
        let mut state = self.lock();
        if let Err(reason) = state.follow_turns(mark) {
            *mark = state.end_mark();
            return Pending::Missed(reason);
        }
        let position = &mut mark.position;
        if position.seq + 1 < state.first() {
            let reason = if position.seq < state.erased() { Reason::Erased } else { Reason::Lagged };
            *position = state.end();
            return Pending::Missed(reason);
        }
        let mut picks: Vec<Pick> = Vec::new();
        let mut size = 0;
        let mut oldest = 0;
        let mut is_last = false;
        let mut is_hole = false;
        for frame in state.after(position.seq) {
            // A gap is told on its own, after what came before it.
            if frame.is_erased() != is_hole {
                if is_hole || !picks.is_empty() {
                    break;
                }
                is_hole = true;
            }
            *position = frame.position;
            let Some(version) = subscription.pick(frame) else {
                continue;
            };
            if picks.is_empty() {
                oldest = frame.at;
            }
            let rendering = &frame.renderings[version];
            picks.push((frame.position.seq, version));
            size += rendering.with_own_id().len();
            is_last = subscription.ends_with(&rendering.name);
            if size >= LARGEST_CHUNK || is_last {
                break;
            }
        }
        if is_hole {
            return Pending::Missed(Reason::Erased);
        }
        if picks.is_empty() {
            state.waiting.wait(seat, waker);
            return Pending::Nothing;
        }
        let events = picks.len();
        Pending::Chunk { bytes: state.chunk(ids, picks, size), events, oldest, is_last }
    }
}

impl State {
    fn chunk(&mut self, ids: Ids, picks: Vec<Pick>, size: usize) -> Bytes {
        if let (Ids::Own, [only]) = (ids, picks.as_slice()) {
            return self.rendering(*only).map(|(_, one)| one.with_own_id().clone()).unwrap_or_default();
        }
        if let Some(bytes) = self.chunks.find(ids, &picks) {
            return bytes;
        }
        let mut bytes = Vec::with_capacity(size + picks.len() * Cursor::SECOND_POSITION);
        for (position, rendering) in picks.iter().filter_map(|pick| self.rendering(*pick)) {
            match ids {
                Ids::Own => bytes.extend_from_slice(rendering.with_own_id()),
                Ids::OfOrg { public } => {
                    rendering.write_with_id(&Cursor { org: position, public: Some(public) }, &mut bytes);
                }
                Ids::OfPublic { org } => {
                    rendering.write_with_id(&Cursor { org, public: Some(position) }, &mut bytes);
                }
            }
        }
        let bytes = Bytes::from(bytes);
        self.chunks.keep(ids, picks, bytes.clone());
        bytes
    }

    fn rendering(&self, (seq, version): Pick) -> Option<(Position, &Rendering)> {
        let frame = self.after(seq - 1).next()?;
        Some((frame.position, frame.renderings.get(version)?))
    }
}
