//! What can go wrong in the world. Bad contracts are diagnostics, not errors.

use std::io;
use std::path::{Path, PathBuf};

/// A failure of the environment or of the usage: exit code 1.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// No contracts folder was found.
    #[error(
        "no contracts/growset.yaml in {} or above it; `growset init` makes one, or name the folder by --contracts",
        .0.display()
    )]
    NoContracts(PathBuf),
    /// The disk refused.
    #[error("cannot {action} {}: {cause}", .path.display())]
    Disk {
        /// Such as `read`.
        action: &'static str,
        /// What it was done to.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The command refuses to do harm; the message says the way out.
    #[error("{0}")]
    Refused(String),
    /// A valid catalog could not be printed, which is a defect of growset.
    #[error("cannot generate: {0}")]
    Codegen(#[from] growset_codegen::CodegenError),
    /// The folder cannot be watched.
    #[error("cannot watch {}: {cause}", .path.display())]
    Watch {
        /// The contracts folder.
        path: PathBuf,
        /// What the watcher said.
        cause: notify_debouncer_mini::notify::Error,
    },
}

impl CliError {
    /// Adds what was being done to an error of the disk.
    pub(crate) fn disk(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Disk { action, path, cause }
    }
}
