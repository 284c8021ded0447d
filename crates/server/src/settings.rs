//! What can be set about a hub.

use crate::ring::Retention;

/// What can be set about a hub.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long history is kept, per organisation.
    pub retention: Retention,
    /// What listeners are told to wait before they come back, in milliseconds, before jitter.
    pub retry_ms: u64,
    /// After so much silence on a connection it gets a ping.
    pub ping_ms: u64,
    /// After so much silence it gets a comment, for a proxy that gives up sooner than that; zero for none.
    pub comment_ms: u64,
    /// For how long a publisher's key is remembered, in milliseconds.
    pub key_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { retention: Retention::default(), retry_ms: 3000, ping_ms: 15_000, comment_ms: 0, key_ms: 10 * 60 * 1000 }
    }
}
