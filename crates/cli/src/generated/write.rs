//! Changes the generated folder: every new file is written whole beside the folder, then renamed into place.
//!
//! Invariant: what can fail for want of space or rights fails before the first file of the folder is touched, and a
//! reader sees a file as it was or as it shall be, never a part of it.

use std::collections::BTreeSet;
use std::path::Path;

use growset_codegen::Artifact;
use rayon::prelude::*;

use crate::artifacts::MARKER;
use crate::error::CliError;
use crate::generated::Plan;

/// Carries out a plan.
pub(crate) fn apply(folder: &Path, plan: &Plan) -> Result<(), CliError> {
    if plan.is_empty() {
        return Ok(());
    }
    let mut written: Vec<&Artifact> = plan.targets.iter().flat_map(|target| target.written.iter().copied()).collect();
    // A first generation that is interrupted has to be known as ours by the next one.
    written.sort_by_key(|artifact| artifact.path != MARKER);

    let beside = folder.parent().unwrap_or(folder);
    std::fs::create_dir_all(beside).map_err(CliError::disk("make", beside))?;
    let temporary = tempfile::Builder::new()
        .prefix(".growset-")
        .tempdir_in(beside)
        .map_err(CliError::disk("make a temporary folder in", beside))?;
    written.par_iter().enumerate().try_for_each(|(index, artifact)| {
        let path = temporary.path().join(index.to_string());
        std::fs::write(&path, &artifact.text).map_err(CliError::disk("write", &path))
    })?;

    for target in &plan.targets {
        for path in &target.removed {
            remove(folder, path)?;
        }
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
        std::fs::rename(temporary.path().join(index.to_string()), &path).map_err(CliError::disk("write", &path))?;
    }
    Ok(())
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
