//! Why an event was not published.

use std::time::Duration;

use serde_json::Value;

/// Why an event was not published. Each can be kept by several events of one request.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PublishError {
    /// The server will never take it as it is.
    #[error("{0}")]
    Refused(Box<Refused>),
    /// The server asked to come later for longer than the publisher waits. Nothing was taken.
    #[error("the server is busy: {detail}")]
    Busy {
        /// When it said to come back, if it did.
        retry_after: Option<Duration>,
        /// In its own words.
        detail: String,
    },
    /// No answer within the publisher's patience. Whether the event was taken is not known; publishing it again under
    /// the same key is safe.
    #[error("the server cannot be reached: {cause}")]
    Unreachable {
        /// What the last try met.
        cause: String,
    },
    /// The server does not know whether it stored the event. Publishing it again under the same key is safe.
    #[error("whether the event was stored is not known: {cause}")]
    Unclear {
        /// What the server met.
        cause: String,
    },
    /// Something else than a Growset server answered.
    #[error("the answer is none of a Growset server: {cause}")]
    Foreign {
        /// What is wrong with it.
        cause: String,
    },
    /// The type's own serialisation failed.
    #[error("the payload cannot be serialised: {cause}")]
    Serialise {
        /// What serde said.
        cause: String,
    },
}

impl PublishError {
    /// Without a time to come back at.
    pub(crate) fn busy(detail: String) -> Self {
        Self::Busy { retry_after: None, detail }
    }
}

/// A refusal, as the server told it by a problem document (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}: {detail}")]
pub struct Refused {
    /// Of HTTP.
    pub status: u16,
    /// The stable id, such as `invalid-payload`.
    pub rule: String,
    /// What is wrong.
    pub detail: String,
    /// All of it, with the pointers into the payload.
    pub document: Value,
}

/// Why there is no publisher.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// No address of the web.
    #[error("{0:?} is no address; write one such as https://events.example.com")]
    NoAddress(String),
    /// The system has no root certificates.
    #[error("this machine has no root certificates: {0}")]
    NoRoots(std::io::Error),
    /// What should be the certificate of an authority is none.
    #[error("no certificate of an authority in PEM: {cause}")]
    NoAuthority {
        /// What is wrong.
        cause: String,
    },
    /// The system has no randomness, of which keys are made.
    #[error("this machine has no randomness: {0}")]
    NoRandomness(getrandom::Error),
}

/// Why there is no publisher that goes to Redis.
#[cfg(feature = "redis")]
#[derive(Debug, thiserror::Error)]
pub enum DirectError {
    /// No address of a Redis, or of one that cannot do what is asked.
    #[error(transparent)]
    Address(#[from] growset_server::store::AddressError),
    /// It cannot be published to.
    #[error(transparent)]
    Connect(#[from] growset_server::store::ConnectError),
    /// There cannot be any publisher.
    #[error(transparent)]
    Publisher(#[from] AddressError),
}
