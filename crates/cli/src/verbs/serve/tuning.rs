//! How much `growset serve` keeps, allows and waits.

use std::time::Duration;

use growset_server::http::Limits;
use growset_server::{Retention, Settings};

const HOUR_MS: u64 = 60 * 60 * 1000;

/// Events take more in memory than in a request: of each version what goes over the wire, and what is noted of it.
const FRAMES_PER_BODY: usize = 4;

/// How much is kept, allowed and waited.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct Tuning {
    /// Events that are kept per organisation, for listeners that come back.
    #[arg(long, env = "GROWSET_KEEP_EVENTS", default_value_t = Retention::default().count, value_name = "NUMBER")]
    keep_events: usize,

    /// Hours that they are kept.
    #[arg(long, env = "GROWSET_KEEP_HOURS", default_value_t = Retention::default().age / HOUR_MS, value_name = "HOURS")]
    keep_hours: u64,

    /// Megabytes of memory that they take, about.
    #[arg(long, env = "GROWSET_KEEP_MEGABYTES", default_value_t = Retention::default().bytes >> 20, value_name = "MB")]
    keep_megabytes: usize,

    /// Minutes that a publisher's key is remembered.
    #[arg(long, env = "GROWSET_KEEP_KEYS", default_value_t = 10, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(10..))]
    keep_keys: u64,

    /// What streams are told to wait before they come back, in milliseconds, before jitter.
    #[arg(long, env = "GROWSET_RETRY_MS", default_value_t = Settings::default().retry_ms, value_name = "MS")]
    retry_ms: u64,

    /// After so much silence a stream gets a `growset.ping`, in milliseconds.
    #[arg(long, env = "GROWSET_PING_MS", default_value_t = Settings::default().ping_ms, value_name = "MS")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    ping_ms: u64,

    /// After so much it gets a comment, for proxies that give up sooner, in milliseconds; 0 for none.
    #[arg(long, env = "GROWSET_COMMENT_MS", default_value_t = Settings::default().comment_ms, value_name = "MS")]
    comment_ms: u64,

    /// Open streams of one organisation.
    #[arg(long, env = "GROWSET_STREAMS_PER_ORG", default_value_t = Limits::default().streams_per_org, value_name = "NUMBER")]
    streams_per_org: u32,

    /// Open streams of one user.
    #[arg(long, env = "GROWSET_STREAMS_PER_USER", default_value_t = Limits::default().streams_per_user, value_name = "NUMBER")]
    streams_per_user: u32,

    /// Open streams from one address; behind a proxy they are all from one.
    #[arg(long, env = "GROWSET_STREAMS_PER_ADDRESS", default_value_t = Limits::default().streams_per_address, value_name = "NUMBER")]
    streams_per_address: u32,

    /// Connections of any kind.
    #[arg(long, env = "GROWSET_CONNECTIONS", default_value_t = Limits::default().connections, value_name = "NUMBER")]
    connections: usize,

    /// Events that one credential publishes a second.
    #[arg(long, env = "GROWSET_PUBLISHES_PER_SECOND", default_value_t = Limits::default().publishes_per_second, value_name = "NUMBER")]
    publishes_per_second: u32,

    /// Events in one request.
    #[arg(long, env = "GROWSET_BATCH", default_value_t = Limits::default().batch, value_name = "NUMBER")]
    batch: usize,

    /// Bytes of one request's body.
    #[arg(long, env = "GROWSET_BODY_BYTES", default_value_t = Limits::default().body_bytes, value_name = "BYTES")]
    body_bytes: usize,

    /// Seconds until a request's head is here.
    #[arg(long, env = "GROWSET_HEAD_TIMEOUT", default_value_t = 10, value_name = "SECONDS")]
    head_timeout: u64,

    /// Seconds until its body is.
    #[arg(long, env = "GROWSET_BODY_TIMEOUT", default_value_t = 20, value_name = "SECONDS")]
    body_timeout: u64,

    /// Seconds until a connection that reads nothing is given up.
    #[arg(long, env = "GROWSET_WRITE_TIMEOUT", default_value_t = 30, value_name = "SECONDS")]
    write_timeout: u64,
}

impl Tuning {
    /// What goes against something else. A batch that is kept in part only would be a gap to everyone.
    pub(super) fn contradiction(&self) -> Option<String> {
        let batch = self.batch.min(usize::try_from(self.publishes_per_second).unwrap_or(usize::MAX));
        if self.keep_events < batch {
            let kept = self.keep_events;
            return Some(format!(
                "--keep-events {kept} keeps less than one request may hold, --batch {batch}, so that listeners would \
                 miss events; keep more, or lower --batch"
            ));
        }
        let least = self.body_bytes.saturating_mul(FRAMES_PER_BODY);
        (self.keep_megabytes.saturating_mul(1 << 20) < least).then(|| {
            format!(
                "--keep-megabytes {} may keep less than one request holds, --body-bytes {}, so that listeners would \
                 miss events; keep {} or more, or lower --body-bytes",
                self.keep_megabytes,
                self.body_bytes,
                least.div_ceil(1 << 20),
            )
        })
    }

    pub(super) fn settings(&self) -> Settings {
        let age = self.keep_hours.saturating_mul(HOUR_MS);
        Settings {
            retention: Retention {
                count: self.keep_events,
                bytes: self.keep_megabytes.saturating_mul(1 << 20),
                age,
                ..Retention::default()
            },
            retry_ms: self.retry_ms,
            ping_ms: self.ping_ms,
            comment_ms: self.comment_ms,
            key_ms: self.keep_keys.saturating_mul(60_000),
        }
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            streams_per_org: self.streams_per_org,
            streams_per_user: self.streams_per_user,
            streams_per_address: self.streams_per_address,
            connections: self.connections,
            publishes_per_second: self.publishes_per_second,
            batch: self.batch,
            body_bytes: self.body_bytes,
            head_timeout: Duration::from_secs(self.head_timeout),
            body_timeout: Duration::from_secs(self.body_timeout),
            write_timeout: Duration::from_secs(self.write_timeout),
        }
    }
}
