//! What the generated folder holds. Links are never followed: what one leads to is not ours.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use crate::artifacts::{MARKER, is_marker};
use crate::error::CliError;
use crate::project::Project;

/// What builds leave behind in a generated package. Nobody claims it, and it is not removed.
const BUILD_FOLDERS: [&str; 2] = ["node_modules", "target"];
const BUILD_FILES: [&str; 3] = [".DS_Store", "Cargo.lock", "package-lock.json"];

/// The files of the generated folder.
pub(crate) struct Survey {
    /// Files and links below the folder, in order.
    pub files: BTreeMap<PathBuf, Metadata>,
}

impl Survey {
    /// Looks through the folder. Refuses a folder that growset did not make, for it removes what no target claims.
    pub(crate) fn of(project: &Project) -> Result<Self, CliError> {
        let folder = &project.generated;
        let mut files = BTreeMap::new();
        match folder.symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => collect(folder, Path::new(""), &mut files)?,
            Ok(_) => {
                return Err(CliError::Refused(format!(
                    "{} is not a folder; remove it, or name another one by --generated",
                    folder.display()
                )));
            }
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
            Err(cause) => return Err(CliError::disk("look at", folder)(cause)),
        }
        let survey = Self { files };
        survey.is_ours(project)?;
        Ok(survey)
    }

    fn is_ours(&self, project: &Project) -> Result<(), CliError> {
        let folder = &project.generated;
        if project.contracts.starts_with(folder) || folder.starts_with(&project.contracts) {
            return Err(CliError::Refused(format!(
                "the generated folder {} and the contracts folder {} lie in one another; keep them apart",
                folder.display(),
                project.contracts.display()
            )));
        }
        let foreign = self.files.keys().find(|path| !is_build_file(path));
        if let Some(file) = foreign
            && !std::fs::read(folder.join(MARKER)).is_ok_and(|bytes| is_marker(&String::from_utf8_lossy(&bytes)))
        {
            return Err(CliError::Refused(format!(
                "{} holds {}, which growset did not write; since `generate` removes what no target claims, \
                 empty the folder or name another one by --generated",
                folder.display(),
                file.display()
            )));
        }
        Ok(())
    }
}

/// A file that a build left behind.
pub(super) fn is_build_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| BUILD_FILES.iter().any(|build_file| name == *build_file))
}

fn collect(folder: &Path, below: &Path, files: &mut BTreeMap<PathBuf, Metadata>) -> Result<(), CliError> {
    for entry in std::fs::read_dir(folder).map_err(CliError::disk("read", folder))? {
        let entry = entry.map_err(CliError::disk("read", folder))?;
        let name = entry.file_name();
        if BUILD_FOLDERS.iter().any(|build_folder| name == *build_folder) {
            continue;
        }
        let path = entry.path();
        // `DirEntry::metadata` does not follow links.
        let metadata = entry.metadata().map_err(CliError::disk("look at", &path))?;
        if metadata.is_dir() {
            collect(&path, &below.join(&name), files)?;
        } else {
            files.insert(below.join(&name), metadata);
        }
    }
    Ok(())
}
