//! Remembers that the generated folder was made from these very contracts by this very tool, so that a run with
//! nothing to do takes milliseconds.
//!
//! The stamp lies in `.growset/` beside the contracts folder and ignores itself in git. It is never believed on its
//! word: the contracts are hashed again, and every generated file is looked at. A lost or stale stamp costs time only.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::artifacts::{MARKER, Output};
use crate::generated::cache;
use crate::generated::plan::counts;
use crate::generated::survey::{Survey, is_build_file};
use crate::project::Project;
use crate::reading::Folder;

/// Clocks of file systems tick as coarsely as this: a file that is younger than its stamp by less may have been
/// edited after it without a trace in its time, so its content is hashed.
const COARSEST_CLOCK: Duration = Duration::from_secs(2);

/// Stands for everything that was read from a contracts folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fingerprint(String);

impl Fingerprint {
    /// Covers names, lengths and contents, so that no two folders share one.
    pub(crate) fn of(folder: &Folder) -> Self {
        let mut hasher = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        for input in &folder.inputs {
            add(input.path.as_bytes());
            add(&input.bytes);
        }
        add(&folder.lock.bytes);
        for file in &folder.unreadable {
            add(file.shown.as_bytes());
            add(file.cause.as_bytes());
        }
        Self(hex(&hasher.finalize()))
    }
}

/// What was generated from what.
#[derive(Serialize, Deserialize)]
pub(crate) struct Stamp {
    tool: String,
    inputs: Fingerprint,
    generated: PathBuf,
    /// What `generate` said about the contracts.
    pub summary: String,
    targets: Vec<(String, usize)>,
    files: BTreeMap<PathBuf, Trace>,
    written: Duration,
}

/// What one file looked like.
#[derive(Serialize, Deserialize)]
struct Trace {
    size: u64,
    modified: Duration,
    digest: String,
}

impl Stamp {
    /// The stamp of what was just generated, from the files as they are now.
    pub(crate) fn new(project: &Project, inputs: Fingerprint, outputs: &[Output], summary: String) -> Option<Self> {
        let survey = Survey::of(project).ok()?;
        let artifacts: Vec<_> = outputs.iter().flat_map(|output| &output.artifacts).collect();
        let files: Option<BTreeMap<PathBuf, Trace>> = artifacts
            .par_iter()
            .map(|artifact| {
                let metadata = survey.files.get(Path::new(&artifact.path))?;
                let (size, modified) = (metadata.len(), since_epoch(metadata.modified().ok()?)?);
                let digest = hex(&Sha256::digest(artifact.text.as_bytes()));
                Some((PathBuf::from(&artifact.path), Trace { size, modified, digest }))
            })
            .collect();
        Some(Self {
            tool: tool()?,
            inputs,
            generated: project.generated.clone(),
            summary,
            targets: outputs.iter().map(|output| (output.target.to_owned(), output.artifacts.len())).collect(),
            files: files?,
            written: since_epoch(SystemTime::now())?,
        })
    }

    /// The last stamp of a project, when there is one that can be read.
    pub(crate) fn load(project: &Project) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(path(project)).ok()?).ok()
    }

    /// Writes the stamp. A folder that cannot be written only means that the next run takes its time.
    pub(crate) fn save(&self, project: &Project) {
        let Ok(folder) = cache::made_in(&project.root) else { return };
        let written = tempfile::NamedTempFile::new_in(&folder).and_then(|mut file| {
            file.write_all(&serde_json::to_vec(self)?)?;
            file.persist(path(project)).map_err(|error| error.error)
        });
        drop(written);
    }

    /// Whether the contracts, the tool and every generated file are what they were. Also notes that time has passed,
    /// so that a later run need not hash what this one did.
    pub(crate) fn holds(&mut self, project: &Project, inputs: &Fingerprint, survey: &Survey) -> bool {
        if self.generated != project.generated || tool().as_ref() != Some(&self.tool) || *inputs != self.inputs {
            return false;
        }
        let claimed = survey.files.keys().filter(|path| self.files.contains_key(*path) || !is_build_file(path)).count();
        let now = since_epoch(SystemTime::now());
        let holds = claimed == self.files.len()
            && self.files.par_iter().all(|(path, trace)| {
                let metadata = survey.files.get(path).filter(|metadata| metadata.is_file());
                metadata.is_some_and(|metadata| {
                    let modified = metadata.modified().ok().and_then(since_epoch);
                    let untouched = modified == Some(trace.modified) && trace.modified + COARSEST_CLOCK < self.written;
                    metadata.len() == trace.size
                        && (untouched || hash_file(&project.generated.join(path)).as_ref() == Some(&trace.digest))
                })
            });
        let young = self.files.values().any(|trace| trace.modified + COARSEST_CLOCK >= self.written);
        if holds
            && young
            && let Some(now) = now
        {
            self.refresh(survey, now);
            self.save(project);
        }
        holds
    }

    /// Whether a folder's files, the marker aside, hold one that growset wrote there. A folder of somebody else that
    /// took the place of ours does not.
    pub(super) fn knows_any(&self, project: &Project, files: &BTreeMap<PathBuf, Metadata>) -> bool {
        self.generated == project.generated
            && self.files.iter().filter(|(path, _)| path.as_path() != Path::new(MARKER)).any(|(path, trace)| {
                let is_alike = files.get(path).is_some_and(|found| found.is_file() && found.len() == trace.size);
                is_alike && hash_file(&project.generated.join(path)).as_ref() == Some(&trace.digest)
            })
    }

    /// One line per target, as a run that found nothing to do prints it.
    pub(crate) fn lines(&self) -> Vec<(String, String)> {
        self.targets.iter().map(|(target, files)| (target.clone(), counts(0, *files, 0))).collect()
    }

    fn refresh(&mut self, survey: &Survey, now: Duration) {
        for (path, trace) in &mut self.files {
            if let Some(modified) = survey.files.get(path).and_then(|found| found.modified().ok()).and_then(since_epoch)
            {
                trace.modified = modified;
            }
        }
        self.written = now;
    }
}

fn path(project: &Project) -> PathBuf {
    project.root.join(".growset/generate.json")
}

/// Version and executable: while growset itself is worked on, the version stays and the executable changes.
fn tool() -> Option<String> {
    let executable = std::env::current_exe().ok()?;
    let metadata = executable.metadata().ok()?;
    let modified = since_epoch(metadata.modified().ok()?)?;
    Some(format!("{} {} {} {}", env!("CARGO_PKG_VERSION"), executable.display(), metadata.len(), modified.as_nanos()))
}

fn hash_file(path: &Path) -> Option<String> {
    Some(hex(&Sha256::digest(std::fs::read(path).ok()?)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn since_epoch(time: SystemTime) -> Option<Duration> {
    time.duration_since(SystemTime::UNIX_EPOCH).ok()
}
