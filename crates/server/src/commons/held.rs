//! The tickets whose streams are open on this node: a newer stream closes the older, wherever it was opened.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use super::{Commons, TicketName};

/// Which tickets have streams here. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Held {
    tickets: Arc<Mutex<HashMap<TicketName, Arc<Mutex<State>>>>>,
}

#[derive(Default)]
struct State {
    /// The newest stream that is known of.
    newest: u64,
    /// Wakes the stream that is open.
    waker: Option<Waker>,
}

/// The ticket of one stream.
pub(crate) struct HeldTicket {
    held: Held,
    name: TicketName,
    state: Arc<Mutex<State>>,
    /// Zero until the ticket was taken.
    stream: u64,
}

impl Held {
    /// Hears of newer streams of a ticket from now on. Done before the ticket is taken, so that none is missed.
    pub(crate) fn hold(&self, name: TicketName) -> HeldTicket {
        let state = self.lock().entry(name.clone()).or_default().clone();
        HeldTicket { held: self.clone(), name, state, stream: 0 }
    }

    /// A ticket has another stream, perhaps on another node.
    #[cfg(feature = "redis")]
    pub(crate) fn raise(&self, name: &TicketName, stream: u64) {
        if let Some(state) = self.lock().get(name) {
            raise(state, stream);
        }
    }

    /// Every ticket with a stream here.
    #[cfg(feature = "redis")]
    pub(crate) fn names(&self) -> Vec<TicketName> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TicketName, Arc<Mutex<State>>>> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn raise(state: &Mutex<State>, stream: u64) {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    if stream > state.newest {
        state.newest = stream;
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }
}

impl HeldTicket {
    /// The ticket was taken for this stream.
    pub(crate) fn of_stream(mut self, stream: u64) -> Self {
        self.stream = stream;
        raise(&self.state, stream);
        self
    }

    /// Finds out about streams that were opened before this node heard of them. Invariant: by now it does.
    pub(crate) async fn catch_up(&self, commons: &dyn Commons) {
        if let Some(stream) = commons.newest_stream(&self.name).await {
            raise(&self.state, stream);
        }
    }

    /// Whether another stream has taken its place. Wakes when one does.
    pub(crate) fn was_replaced(&self, waker: &Waker) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.newest > self.stream {
            return true;
        }
        match &mut state.waker {
            Some(known) => known.clone_from(waker),
            None => state.waker = Some(waker.clone()),
        }
        false
    }
}

impl Drop for HeldTicket {
    fn drop(&mut self) {
        let mut tickets = self.held.lock();
        // The table's own, and this one.
        if Arc::strong_count(&self.state) <= 2 {
            tickets.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_stream_replaces_the_older_also_when_it_is_heard_of_first() {
        let held = Held::default();
        let name = TicketName { org: "acme".into(), digest: "0".into() };
        let is_replaced = |ticket: &HeldTicket| ticket.was_replaced(Waker::noop());
        let older = held.hold(name.clone()).of_stream(1);
        let newer = held.hold(name.clone());
        held.raise(&name, 3);
        let newer = newer.of_stream(2);
        assert!(is_replaced(&older) && is_replaced(&newer), "a third stream is open elsewhere");
        let last = held.hold(name.clone()).of_stream(4);
        held.raise(&name, 3);
        assert!(!is_replaced(&last));
        drop((older, newer));
        assert_eq!(held.lock().len(), 1);
        drop(last);
        assert_eq!(held.lock().len(), 0, "nothing is left of what is closed");
    }
}
