//! `growset watch` and `growset dev`
//!
//! The rounds are driven by whoever sends changes: the watcher of the file system, or a test.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use notify_debouncer_mini::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_mini::{Debouncer, new_debouncer};

use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::generated::stamp::Fingerprint;
use crate::project::Project;
use crate::reading::{self, Folder};
use crate::verbs::generate;

/// An editor saves in several steps; this is long enough for all of them, and short enough to feel immediate.
const SETTLING: Duration = Duration::from_millis(60);

/// Checks and generates now, and again after every change, until it is interrupted.
pub(crate) fn run(project: &Project, console: &mut Console) -> Result<Exit, CliError> {
    let (sender, changes) = mpsc::channel();
    let failed = |cause| CliError::Watch { path: project.contracts.clone(), cause };
    let mut debouncer = new_debouncer(SETTLING, move |_| {
        // The receiver is gone only when the command is about to end.
        let _ = sender.send(());
    })
    .map_err(failed)?;
    debouncer.watcher().watch(&project.contracts, RecursiveMode::Recursive).map_err(failed)?;
    // The folder itself may be replaced, by a checkout for one: then its parent tells.
    debouncer.watcher().watch(&project.root, RecursiveMode::NonRecursive).map_err(failed)?;
    let changes = changes.iter().inspect(|()| watch_again(&mut debouncer, &project.contracts));
    Ok(rounds(project, changes, console))
}

/// `watch`, and what will join it.
pub(crate) fn run_dev(project: &Project, console: &mut Console) -> Result<Exit, CliError> {
    console.say("dev: check, generate and watch; the server will join it");
    run(project, console)
}

/// A watch ends with its folder; watching a folder that is still watched changes nothing.
fn watch_again(debouncer: &mut Debouncer<RecommendedWatcher>, contracts: &Path) {
    // A folder that is gone for the moment is watched again after the next change of its parent.
    let _ = debouncer.watcher().watch(contracts, RecursiveMode::Recursive);
}

/// One round now, and one for every change that left the contracts different. Answers how the last one ended.
fn rounds(project: &Project, changes: impl Iterator<Item = ()>, console: &mut Console) -> Exit {
    let mut session = Session { project, seen: None, last: Exit::Clean };
    session.round(console);
    for () in changes {
        session.round(console);
    }
    session.last
}

/// What a watching command remembers between two rounds.
struct Session<'a> {
    project: &'a Project,
    /// The contracts of the last round, to tell a change from a mere touch. Nothing after a failure.
    seen: Option<Fingerprint>,
    last: Exit,
}

impl Session<'_> {
    /// Contracts that are invalid, or a disk that fails, end the round, never the watching.
    fn round(&mut self, console: &mut Console) {
        let ended = reading::read(self.project).and_then(|folder| self.round_on(folder, console));
        match ended {
            Ok(Some(exit)) => self.last = exit,
            Ok(None) => return,
            Err(error) => {
                self.seen = None;
                self.last = Exit::Usage;
                console.remark(&format!("error: {error}"));
            }
        }
        console.say(&format!("watching {}; Ctrl-C ends", self.project.shown(&self.project.contracts)));
    }

    fn round_on(&mut self, folder: Folder, console: &mut Console) -> Result<Option<Exit>, CliError> {
        let fingerprint = Fingerprint::of(&folder);
        if self.seen.as_ref() == Some(&fingerprint) {
            return Ok(None);
        }
        self.seen = Some(fingerprint);
        console.clear();
        generate::run_on(self.project, folder, console).map(Some)
    }
}
