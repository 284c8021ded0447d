//! The difference between what should be there and what is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use growset_codegen::Artifact;
use rayon::prelude::*;

use crate::artifacts::Output;
use crate::generated::Survey;
use crate::generated::survey::is_build_file;

/// What has to change.
pub(crate) struct Plan<'a> {
    /// In the order of the targets; files of no known target come under `(no target)`.
    pub targets: Vec<TargetPlan<'a>>,
}

/// What has to change for one target.
pub(crate) struct TargetPlan<'a> {
    /// The target's name.
    pub target: &'static str,
    /// New or different.
    pub written: Vec<&'a Artifact>,
    /// As they should be.
    pub unchanged: usize,
    /// Claimed by no target.
    pub removed: Vec<PathBuf>,
}

impl<'a> Plan<'a> {
    /// Compares every artifact with its file, byte by byte.
    pub(crate) fn new(folder: &Path, survey: &Survey, outputs: &'a [Output]) -> Self {
        let mut targets: Vec<TargetPlan> = outputs.iter().map(|output| compare(folder, survey, output)).collect();
        let claimed: BTreeSet<&Path> =
            outputs.iter().flat_map(|output| &output.artifacts).map(|artifact| Path::new(&artifact.path)).collect();
        let unclaimed = survey.files.keys().filter(|path| !claimed.contains(path.as_path()) && !is_build_file(path));
        for path in unclaimed {
            match owner(outputs, path) {
                Some(index) => targets[index].removed.push(path.clone()),
                None => without_target(&mut targets).removed.push(path.clone()),
            }
        }
        Self { targets }
    }

    /// Whether the folder is as it should be.
    pub(crate) fn is_empty(&self) -> bool {
        self.targets.iter().all(|target| target.written.is_empty() && target.removed.is_empty())
    }
}

impl Plan<'_> {
    /// Everything that no target claims.
    pub(crate) fn removed(&self) -> impl Iterator<Item = &Path> {
        self.targets.iter().flat_map(|target| &target.removed).map(PathBuf::as_path)
    }
}

impl TargetPlan<'_> {
    /// `2 written, 41 unchanged, 1 removed`, without what is none.
    pub(crate) fn counts(&self) -> String {
        counts(self.written.len(), self.unchanged, self.removed.len())
    }
}

/// `2 written, 41 unchanged, 1 removed`, without what is none.
pub(super) fn counts(written: usize, unchanged: usize, removed: usize) -> String {
    let parts: Vec<String> = [(written, "written"), (unchanged, "unchanged"), (removed, "removed")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

fn compare<'a>(folder: &Path, survey: &Survey, output: &'a Output) -> TargetPlan<'a> {
    let is_current = |artifact: &&Artifact| {
        let metadata = survey.files.get(Path::new(&artifact.path));
        metadata.is_some_and(|found| found.is_file() && found.len() == artifact.text.len() as u64)
            && std::fs::read(folder.join(&artifact.path)).is_ok_and(|bytes| bytes == artifact.text.as_bytes())
    };
    let (current, written): (Vec<&Artifact>, Vec<&Artifact>) = output.artifacts.par_iter().partition(is_current);
    TargetPlan { target: output.target, written, unchanged: current.len(), removed: Vec::new() }
}

/// The target that an unclaimed file most likely came from: one that writes into the same folder, or into the same
/// folder at the top. What lies at the top itself says nothing of where it came from.
fn owner(outputs: &[Output], path: &Path) -> Option<usize> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""))?;
    let writes = |matches: &dyn Fn(&Path) -> bool| {
        outputs.iter().position(|output| output.artifacts.iter().any(|artifact| matches(Path::new(&artifact.path))))
    };
    let top = path.components().next()?;
    writes(&|other| other.parent() == Some(folder)).or_else(|| writes(&|other| other.components().next() == Some(top)))
}

fn without_target<'p, 'a>(targets: &'p mut Vec<TargetPlan<'a>>) -> &'p mut TargetPlan<'a> {
    const NAME: &str = "(no target)";
    let index = targets.iter().position(|target| target.target == NAME).unwrap_or(targets.len());
    if index == targets.len() {
        targets.push(TargetPlan { target: NAME, written: Vec::new(), unchanged: 0, removed: Vec::new() });
    }
    &mut targets[index]
}
