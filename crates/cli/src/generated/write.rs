//! Changes the generated folder: every new file is written whole outside of the folder, then renamed into place.
//!
//! Invariant: what can fail for want of space or rights fails before the first file of the folder is touched, and a
//! reader sees a file as it was or as it shall be, never a part of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use growset_codegen::Artifact;
use rayon::prelude::*;

use crate::artifacts::MARKER;
use crate::error::CliError;
use crate::generated::Plan;
use crate::generated::scratch::Scratch;

/// Carries out a plan.
pub(crate) fn apply(folder: &Path, plan: &Plan) -> Result<(), CliError> {
    if plan.is_empty() {
        return Ok(());
    }
    let mut written: Vec<&Artifact> = plan.targets.iter().flat_map(|target| target.written.iter().copied()).collect();
    // A first generation that is interrupted has to be known as ours by the next one.
    written.sort_by_key(|artifact| artifact.path != MARKER);

    let scratch = Scratch::beside(folder)?;
    let temporary = scratch.folder.path();
    written.par_iter().enumerate().try_for_each(|(index, artifact)| {
        let path = temporary.join(index.to_string());
        std::fs::write(&path, &artifact.text).map_err(CliError::disk("write", &path))
    })?;

    let removed: Vec<&Path> = plan.removed().collect();
    probe(folder, removed.iter().copied().chain(written.iter().map(|artifact| Path::new(&artifact.path))))?;
    for path in removed {
        remove(folder, path)?;
    }
    let folders: BTreeSet<&Path> = written.iter().filter_map(|artifact| Path::new(&artifact.path).parent()).collect();
    for below in folders {
        let path = folder.join(below);
        std::fs::create_dir_all(&path).map_err(CliError::disk("make", &path))?;
    }
    for (index, artifact) in written.iter().enumerate() {
        let path = folder.join(&artifact.path);
        // A folder of that name can only be an empty one: what it held was claimed by no target.
        if path.symlink_metadata().is_ok_and(|found| found.is_dir()) {
            std::fs::remove_dir(&path).map_err(CliError::disk("replace the folder", &path))?;
        }
        std::fs::rename(temporary.join(index.to_string()), &path).map_err(CliError::disk("write", &path))?;
    }
    Ok(())
}

/// Makes sure that every folder in which something is to be replaced or removed lets us do so.
fn probe<'a>(folder: &Path, changed: impl Iterator<Item = &'a Path>) -> Result<(), CliError> {
    let folders: BTreeSet<PathBuf> = changed.map(|path| deepest_folder(folder, path)).collect();
    for existing in folders {
        // Nameless where the system can do that, and gone at once elsewhere.
        tempfile::tempfile_in(&existing).map_err(CliError::disk("change files in", &existing))?;
    }
    Ok(())
}

/// The deepest folder above a path that is there already. What a link leads to is not ours, and is not entered.
fn deepest_folder(folder: &Path, below: &Path) -> PathBuf {
    let is_folder = |path: &Path| path.symlink_metadata().is_ok_and(|found| found.is_dir());
    let mut deepest = folder.to_owned();
    if !is_folder(folder) {
        deepest.pop();
        return deepest;
    }
    for component in below.parent().into_iter().flat_map(Path::components) {
        let next = deepest.join(component);
        if !is_folder(&next) {
            break;
        }
        deepest = next;
    }
    deepest
}

/// Removes a file or link, and the folders that it leaves empty.
fn remove(folder: &Path, below: &Path) -> Result<(), CliError> {
    let path = folder.join(below);
    std::fs::remove_file(&path).map_err(CliError::disk("remove", &path))?;
    for parent in below.ancestors().skip(1).filter(|parent| *parent != Path::new("")) {
        // Not empty is the usual reason to stop; any other one leaves an empty folder behind, which harms nobody.
        if std::fs::remove_dir(folder.join(parent)).is_err() {
            break;
        }
    }
    Ok(())
}
