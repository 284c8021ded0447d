//! When listeners are woken: at once after a pause, and otherwise as often as waking them is worth.
//!
//! Waking a thousand listeners costs milliseconds. While they are written to, more events come in, and what waits for
//! the next round leaves in the same write. The window is as long as a round takes, at most 5 ms, and zero for a few.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::ring::Ring;

/// No event waits longer for others.
const LONGEST_WINDOW: Duration = Duration::from_millis(5);

/// About what waking and writing to one listener costs.
const PER_LISTENER: Duration = Duration::from_micros(5);

/// Rings whose listeners are to be woken, and when.
#[derive(Default)]
pub(crate) struct Flushing {
    due: Vec<(Instant, Arc<Ring>)>,
}

/// When a ring's listeners were woken last.
#[derive(Default)]
pub(crate) struct Round {
    last: Option<Instant>,
}

impl Flushing {
    /// Something was pushed, for which so many listeners wait.
    pub(crate) fn pushed(&mut self, ring: &Arc<Ring>, round: &mut Round, waiting: usize, now: Instant) {
        if waiting == 0 || self.due.iter().any(|(_, other)| Arc::ptr_eq(other, ring)) {
            return;
        }
        let due = round.last.map(|last| last + window(waiting)).filter(|due| *due > now);
        round.last = Some(due.unwrap_or(now));
        match due {
            Some(due) => self.due.push((due, ring.clone())),
            None => ring.wake(),
        }
    }

    /// Wakes whose time has come. Answers how long the next one has.
    pub(crate) fn flush(&mut self, now: Instant) -> Option<Duration> {
        self.due.retain(|(due, ring)| {
            let is_due = *due <= now;
            if is_due {
                ring.wake();
            }
            !is_due
        });
        self.due.iter().map(|(due, _)| due.saturating_duration_since(now)).min()
    }
}

fn window(waiting: usize) -> Duration {
    LONGEST_WINDOW.min(PER_LISTENER.saturating_mul(u32::try_from(waiting).unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;
    use crate::recipient::Scope;
    use crate::ring::{Retention, Start};
    use crate::waiting::Woken;

    #[test]
    fn the_first_event_goes_out_at_once_and_those_that_follow_share_a_window() {
        let ring = Arc::new(Ring::new(Retention::default(), &Scope::Public, Start::default()));
        let seat = ring.lock().waiting.take_seat();
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        let (mut flushing, mut round) = (Flushing::default(), Round::default());
        let began = Instant::now();
        let at = |ms: u64| began + Duration::from_millis(ms);
        let mut push = |ms: u64, flushing: &mut Flushing| {
            ring.lock().waiting.wait(&seat, &waker);
            flushing.pushed(&ring, &mut round, 1000, at(ms));
        };
        let count = || woken.count();
        push(0, &mut flushing);
        assert_eq!(count(), 1, "after a pause at once");
        push(1, &mut flushing);
        push(4, &mut flushing);
        assert_eq!(flushing.flush(at(4)), Some(Duration::from_millis(1)));
        assert_eq!(count(), 1, "within the window not yet");
        assert_eq!((flushing.flush(at(5)), count()), (None, 2), "both in one round");
        push(6, &mut flushing);
        assert_eq!((flushing.flush(at(10)), count()), (None, 3));
        push(20, &mut flushing);
        assert_eq!(count(), 4, "after a pause at once");
        assert_eq!(
            (window(0), window(100), window(100_000)),
            (Duration::ZERO, Duration::from_micros(500), LONGEST_WINDOW)
        );
    }
}
