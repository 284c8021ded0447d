//! Reads the contracts folder. What cannot be read is a finding like any other, so that one run shows every problem.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use growset_syntax::Input;
use rayon::prelude::*;

use crate::error::CliError;
use crate::lock_file::{self, LockText};
use crate::project::{Project, shown_from};
use crate::walk::{self, plain};

/// One byte more than a contract may have: enough for the reader to see that a file is too large, whatever its size.
const MOST_BYTES: u64 = (1 << 20) + 1;

/// Everything under the contracts folder.
#[derive(Default)]
pub(crate) struct Folder {
    /// What could be read, in order of path.
    pub inputs: Vec<Input>,
    /// What could not, and why.
    pub unreadable: Vec<Unreadable>,
    /// The lock's text, or what stands in its place.
    pub lock: LockText,
    /// Files that are probably meant as contracts, but are named `.yml`.
    pub misnamed: Vec<String>,
}

/// A file or folder that could not be read.
pub(crate) struct Unreadable {
    /// As diagnostics show it.
    pub shown: String,
    /// In words.
    pub cause: String,
    /// It is the catalog's own file.
    pub is_settings: bool,
}

impl Unreadable {
    fn new(project: &Project, path: &Path, cause: String) -> Self {
        Self { shown: project.shown(path), cause, is_settings: path == project.contracts.join("growset.yaml") }
    }
}

/// Reads the contracts and the lock.
pub(crate) fn read(project: &Project) -> Result<Folder, CliError> {
    let mut folder = contracts(project)?;
    folder.lock = lock_file::read(project)?;
    Ok(folder)
}

/// Reads every `*.yaml` below the contracts folder, in order of path. Names that start with a dot are an editor's own.
pub(crate) fn contracts(project: &Project) -> Result<Folder, CliError> {
    let mut folder = Folder::default();
    let mut files = Vec::new();
    // The folder itself has to be readable, or there is nothing to say about the contracts at all.
    std::fs::read_dir(&project.contracts).map_err(CliError::disk("read the contracts folder", &project.contracts))?;
    let mut walk = Walk { project, folder: &mut folder, files: &mut files, above: Vec::new() };
    walk.enter(&project.contracts);
    files.sort();

    let read: Vec<Result<Input, Unreadable>> = files.par_iter().map(|path| read_file(project, path)).collect();
    for result in read {
        match result {
            Ok(input) => folder.inputs.push(input),
            Err(unreadable) => folder.unreadable.push(unreadable),
        }
    }
    folder.misnamed.sort();
    Ok(folder)
}

struct Walk<'a> {
    project: &'a Project,
    folder: &'a mut Folder,
    files: &'a mut Vec<PathBuf>,
    /// The real paths of the folders that are being walked, to notice a link that leads back into one of them.
    above: Vec<PathBuf>,
}

impl Walk<'_> {
    fn enter(&mut self, folder: &Path) {
        match walk::enter(folder, &mut self.above) {
            Ok(entries) => {
                for path in entries {
                    self.visit(&path);
                }
                self.above.pop();
            }
            Err(cause) => self.refuse(folder, &cause),
        }
    }

    fn visit(&mut self, path: &Path) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            return;
        }
        let is_contract = name.ends_with(".yaml");
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() && !is_contract => self.enter(path),
            Ok(metadata) if metadata.is_file() && is_contract => self.files.push(path.to_owned()),
            Ok(metadata) if metadata.is_file() && name.ends_with(".yml") => {
                self.folder.misnamed.push(self.project.shown(path));
            }
            Ok(_) if is_contract => self.refuse(path, &io::Error::other("this is not a regular file")),
            Ok(_) => {}
            // A link that leads nowhere, or round in a circle, is a lost contract when it is named like one.
            Err(cause) if is_contract => self.refuse(path, &cause),
            Err(_) => {}
        }
    }

    fn refuse(&mut self, path: &Path, cause: &io::Error) {
        self.folder.unreadable.push(Unreadable::new(self.project, path, plain(cause)));
    }
}

fn read_file(project: &Project, path: &Path) -> Result<Input, Unreadable> {
    let below = path.strip_prefix(&project.contracts).unwrap_or(path);
    if below.to_str().is_none() {
        return Err(Unreadable::new(project, path, "its name is not UTF-8; rename it".to_owned()));
    }
    let mut bytes = Vec::new();
    match File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes)) {
        Ok(_) => Ok(Input { path: shown_from(Path::new(""), below), shown: project.shown(path), bytes }),
        Err(cause) => Err(Unreadable::new(project, path, plain(&cause))),
    }
}
