//! What is wrong with a Redis, told once when it begins and once when it is over.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::hub::PublishError;
use crate::store::StoreError;
use crate::troubles::Troubles;

/// What is wrong. Each is logged once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// It carries out a script that takes long, and nothing else meanwhile.
    Busy,
    /// Whoever answers there speaks something else.
    Stranger,
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
            Self::Busy => "Redis is held up by a script; see SCRIPT KILL",
            Self::Stranger => "what answers there is no Redis; see host and port",
            Self::Unprepared => "Redis lacks the function that publishes",
            Self::Other => "Redis fails",
        }
    }

    /// Whether another connection may help.
    pub(super) fn asks_for_another_wire(self) -> bool {
        match self {
            Self::Gone | Self::Slow | Self::ReadOnly => true,
            Self::Denied
            | Self::Full
            | Self::Unsafe
            | Self::Starting
            | Self::Busy
            | Self::Stranger
            | Self::Unprepared
            | Self::Other => false,
        }
    }

    /// Whether the other side said it, so that it is there.
    pub(super) fn is_answer(self) -> bool {
        !matches!(self, Self::Gone | Self::Slow | Self::Stranger)
    }

    /// Whether it is a matter of one organisation's keys, perhaps, and not of the server.
    pub(super) fn is_of_one(self) -> bool {
        self == Self::Other
    }
}

impl Trouble {
    /// There is no connection, for a reason that is known.
    pub(super) fn still(&self) -> Self {
        Self { is_unclear: false, ..self.clone() }
    }

    /// With what may help whoever wrote the address.
    pub(super) fn advising(mut self, uses_tls: bool) -> Self {
        match (self.state, uses_tls) {
            (State::Gone, false) if self.is_unclear => self.message += "; if it wants TLS, write rediss://",
            (State::Slow | State::Stranger, true) => self.message += "; if it speaks no TLS, write redis://",
            _ => {} // Nothing that TLS has to do with.
        }
        self
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
            | State::Busy
            | State::Stranger
            | State::Unprepared
            | State::Other => false,
        };
        let told = error.to_string();
        // Where in which script it happened is no matter of whoever reads this.
        let told = told.split_once(" script: ").map_or(told.as_str(), |(told, _)| told);
        Self { state, message: format!("{}: {told}", state.advice()), is_unclear }
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
        Some("BUSY") => return State::Busy,
        Some("LOADING" | "MASTERDOWN" | "CLUSTERDOWN" | "TRYAGAIN") => return State::Starting,
        Some("NOAUTH" | "WRONGPASS" | "NOPERM") => return State::Denied,
        Some(_) | None => {}
    }
    // Scripts say it in words of their own.
    match error.detail().unwrap_or_default() {
        detail if detail.contains("The user executing the script") => return State::Denied,
        detail if detail.contains("ACL failure in script") => return State::Denied,
        detail if detail.contains("Function not found") => return State::Unprepared,
        _ => {} // It says it by a code, or in words that are its own affair.
    }
    match error.kind() {
        ErrorKind::AuthenticationFailed => State::Denied,
        ErrorKind::Parse => State::Stranger,
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

/// Whether something works, logged when that changes: each trouble once, until all is well again.
#[derive(Debug)]
pub(super) struct Health {
    what: &'static str,
    told: Mutex<BTreeSet<State>>,
    troubles: Arc<Troubles>,
}

impl Health {
    /// Of what is done over a link.
    pub(super) fn of(what: &'static str, troubles: &Arc<Troubles>) -> Self {
        Self { what, told: Mutex::default(), troubles: troubles.clone() }
    }

    pub(super) fn is_well(&self) {
        let mut told = self.lock();
        if !std::mem::take(&mut *told).is_empty() {
            self.troubles.end(self.what);
            tracing::info!(what = self.what, "Redis is well again");
        }
    }

    pub(super) fn is_ill(&self, trouble: &Trouble) {
        let mut told = self.lock();
        self.troubles.begin(self.what, &trouble.message, trouble.state == State::Denied);
        if told.insert(trouble.state) {
            // Not `message`, which is what is said itself.
            tracing::error!(what = self.what, trouble = trouble.message, "Redis is in trouble");
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<State>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
