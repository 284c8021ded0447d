//! `.growset/`, where growset keeps what may be lost at any time.

use std::path::{Path, PathBuf};

use crate::error::CliError;

/// Makes the folder below `root`, invisible to git.
pub(super) fn made_in(root: &Path) -> Result<PathBuf, CliError> {
    let cache = root.join(".growset");
    std::fs::create_dir_all(&cache).map_err(CliError::disk("make", &cache))?;
    let ignore = cache.join(".gitignore");
    if ignore.symlink_metadata().is_err() {
        std::fs::write(&ignore, "*\n").map_err(CliError::disk("write", &ignore))?;
    }
    Ok(cache)
}
