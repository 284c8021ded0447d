//! Where files are written whole before they are seen.

use std::fs::File;
use std::path::Path;

use tempfile::TempDir;

use crate::error::CliError;
use crate::generated::cache;

/// A temporary folder on the file system of the generated one. It lies in `.growset/`, which git does not see, so that
/// one that an interrupted run leaves there troubles nobody; the next run removes it.
pub(crate) struct Scratch {
    /// Gone with this value.
    pub folder: TempDir,
    /// Held for as long as the folder is in use, so that nobody takes it for a leftover.
    _lock: File,
}

impl Scratch {
    /// Beside a folder that need not be there yet.
    pub(crate) fn beside(folder: &Path) -> Result<Self, CliError> {
        const PREFIX: &str = "new-";
        let cache = cache::made_in(folder.parent().unwrap_or(folder))?;
        let lock_path = cache.join("lock");
        let lock = File::create(&lock_path).map_err(CliError::disk("write", &lock_path))?;
        // A disk that knows no locks is one on which leftovers stay: only under the lock is nobody using them.
        if lock.lock().is_ok() {
            for entry in std::fs::read_dir(&cache).map_err(CliError::disk("read", &cache))?.flatten() {
                if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                    // What cannot be removed now is tried again by the next run.
                    let _ = std::fs::remove_dir_all(entry.path());
                }
            }
        }
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(&cache)
            .map_err(CliError::disk("make a temporary folder in", &cache))?;
        Ok(Self { folder, _lock: lock })
    }
}
