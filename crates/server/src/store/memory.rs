//! The store that forgets.

use bytes::Bytes;

use super::journal::{History, Journal, Record, next_catalog};
use super::{Keeping, KeptCatalog, StoreError};
use crate::cursor::Epoch;

/// Keeps nothing: history lives in the rings alone, and a restart begins anew.
#[derive(Debug, Default)]
pub struct MemoryStore {
    catalog: Option<KeptCatalog>,
}

impl Journal for MemoryStore {
    fn open(&mut self, now: u32) -> Result<History, StoreError> {
        let epoch = Epoch::beginning(0, now);
        Ok(History { born: epoch, epoch, ..History::default() })
    }

    fn append(&mut self, _: &[Record]) -> Result<(), StoreError> {
        Ok(())
    }

    fn wants_compaction(&self) -> bool {
        false
    }

    fn compact(&mut self, _: &History) -> Result<(), StoreError> {
        Ok(())
    }

    fn catalog(&mut self, after: u64) -> Result<Option<KeptCatalog>, StoreError> {
        Ok(self.catalog.clone().filter(|kept| kept.revision > after))
    }

    fn keep_catalog(&mut self, after: u64, json: &Bytes) -> Result<Keeping, StoreError> {
        Ok(match next_catalog(self.catalog.as_ref(), after, json) {
            Ok(next) => Keeping::Kept(self.catalog.insert(next).revision),
            Err(other) => Keeping::Overtaken(other),
        })
    }
}
