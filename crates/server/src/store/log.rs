//! The durable store: one append-only file of batches, each synced before it is acknowledged.
//!
//! A batch is `GRSB`, its length, its CRC-32, its entries. A file is replaced as a whole when most of it is kept no
//! more, so that there is one file at a time, named by a number that grows. A bad batch with no good one after it is a
//! write that was cut off, which nobody was told to be done: it is reported and moved aside, until the file is replaced
//! for the next time. One with good ones after it was damaged later, and starting from it would lose what was promised:
//! that is refused.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;

use super::entry::{self, Standing};
use super::journal::{History, Journal, Record, next_catalog};
use super::{Keeping, KeptCatalog, StoreError};
use crate::cursor::Epoch;

const MAGIC: &[u8; 4] = b"GRSB";
const HEADER: usize = 12;

/// What the name of a torn tail begins with that was moved aside.
const ASIDE: &str = "torn-";

/// No compaction below this many bytes, unless it is asked for.
const SMALLEST_COMPACTION: u64 = 64 << 20;

/// A batch this long was never written: more is refused before.
const LONGEST_BATCH: usize = 1 << 30;

/// The durable store of one folder.
#[derive(Debug)]
pub struct LogStore {
    folder: PathBuf,
    /// Locked while the process works on the folder; the system lets go of it with the process, however that ends.
    _lock: File,
    path: PathBuf,
    number: u64,
    file: File,
    /// Up to here everything is whole and synced.
    length: u64,
    /// No compaction below this many bytes.
    smallest_compaction: u64,
    /// Of what was kept at the last compaction.
    compacted: u64,
    /// Something after `length` may be on disk, and has to go before the next batch.
    is_dirty: bool,
    catalog: Option<KeptCatalog>,
    /// Some process worked on the folder already.
    was_taken_before: bool,
}

impl LogStore {
    /// Takes hold of a folder, making it when there is none.
    pub fn take(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(disk("make", folder))?;
        let lock_path = folder.join("lock");
        let was_taken_before = lock_path.exists();
        let mut options = OpenOptions::new();
        let lock =
            options.create(true).truncate(false).write(true).open(&lock_path).map_err(disk("open", &lock_path))?;
        lock_soon(&lock).map_err(|error| match error {
            TryLockError::WouldBlock => StoreError::InUse(folder.to_owned()),
            TryLockError::Error(cause) => disk("lock", &lock_path)(cause),
        })?;
        let number = newest(folder)?.unwrap_or(0);
        let path = log_path(folder, number);
        let mut options = OpenOptions::new();
        let file = options.create(true).append(true).read(true).open(&path).map_err(disk("open", &path))?;
        sync_folder(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            _lock: lock,
            path,
            number,
            file,
            length: 0,
            smallest_compaction: SMALLEST_COMPACTION,
            compacted: 0,
            is_dirty: false,
            catalog: None,
            was_taken_before,
        })
    }

    /// Compacts only what is longer than this.
    pub fn compacting_above(mut self, bytes: u64) -> Self {
        self.smallest_compaction = bytes;
        self
    }

    /// Writes one batch and waits until it is on disk.
    fn write(&mut self, entries: &[u8]) -> Result<(), StoreError> {
        if self.is_dirty {
            self.cut()?;
        }
        let batch = batch(entries);
        self.is_dirty = true;
        let written = self.file.write_all(&batch).and_then(|()| self.file.sync_data());
        if let Err(cause) = written {
            // When even this fails, it is tried again before the next batch.
            let _ = self.cut();
            return Err(disk("write to", &self.path)(cause));
        }
        self.is_dirty = false;
        self.length += batch.len() as u64;
        Ok(())
    }

    /// Takes away what was not acknowledged.
    fn cut(&mut self) -> Result<(), StoreError> {
        let cut = self.file.set_len(self.length).and_then(|()| self.file.sync_data());
        cut.map_err(disk("repair", &self.path))?;
        self.is_dirty = false;
        Ok(())
    }

    /// Moves a torn tail aside. Answers what to tell the operator.
    fn repair(&mut self, tail: &[u8]) -> Result<String, StoreError> {
        let aside = self.folder.join(format!("{ASIDE}{}-{}", self.number, self.length));
        std::fs::write(&aside, tail).map_err(disk("write", &aside))?;
        self.cut()?;
        Ok(format!(
            "repaired {}: {} bytes of an unfinished write at byte {} were moved to {}; nothing acknowledged was in them \
             unless the disk lost what it had confirmed",
            self.path.display(),
            tail.len(),
            self.length,
            aside.display()
        ))
    }
}

impl Journal for LogStore {
    fn open(&mut self, now: u32) -> Result<History, StoreError> {
        let text = std::fs::read(&self.path).map_err(disk("read", &self.path))?;
        let mut history = History::default();
        if text.is_empty() && self.was_taken_before {
            history.remarks.push(format!(
                "{} is empty or was missing, though the folder was in use; a history begins anew, and who comes back is \
                 told a gap",
                self.path.display()
            ));
        }
        let mut at = 0;
        while let Some(entries) = whole_batch(&text[at..]) {
            entry::read_batch(entries, &mut history).map_err(|message| StoreError::Corrupt {
                path: self.path.clone(),
                at: at as u64,
                message,
            })?;
            at += HEADER + entries.len();
        }
        self.length = at as u64;
        let tail = &text[at..];
        if !tail.is_empty() {
            if let Some(after) = next_whole_batch(tail) {
                let message =
                    format!("a batch does not match its checksum, and a good one follows at byte {}", at + after);
                return Err(StoreError::Corrupt { path: self.path.clone(), at: at as u64, message });
            }
            let remark = self.repair(tail)?;
            history.remarks.push(remark);
        }
        history.epoch = Epoch::beginning(history.epoch, now);
        if history.born == 0 {
            history.born = history.epoch;
        }
        let mut start = Vec::new();
        entry::write_start(history.born, history.epoch, &mut start);
        self.write(&start)?;
        // What stays there goes with the next compaction.
        let _ = remove(&self.folder, |name| number_of(name).is_some_and(|number| number < self.number));
        self.catalog.clone_from(&history.catalog);
        Ok(history)
    }

    fn append(&mut self, records: &[Record]) -> Result<(), StoreError> {
        let mut entries = Vec::with_capacity(records.len() * 512);
        records.iter().for_each(|record| entry::write_record(record, Standing::InRing, &mut entries));
        self.write(&entries)
    }

    fn wants_compaction(&self) -> bool {
        self.length > self.smallest_compaction && self.length > self.compacted.saturating_mul(2)
    }

    fn compact(&mut self, history: &History) -> Result<(), StoreError> {
        let mut entries = Vec::new();
        entry::write_history(history, &mut entries);
        self.catalog.iter().for_each(|kept| entry::write_catalog(kept, &mut entries));
        let batch = batch(&entries);
        let number = self.number + 1;
        let path = log_path(&self.folder, number);
        let draft = path.with_extension("draft");
        let written = File::create(&draft).and_then(|mut file| file.write_all(&batch).and_then(|()| file.sync_all()));
        written.map_err(disk("write", &draft))?;
        std::fs::rename(&draft, &path).map_err(disk("rename", &draft))?;
        sync_folder(&self.folder)?;
        self.file = OpenOptions::new().append(true).read(true).open(&path).map_err(disk("open", &path))?;
        self.path = path;
        self.number = number;
        self.length = batch.len() as u64;
        self.compacted = self.length;
        self.is_dirty = false;
        remove_replaced(&self.folder, number)
    }

    fn catalog(&mut self, after: u64) -> Result<Option<KeptCatalog>, StoreError> {
        Ok(self.catalog.clone().filter(|kept| kept.revision > after))
    }

    fn keep_catalog(&mut self, after: u64, json: &Bytes) -> Result<Keeping, StoreError> {
        let next = match next_catalog(self.catalog.as_ref(), after, json) {
            Ok(next) => next,
            Err(other) => return Ok(Keeping::Overtaken(other)),
        };
        let mut entries = Vec::new();
        entry::write_catalog(&next, &mut entries);
        self.write(&entries)?;
        Ok(Keeping::Kept(self.catalog.insert(next).revision))
    }
}

/// A process that is being started holds whatever its parent held, until it runs; so a lock that was let go may be held
/// for a moment more.
fn lock_soon(lock: &File) -> Result<(), TryLockError> {
    for _ in 0..20 {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
            other => return other,
        }
    }
    lock.try_lock()
}

fn batch(entries: &[u8]) -> Vec<u8> {
    let mut batch = Vec::with_capacity(HEADER + entries.len());
    batch.extend_from_slice(MAGIC);
    batch.extend_from_slice(&u32::try_from(entries.len()).unwrap_or(u32::MAX).to_le_bytes());
    batch.extend_from_slice(&crc32fast::hash(entries).to_le_bytes());
    batch.extend_from_slice(entries);
    batch
}

/// The entries of the batch that a text begins with, when it is whole.
fn whole_batch(text: &[u8]) -> Option<&[u8]> {
    let (header, rest) = text.split_at_checked(HEADER)?;
    let number = |at: usize| header.get(at..at + 4)?.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes));
    let length = number(4)? as usize;
    let entries = rest.get(..length)?;
    let is_whole = header.starts_with(MAGIC) && length <= LONGEST_BATCH && crc32fast::hash(entries) == number(8)?;
    is_whole.then_some(entries)
}

/// Where in a damaged text the next whole batch begins.
fn next_whole_batch(text: &[u8]) -> Option<usize> {
    let starts = text.windows(MAGIC.len()).enumerate().skip(1).filter(|(_, window)| window == MAGIC);
    starts.map(|(at, _)| at).find(|at| whole_batch(&text[*at..]).is_some())
}

fn log_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("events-{number:010}.log"))
}

fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix("events-")?.strip_suffix(".log")?.parse().ok()
}

/// The names of what lies in a folder, but for those that are none of ours.
fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for file in std::fs::read_dir(folder).map_err(disk("list", folder))? {
        names.extend(file.map_err(disk("list", folder))?.file_name().into_string());
    }
    Ok(names)
}

fn newest(folder: &Path) -> Result<Option<u64>, StoreError> {
    Ok(names(folder)?.iter().filter_map(|name| number_of(name)).max())
}

/// Removes what the log of this number has taken the place of. Torn tails go as well: what was erased may be in them.
/// Invariant: whoever erases is told when something of that stays on disk.
fn remove_replaced(folder: &Path, number: u64) -> Result<(), StoreError> {
    remove(folder, |name| name.starts_with(ASIDE) || number_of(name).is_some_and(|older| older < number))?;
    sync_folder(folder)
}

fn remove(folder: &Path, is_meant: impl Fn(&str) -> bool) -> Result<(), StoreError> {
    for path in names(folder)?.iter().filter(|name| is_meant(name)).map(|name| folder.join(name)) {
        std::fs::remove_file(&path).map_err(disk("remove", &path))?;
    }
    Ok(())
}

/// A new name is on disk when its folder is.
fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk("sync", folder))
}

fn disk(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |cause| StoreError::Disk { action, path, cause }
}
