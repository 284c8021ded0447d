//! `contracts/growset.lock` on disk.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use growset_model::lock::{Lock, LockError};
use growset_model::{Diagnostic, Place, Sources};

use crate::error::CliError;
use crate::project::Project;
use crate::rules::LOCK_MALFORMED;

/// The lock's name in the contracts folder.
pub(crate) const NAME: &str = "growset.lock";

/// A larger file is no lock: 5,000 contracts with five revisions each are a tenth of it.
const LARGEST: u64 = 256 << 20;

/// Where nothing was released there is no lock at all.
const EMPTY: &str = "the lock is empty, and what was released is lost with it; restore the file from git, or delete it if \
                     nothing was ever released";

/// The text of a lock; empty where there is none.
#[derive(Debug, Clone, Default)]
pub(crate) struct LockText {
    /// As diagnostics show the file.
    pub shown: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// There is such a file, be it empty.
    pub exists: bool,
}

/// Reads the lock of a project. One that is there and cannot be read is an error, never an empty lock.
pub(crate) fn read(project: &Project) -> Result<LockText, CliError> {
    let path = path(project);
    let shown = project.shown(&path);
    let mut bytes = Vec::new();
    match std::fs::File::open(&path).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes)) {
        Ok(_) => Ok(LockText { shown, bytes, exists: true }),
        Err(cause) if cause.kind() == ErrorKind::NotFound && path.symlink_metadata().is_err() => {
            Ok(LockText { shown, bytes: Vec::new(), exists: false })
        }
        Err(cause) => Err(CliError::disk("read", &path)(cause)),
    }
}

/// Parses a lock. What is wrong with it is told line by line.
pub(crate) fn parse(text: LockText, sources: &mut Sources, diagnostics: &mut Vec<Diagnostic>) -> Lock {
    // The lock keeps its text, so that it is not copied; a text that is shown with its mistakes is.
    let content = Arc::new(
        String::from_utf8(text.bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    );
    let errors = match Lock::parse_shared(&content) {
        Ok(_) if text.exists && content.trim().is_empty() => vec![LockError { line: 1, message: EMPTY.to_owned() }],
        Ok(lock) => return lock,
        Err(errors) => errors,
    };
    let file = sources.add(text.shown, content.as_str());
    for error in errors {
        let place = sources.file(file).map_or(Place::NOWHERE, |source| {
            let start = source.offset_of_line(error.line);
            Place::new(file, start..start)
        });
        diagnostics.push(Diagnostic::new(&LOCK_MALFORMED, place, error.message).label("this line"));
    }
    Lock::default()
}

/// Where the lock lies.
pub(crate) fn path(project: &Project) -> PathBuf {
    project.contracts.join(NAME)
}

/// Replaces a file whole, never half: another run may be reading it.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), CliError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let failed = |cause| CliError::Disk { action: "write", path: path.to_owned(), cause };
    std::fs::create_dir_all(folder).map_err(failed)?;
    // A link stays a link, and a file keeps who may read it.
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let Ok(metadata) = real.metadata() else {
        return std::fs::write(path, text).map_err(failed); // A new file, readable as new files are.
    };
    let mut file = tempfile::NamedTempFile::new_in(real.parent().unwrap_or(folder)).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.as_file().set_permissions(metadata.permissions()).map_err(failed)?;
    file.persist(&real).map_err(|error| failed(error.error))?;
    Ok(())
}
