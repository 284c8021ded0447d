//! Where the contracts are, where the generated files go, and how a path is shown.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use crate::error::CliError;

/// The folders of one repository.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    /// Holds `growset.yaml` and the contracts.
    pub contracts: PathBuf,
    /// Holds what is generated, and nothing else.
    pub generated: PathBuf,
    /// The contracts folder's parent.
    pub root: PathBuf,
    /// Shown paths are relative to it.
    pub directory: PathBuf,
    /// Whether nobody is there to look again: what cannot be verified is then an error.
    pub in_ci: bool,
}

impl Project {
    /// Takes the folders that were named, or walks up from `directory` to the nearest `contracts/growset.yaml`.
    pub(crate) fn find(directory: &Path, contracts: Option<&Path>, generated: Option<&Path>) -> Result<Self, CliError> {
        let contracts = match contracts {
            Some(named) => tidy(&directory.join(named)),
            None => directory
                .ancestors()
                .map(|ancestor| ancestor.join("contracts"))
                .find(|folder| holds_settings(folder))
                .ok_or_else(|| CliError::NoContracts(directory.to_owned()))?,
        };
        if !contracts.is_dir() {
            return Err(CliError::Refused(format!(
                "{} is not a folder; --contracts names the folder that holds growset.yaml",
                contracts.display()
            )));
        }
        let root = contracts.parent().unwrap_or(&contracts).to_owned();
        let generated = generated.map_or_else(|| root.join("generated"), |named| tidy(&directory.join(named)));
        Ok(Self { contracts, generated, root, directory: directory.to_owned(), in_ci: false })
    }

    /// A path as diagnostics show it: relative to where the command was started, with `/`.
    pub(crate) fn shown(&self, path: &Path) -> String {
        shown_from(&self.directory, path)
    }
}

/// A folder that we may not look into counts: to walk on would be to say that there are no contracts.
fn holds_settings(contracts: &Path) -> bool {
    match contracts.join("growset.yaml").symlink_metadata() {
        Ok(_) => true,
        Err(cause) => cause.kind() == ErrorKind::PermissionDenied,
    }
}

/// `path` as seen from `directory`, with `/` between segments whatever the system's own separator is.
pub(crate) fn shown_from(directory: &Path, path: &Path) -> String {
    let base: Vec<Component> = directory.components().collect();
    let target: Vec<Component> = path.components().collect();
    let shared = base.iter().zip(&target).take_while(|(left, right)| left == right).count();
    if shared <= 1 && base.len() > 1 {
        // Nothing but the root in common: a climb to the root and down again is longer than the path itself.
        return path.display().to_string();
    }
    let climbs = std::iter::repeat_n(OsStr::new(".."), base.len() - shared);
    let rest = target[shared..].iter().map(|component| component.as_os_str());
    let segments: Vec<_> = climbs.chain(rest).map(OsStr::to_string_lossy).collect();
    if segments.is_empty() { ".".to_owned() } else { segments.join("/") }
}

/// Resolves `.` and `..` by the text alone, so that a folder that is a link keeps the name it was given.
pub(crate) fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if tidied.file_name().is_some() => {
                tidied.pop();
            }
            Component::ParentDir | Component::Normal(_) | Component::RootDir | Component::Prefix(_) => {
                tidied.push(component);
            }
        }
    }
    tidied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_where_the_command_was_started() {
        let shown = |directory: &str, path: &str| shown_from(Path::new(directory), Path::new(path));
        assert_eq!(shown("/home/me/shop", "/home/me/shop/contracts/a.yaml"), "contracts/a.yaml");
        assert_eq!(shown("/home/me/shop/src", "/home/me/shop/contracts/a.yaml"), "../contracts/a.yaml");
        assert_eq!(shown("/home/me/shop", "/home/me/shop"), ".");
        assert_eq!(shown("/home/me", "/srv/contracts/a.yaml"), "/srv/contracts/a.yaml");
    }

    #[test]
    fn dots_in_a_named_folder_are_resolved() {
        assert_eq!(tidy(Path::new("/a/./b/../c")), Path::new("/a/c"));
    }
}
