//! Where a hub's events are numbered and kept, and where those of other nodes come from.
//!
//! A store is told what to do and answers when it is done. It alone gives out positions, and it fills the rings: the
//! embedded store from the one thread that numbers, a store of several nodes from its feed.

mod entry;

mod journal;

mod log;

mod memory;

#[cfg(feature = "redis")]
mod redis;

use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use bytes::Bytes;
use growset_model::{EventName, digest};
use serde_json::json;
use tokio::sync::oneshot;

pub use self::journal::{History, Journal, Record};
pub(crate) use self::journal::{ScopeHistory, SpentKey};
pub use self::log::LogStore;
pub use self::memory::MemoryStore;
#[cfg(feature = "redis")]
pub use self::redis::{AddressError, ConnectError, RedisPublisher, RedisStore};
use crate::admission::AdmittedPayload;
use crate::erasure::Erasure;
use crate::hub::{Item, PublishError, Published};
use crate::recipient::{Recipient, Scope};
use crate::ring::{Attendance, Since};

/// A store, as its hub sees it.
pub(crate) trait Store: Send + Sync {
    /// Answers through the command. Fails when the store was closed.
    fn tell(&self, command: Command) -> Result<(), Closed>;
}

/// The store was closed.
#[derive(Debug)]
pub(crate) struct Closed;

/// The thread of the embedded store.
impl Store for mpsc::Sender<Command> {
    fn tell(&self, command: Command) -> Result<(), Closed> {
        self.send(command).map_err(|_| Closed)
    }
}

pub(crate) type Answer = oneshot::Sender<Vec<Result<Published, PublishError>>>;

/// Hands events in order to whoever numbers them, and waits for the verdicts.
pub(crate) async fn publish(
    items: Vec<Item>,
    tell: impl FnOnce(Vec<Draft>, Answer) -> Result<(), Closed>,
) -> Vec<Result<Published, PublishError>> {
    let count = items.len();
    let (answer, answered) = oneshot::channel();
    if tell(items.into_iter().map(Draft::from).collect(), answer).is_err() {
        return vec![Err(PublishError::Closed); count];
    }
    answered.await.unwrap_or_else(|_| vec![Err(PublishError::Closed); count])
}

/// What a hub asks of its store.
pub(crate) enum Command {
    Publish(Vec<Draft>, Answer),
    /// Fills a ring as far back as a listener wants it.
    Attend(Scope, Since, oneshot::Sender<Result<Attendance, StoreError>>),
    /// Keeps a catalog that was judged by another one, which it takes the place of.
    KeepCatalog {
        over: KeptCatalog,
        json: Bytes,
        answer: oneshot::Sender<Result<Keeping, StoreError>>,
    },
    Erase(Erasure, oneshot::Sender<Result<(), StoreError>>),
    Close(oneshot::Sender<()>),
}

/// An event that has no number yet.
pub(crate) struct Draft {
    pub(crate) recipient: Recipient,
    pub(crate) retain_key: Option<String>,
    pub(crate) versions: Vec<(Arc<EventName>, Bytes)>,
    pub(crate) key: Option<Key>,
}

impl From<Item> for Draft {
    fn from(item: Item) -> Self {
        let Item { recipient, payload, key } = item;
        // Reading the key's digest here, in the publisher's task, keeps the one thread free of it.
        let key = key.map(|text| Key { text, digest: key_digest(&payload, &recipient) });
        Self { recipient, retain_key: payload.retain_key, versions: payload.versions, key }
    }
}

/// Of a payload and of whom in its organisation it is for. Whoever uses a key again for somebody else is told so, since
/// the second recipient would otherwise hear nothing.
fn key_digest(payload: &AdmittedPayload, recipient: &Recipient) -> String {
    match (recipient.user(), recipient.channel()) {
        (None, None) => payload.digest(),
        (user, channel) => digest(&json!([payload.digest(), user, channel])),
    }
}

/// A publisher's identity of an event, and what was published to whom under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) digest: String,
}

/// A catalog as a store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCatalog {
    /// Counts from one; each admitted catalog has the next.
    pub revision: u64,
    /// In its serialised form.
    pub json: Bytes,
}

impl KeptCatalog {
    /// Whether it is the very same, without reading it.
    #[cfg(feature = "redis")]
    fn is_same(&self, other: &Self) -> bool {
        self.revision == other.revision && self.json.as_ptr() == other.json.as_ptr()
    }
}

/// What became of a catalog that was to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeping {
    /// It is kept, as this revision.
    Kept(u64),
    /// It was judged by a catalog that another one has replaced since.
    Overtaken(KeptCatalog),
}

/// What can go wrong with a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk refused.
    #[error("cannot {action} {}: {cause}", .path.display())]
    Disk {
        /// Such as `write to`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A store elsewhere failed.
    #[error("{0}")]
    Remote(String),
    /// Another process works on the folder.
    #[error("{} is in use by another process; give each node a folder of its own", .0.display())]
    InUse(PathBuf),
    /// Something in the middle is not what was written.
    #[error(
        "{} is corrupt at byte {at}: {message}; restore a backup, or move the file away to start with empty history",
        .path.display()
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// Where.
        at: u64,
        /// What is wrong there.
        message: String,
    },
}
