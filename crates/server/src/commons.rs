//! What the nodes on one store have in common beside events: tickets, places for streams, publishes a second.
//!
//! Each store brings its own: in memory where there is one node, else where every node sees it. Knows nothing of
//! credentials and HTTP: a ticket bears text that only whoever keeps it understands.

mod alone;

mod held;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

pub(crate) use self::alone::Alone;
pub(crate) use self::held::{Held, HeldTicket};
use crate::store::StoreError;

/// An answer that may have to come from elsewhere.
pub(crate) type Asked<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What nodes have in common.
pub(crate) trait Commons: Send + Sync {
    /// Keeps a ticket until it is used first. Not when there are too many.
    fn keep_ticket(&self, ticket: Ticket) -> Asked<'_, Result<bool, StoreError>>;

    /// Makes a ticket good for one stream more; nothing when there is none, or no longer.
    fn take_ticket<'a>(&'a self, name: &'a TicketName) -> Asked<'a, Result<Option<Taken>, StoreError>>;

    /// The newest stream of a ticket, which may have been opened while this node did not yet hear of it. Nothing when it
    /// would have heard.
    fn newest_stream<'a>(&'a self, name: &'a TicketName) -> Asked<'a, Option<u64>>;

    /// Takes a place for a stream, or says whose places are all taken.
    fn take_place<'a>(&'a self, whose: &'a Whose, most: Places) -> Asked<'a, Result<(), Crowded>>;

    /// Gives a place back.
    fn leave_place(&self, whose: &Whose);

    /// Whether so many events more may be published in this second.
    fn may_publish<'a>(&'a self, whose: &'a Whose, events: u32, most: u32) -> Asked<'a, bool>;
}

/// Within so many milliseconds a ticket is used first.
pub(crate) const FIRST_USE_MS: u64 = 30_000;

/// A ticket without an end lives so long once it was used.
pub(crate) const LONGEST_MS: u64 = 24 * 60 * 60 * 1000;

/// More tickets are not given out by one node within the time in which they are used first.
pub(crate) const MOST_TICKETS: usize = 100_000;

/// What a ticket is kept under. Whoever reads it cannot show the ticket.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TicketName {
    pub(crate) org: Arc<str>,
    /// Hexadecimal.
    pub(crate) digest: String,
}

/// A ticket that is kept.
pub(crate) struct Ticket {
    pub(crate) name: TicketName,
    /// What it stands for.
    pub(crate) bearer: Bytes,
    /// Milliseconds since 1970, when it ends; nothing when it has no end of its own.
    pub(crate) until_ms: Option<u64>,
}

/// A ticket that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) bearer: Bytes,
    /// Of the stream that it is now good for, and larger than any before.
    pub(crate) stream: u64,
}

/// Organisation and user of whoever listens or publishes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Whose {
    pub(crate) org: Arc<str>,
    pub(crate) user: Option<Arc<str>>,
}

/// As many streams as may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Places {
    pub(crate) org: u32,
    pub(crate) user: u32,
}

/// Whose places are all taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crowded {
    Org,
    User,
}

impl Crowded {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Org => "organisation",
            Self::User => "user",
        }
    }
}
