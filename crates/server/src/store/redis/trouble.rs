//! What is wrong with a Redis, told once when it begins and once when it is over.

use std::sync::{Mutex, PoisonError};

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::hub::PublishError;
use crate::store::StoreError;

/// What is wrong. Each is logged once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nobody answers there, or whoever did is gone.
    Gone,
    /// It answers, but not in time.
    Slow,
    /// Name, password or rights are not what it wants.
    Denied,
    /// Its memory is full.
    Full,
    /// It is a replica.
    ReadOnly,
    /// It cannot save, or has too few replicas, and takes no writes meanwhile.
    Unsafe,
    /// It is starting, or its cluster is not whole.
    Starting,
    /// It has not heard of our function.
    Unprepared,
    /// Anything else.
    Other,
}

/// A request that failed.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    pub(super) state: State,
    pub(super) message: String,
    /// Whether it may have been carried out all the same.
    pub(super) is_unclear: bool,
}

impl State {
    fn advice(self) -> &'static str {
        match self {
            Self::Gone => "Redis cannot be reached",
            Self::Slow => "Redis does not answer in time",
            Self::Denied => "Redis denies access; see the user, the password and the rights",
            Self::Full => "Redis has no memory left; raise maxmemory, or keep less",
            Self::ReadOnly => "Redis is a replica; name the primary, or sentinels that do",
            Self::Unsafe => "Redis takes no writes, because it cannot save them or has too few replicas",
            Self::Starting => "Redis is starting, or its cluster is not whole",
            Self::Unprepared => "Redis lacks the function that publishes",
            Self::Other => "Redis fails",
        }
    }

    /// Whether another connection may help.
    pub(super) fn asks_for_another_wire(self) -> bool {
        match self {
            Self::Gone | Self::Slow | Self::ReadOnly => true,
            Self::Denied | Self::Full | Self::Unsafe | Self::Starting | Self::Unprepared | Self::Other => false,
        }
    }
}

impl Trouble {
    /// There is no connection just now.
    pub(super) fn away() -> Self {
        Self { state: State::Gone, message: State::Gone.advice().to_owned(), is_unclear: false }
    }

    /// Somebody waits who cannot wait as long as Redis may take.
    pub(super) fn slow() -> Self {
        Self { state: State::Slow, message: State::Slow.advice().to_owned(), is_unclear: true }
    }

    /// It is stored, and will be lost with the primary.
    pub(super) fn not_replicated(have: u32, wanted: u32) -> Self {
        Self { state: State::Unsafe, message: format!("{have} of {wanted} replicas have it"), is_unclear: true }
    }

    /// What was answered is none of the scripts'.
    pub(super) fn nonsense(message: String) -> Self {
        Self {
            state: State::Other,
            message: format!("Redis answers what is not understood: {message}"),
            is_unclear: true,
        }
    }
}

impl From<RedisError> for Trouble {
    fn from(error: RedisError) -> Self {
        let state = state_of(&error);
        let is_unclear = match state {
            State::Gone => !error.is_connection_refusal(),
            State::Slow => true,
            State::Denied
            | State::Full
            | State::ReadOnly
            | State::Unsafe
            | State::Starting
            | State::Unprepared
            | State::Other => false,
        };
        Self { state, message: format!("{}: {error}", state.advice()), is_unclear }
    }
}

fn state_of(error: &RedisError) -> State {
    if error.is_timeout() {
        return State::Slow;
    }
    match error.code() {
        Some("OOM") => return State::Full,
        Some("READONLY") => return State::ReadOnly,
        Some("MISCONF" | "NOREPLICAS") => return State::Unsafe,
        Some("LOADING" | "MASTERDOWN" | "CLUSTERDOWN" | "TRYAGAIN") => return State::Starting,
        Some("NOAUTH" | "WRONGPASS" | "NOPERM") => return State::Denied,
        Some(_) | None => {}
    }
    // Scripts say it in words of their own.
    match error.detail().unwrap_or_default() {
        detail if detail.contains("can't run this command") => return State::Denied,
        detail if detail.contains("Function not found") => return State::Unprepared,
        _ => {} // It says it by a code, or in words that are its own affair.
    }
    match error.kind() {
        ErrorKind::AuthenticationFailed => State::Denied,
        ErrorKind::Server(ServerErrorKind::ReadOnly) => State::ReadOnly,
        ErrorKind::Io | ErrorKind::ClusterConnectionNotFound | ErrorKind::MasterNameNotFoundBySentinel => State::Gone,
        _ if error.is_io_error() || error.is_connection_dropped() => State::Gone,
        _ => State::Other, // The library's kinds are open.
    }
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> Self {
        Self::Remote(trouble.message)
    }
}

impl From<Trouble> for PublishError {
    fn from(trouble: Trouble) -> Self {
        match trouble.is_unclear {
            true => Self::Unclear(trouble.message),
            false => Self::Store(trouble.message),
        }
    }
}

/// Whether something works, logged when that changes.
#[derive(Debug, Default)]
pub(super) struct Health {
    state: Mutex<Option<State>>,
}

impl Health {
    pub(super) fn is_well(&self, what: &'static str) {
        let was = self.state.lock().unwrap_or_else(PoisonError::into_inner).take();
        if was.is_some() {
            tracing::info!(what, "Redis is well again");
        }
    }

    pub(super) fn is_ill(&self, what: &'static str, trouble: &Trouble) {
        let was = self.state.lock().unwrap_or_else(PoisonError::into_inner).replace(trouble.state);
        if was != Some(trouble.state) {
            // Not `message`, which is what is said itself.
            tracing::error!(what, trouble = trouble.message, "Redis is in trouble");
        }
    }
}
