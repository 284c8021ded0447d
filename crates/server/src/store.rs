//! Where a node's history outlives it, behind one trait.
//!
//! Knows nothing of listeners. The hub numbers events and calls from one thread; a store keeps what it is handed, in
//! that order. Invariant: when `append` answers well, its records are there at the next `open`, whatever happens to the
//! process; when it does not, none of them is.

mod entry;

mod log;

mod memory;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;

pub use self::log::LogStore;
pub use self::memory::MemoryStore;
use crate::cursor::Position;
use crate::erasure::Erasure;
use crate::frame::Frame;
use crate::recipient::Scope;
use crate::ring::Era;

/// One event as a store keeps it. Opaque outside this crate.
#[derive(Debug, Clone)]
pub struct Record {
    pub(crate) frame: Arc<Frame>,
    /// Which last payload it is, for events with `retain`.
    pub(crate) retain_key: Option<String>,
    pub(crate) key: Option<Key>,
}

/// A publisher's identity of an event, and what was published under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) digest: String,
}

/// A key whose event may be kept no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SpentKey {
    pub(crate) scope: Scope,
    pub(crate) event: String,
    pub(crate) key: Key,
    pub(crate) position: Position,
    pub(crate) at: u64,
}

/// Everything that a node starts from.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The epoch of the first start on this data.
    pub(crate) born: u32,
    /// Of this start. No earlier one had it.
    pub(crate) epoch: u32,
    pub(crate) scopes: BTreeMap<Scope, ScopeHistory>,
    /// Last payloads whose frames are kept no more, oldest first.
    pub(crate) retained: Vec<Record>,
    pub(crate) keys: Vec<SpentKey>,
    /// The catalog that was admitted last.
    pub(crate) catalog: Option<KeptCatalog>,
    /// What an operator should know, such as a repaired tail.
    pub remarks: Vec<String>,
}

/// A catalog as a store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCatalog {
    /// Counts from one; each admitted catalog has the next.
    pub revision: u64,
    /// In its serialised form.
    pub json: Bytes,
}

/// What became of a catalog that was to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeping {
    /// It is kept, as this revision.
    Kept(u64),
    /// It was judged by a catalog that another one has replaced since.
    Overtaken(KeptCatalog),
}

/// The history of one ring.
#[derive(Debug, Clone, Default)]
pub(crate) struct ScopeHistory {
    /// Where numbering stood before the first record below.
    pub(crate) before: u64,
    /// Up to here everything was erased.
    pub(crate) erased: u64,
    pub(crate) eras: Vec<Era>,
    pub(crate) records: Vec<Record>,
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

/// A store of one node.
pub trait Store: Send {
    /// Reads everything back and begins a new epoch, `now` (seconds since 1970) or later.
    fn open(&mut self, now: u32) -> Result<History, StoreError>;

    /// Keeps records, all or none.
    fn append(&mut self, records: &[Record]) -> Result<(), StoreError>;

    /// Whether the store holds so much that is kept no more that it should be handed what is.
    fn wants_compaction(&self) -> bool;

    /// Replaces all events and keys by these. The catalog stays.
    fn compact(&mut self, history: &History) -> Result<(), StoreError>;

    /// Takes events, retained payloads and keys out for good. `left` is what stays, for a store of one node.
    fn erase(&mut self, erasure: &Erasure, left: &History) -> Result<(), StoreError> {
        let _ = erasure;
        self.compact(left)
    }

    /// The admitted catalog, when it is newer than this revision. Asked several times a second.
    fn catalog(&mut self, after: u64) -> Result<Option<KeptCatalog>, StoreError>;

    /// Keeps a catalog as the next revision, unless another one than `after` (zero: none) is kept by now.
    fn keep_catalog(&mut self, after: u64, json: &Bytes) -> Result<Keeping, StoreError>;
}

/// The rule of [`Store::keep_catalog`], for stores that know alone what is kept. Answers what to keep now.
fn next_catalog(kept: Option<&KeptCatalog>, after: u64, json: &Bytes) -> Result<KeptCatalog, KeptCatalog> {
    match kept {
        Some(kept) if kept.revision != after => Err(kept.clone()),
        Some(_) | None => Ok(KeptCatalog { revision: after + 1, json: json.clone() }),
    }
}
