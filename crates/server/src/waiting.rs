//! Who waits for the next frame of a ring.
//!
//! Each listener has a seat for as long as it stands in the ring, so that waiting and waking look nothing up.

use std::task::Waker;

use tokio::runtime::Handle;

/// So many listeners are woken at once from wherever that is.
const A_FEW: usize = 8;

/// A listener's place among those of its ring.
#[derive(Debug)]
pub(crate) struct Seat(usize);

/// The seats of a ring.
#[derive(Default)]
pub(crate) struct Waiting {
    /// Who is woken; nothing of those who are awake, and of empty seats.
    seats: Vec<Option<Waker>>,
    empty: Vec<usize>,
    asleep: usize,
    /// Where they run.
    runtime: Option<Handle>,
}

impl Waiting {
    pub(crate) fn take_seat(&mut self) -> Seat {
        Seat(self.empty.pop().unwrap_or_else(|| {
            self.seats.push(None);
            self.seats.len() - 1
        }))
    }

    pub(crate) fn leave(&mut self, seat: &Seat) {
        self.asleep -= usize::from(self.seats[seat.0].take().is_some());
        self.empty.push(seat.0);
    }

    /// Wakes this listener when a frame comes.
    pub(crate) fn wait(&mut self, seat: &Seat, waker: &Waker) {
        if self.runtime.is_none() {
            self.runtime = Handle::try_current().ok();
        }
        match &mut self.seats[seat.0] {
            Some(asleep) => asleep.clone_from(waker),
            awake => {
                *awake = Some(waker.clone());
                self.asleep += 1;
            }
        }
    }

    /// Whether every seat is empty.
    #[cfg(feature = "redis")]
    pub(crate) fn is_deserted(&self) -> bool {
        self.seats.len() == self.empty.len()
    }

    /// How many wait.
    pub(crate) fn asleep(&self) -> usize {
        self.asleep
    }

    /// Those who wait, who wait no more.
    pub(crate) fn take(&mut self) -> Sleepers {
        let mut wakers = Vec::with_capacity(self.asleep);
        wakers.extend(self.seats.iter_mut().filter_map(Option::take));
        self.asleep = 0;
        Sleepers { wakers, runtime: self.runtime.clone() }
    }
}

/// Listeners that are to be woken.
pub(crate) struct Sleepers {
    wakers: Vec<Waker>,
    runtime: Option<Handle>,
}

impl Sleepers {
    /// More than a few are woken by a task beside them: a wake from another thread takes a lock, and where both threads
    /// share a core, a switch between them and back.
    pub(crate) fn wake(mut self) {
        let Some(runtime) = self.runtime.take().filter(|_| self.wakers.len() > A_FEW) else {
            return; // Dropping it wakes them.
        };
        // A runtime that has ended drops the task, which wakes them as well.
        drop(runtime.spawn(async move { drop(self) }));
    }
}

impl Drop for Sleepers {
    fn drop(&mut self) {
        self.wakers.drain(..).for_each(Waker::wake);
    }
}

/// A waker that counts how often it is woken.
#[cfg(test)]
#[derive(Default)]
pub(crate) struct Woken(std::sync::atomic::AtomicUsize);

#[cfg(test)]
impl Woken {
    pub(crate) fn count(&self) -> usize {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

#[cfg(test)]
impl std::task::Wake for Woken {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn who_waits_is_woken_once_and_who_left_is_not() {
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        let mut waiting = Waiting::default();
        let seats: Vec<Seat> = (0..20).map(|_| waiting.take_seat()).collect();
        seats.iter().for_each(|seat| waiting.wait(seat, &waker));
        waiting.wait(&seats[0], &waker);
        waiting.leave(&seats[1]);
        assert_eq!(waiting.asleep(), 19);
        waiting.take().wake();
        assert_eq!((waiting.asleep(), woken.count()), (0, 19));
        let again = waiting.take_seat();
        assert_eq!(again.0, seats[1].0, "an empty seat is taken before there are more");
        waiting.take().wake();
        assert_eq!(woken.count(), 19);
    }

    #[test]
    fn a_runtime_that_has_ended_keeps_nobody_asleep() {
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        let mut waiting = Waiting::default();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts");
        let seats: Vec<Seat> = (0..20).map(|_| waiting.take_seat()).collect();
        runtime.block_on(async { seats.iter().for_each(|seat| waiting.wait(seat, &waker)) });
        drop(runtime);
        waiting.take().wake();
        assert_eq!(woken.count(), 20);
    }
}
