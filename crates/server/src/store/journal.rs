//! What the embedded store writes its events to: nothing, or a file.
//!
//! Knows nothing of listeners. One thread numbers events and calls; a journal keeps what it is handed, in that order.
//! Invariant: when `append` answers well, its records are there at the next `open`, whatever happens to the process; when
//! it does not, none of them is.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use super::{Keeping, KeptCatalog, Key, StoreError};
use crate::cursor::Position;
use crate::frame::Frame;
use crate::recipient::Scope;
use crate::ring::Era;

/// One event as it is kept. Opaque outside this crate.
#[derive(Debug, Clone)]
pub struct Record {
    pub(crate) frame: Arc<Frame>,
    /// Which last payload it is, for events with `retain`.
    pub(crate) retain_key: Option<String>,
    pub(crate) key: Option<Key>,
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
    pub(crate) born: u64,
    /// Of this start. No earlier one had it.
    pub(crate) epoch: u64,
    pub(crate) scopes: BTreeMap<Scope, ScopeHistory>,
    /// Last payloads whose frames are kept no more, oldest first.
    pub(crate) retained: Vec<Record>,
    pub(crate) keys: Vec<SpentKey>,
    /// The catalog that was admitted last.
    pub(crate) catalog: Option<KeptCatalog>,
    /// What an operator should know, such as a repaired tail.
    pub remarks: Vec<String>,
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

/// A journal of one node.
pub trait Journal: Send {
    /// Reads everything back and begins an epoch that no start before had, later than all that are kept. `now` is in
    /// seconds since 1970.
    fn open(&mut self, now: u32) -> Result<History, StoreError>;

    /// Keeps records, all or none.
    fn append(&mut self, records: &[Record]) -> Result<(), StoreError>;

    /// Whether the journal holds so much that is kept no more that it should be handed what is.
    fn wants_compaction(&self) -> bool;

    /// Replaces all events and keys by these, for good. The catalog stays.
    fn compact(&mut self, history: &History) -> Result<(), StoreError>;

    /// The admitted catalog, when it is newer than this revision. Asked several times a second.
    fn catalog(&mut self, after: u64) -> Result<Option<KeptCatalog>, StoreError>;

    /// Keeps a catalog as the next revision, unless another one than `after` (zero: none) is kept by now.
    fn keep_catalog(&mut self, after: u64, json: &Bytes) -> Result<Keeping, StoreError>;
}

/// The rule of [`Journal::keep_catalog`], for journals that know alone what is kept. Answers what to keep now.
pub(super) fn next_catalog(kept: Option<&KeptCatalog>, after: u64, json: &Bytes) -> Result<KeptCatalog, KeptCatalog> {
    match kept {
        Some(kept) if kept.revision != after => Err(kept.clone()),
        Some(_) | None => Ok(KeptCatalog { revision: after + 1, json: json.clone() }),
    }
}
