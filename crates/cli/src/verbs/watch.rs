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
use crate::verbs::{self, generate};

/// An editor saves in several steps; this is long enough for all of them, and short enough to feel immediate.
const SETTLING: Duration = Duration::from_millis(60);

/// What follows a round that generated: `watch` does nothing more.
type Then<'a> = &'a mut dyn FnMut(&Project, &mut Console) -> Result<Exit, CliError>;

/// Checks and generates now, and again after every change, until it is interrupted.
pub(crate) fn run(project: &Project, console: &mut Console) -> Result<Exit, CliError> {
    run_then(project, console, &mut |_, _| Ok(Exit::Clean))
}

/// `watch`, beside the server, which is told of every catalog that breaks nothing released.
pub(crate) fn run_dev(project: &Project, console: &mut Console, serve: impl FnMut()) -> Result<Exit, CliError> {
    console.say("dev: check, generate and watch");
    run_then(project, console, &mut serving(serve))
}

/// Serves what breaks nothing that was released, and shows what does.
fn serving(mut serve: impl FnMut()) -> impl FnMut(&Project, &mut Console) -> Result<Exit, CliError> {
    move |project, console| {
        let exit = verbs::check::against_lock(project, console)?;
        match exit {
            Exit::Clean => serve(),
            _ => console.remark("dev: the stream goes on with the last catalog that broke nothing"),
        }
        Ok(exit)
    }
}

fn run_then(project: &Project, console: &mut Console, then: Then) -> Result<Exit, CliError> {
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
    Ok(rounds(project, changes, console, then))
}

/// A watch ends with its folder; watching a folder that is still watched changes nothing.
fn watch_again(debouncer: &mut Debouncer<RecommendedWatcher>, contracts: &Path) {
    // A folder that is gone for the moment is watched again after the next change of its parent.
    let _ = debouncer.watcher().watch(contracts, RecursiveMode::Recursive);
}

/// One round now, and one for every change that left the contracts different. Answers how the last one ended.
fn rounds(project: &Project, changes: impl Iterator<Item = ()>, console: &mut Console, then: Then) -> Exit {
    let mut session = Session { project, seen: None, failed: None, last: Exit::Clean, then };
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
    /// What failed in the last round: while the folder is away, every event of its parent would tell it again.
    failed: Option<String>,
    last: Exit,
    then: Then<'a>,
}

impl Session<'_> {
    /// Contracts that are invalid, or a disk that fails, end the round, never the watching.
    fn round(&mut self, console: &mut Console) {
        let ended = reading::read(self.project).and_then(|folder| self.round_on(folder, console));
        match ended {
            Ok(Some(exit)) => {
                self.last = exit;
                self.failed = None;
            }
            Ok(None) => return,
            Err(error) => {
                self.seen = None;
                self.last = Exit::Usage;
                let message = format!("error: {error}");
                if self.failed.as_ref() == Some(&message) {
                    return;
                }
                console.remark(&message);
                self.failed = Some(message);
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
        match generate::run_on(self.project, folder, console)? {
            Exit::Clean => (self.then)(self.project, console).map(Some),
            exit => Ok(Some(exit)), // Nothing was generated.
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::{self, Write};
    use std::rc::Rc;

    use super::*;
    use crate::verbs::init;

    /// What a console wrote, readable while it still writes.
    #[derive(Clone, Default)]
    struct Shared(Rc<RefCell<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Shared {
        fn take(&self) -> String {
            String::from_utf8(self.0.take()).expect("reports are UTF-8")
        }
    }

    /// Makes one edit per change, before the round that it causes, and collects what each round said.
    fn watch(edits: &[fn(&Path)]) -> (Exit, Vec<String>) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let said = Shared::default();
        let mut console = Console::plain(folder.path().to_owned(), Box::new(said.clone()), Box::new(said.clone()));
        init::run(folder.path(), &mut console).expect("a new folder can be filled");
        let project = Project::find(folder.path(), None, None).expect("was just made");
        said.take();
        let rounds_said = RefCell::new(Vec::new());
        let changes = edits.iter().map(|edit| {
            rounds_said.borrow_mut().push(said.take());
            edit(&project.contracts);
        });
        let exit = rounds(&project, changes, &mut console, &mut |_, _| Ok(Exit::Clean));
        let mut rounds_said = rounds_said.into_inner();
        rounds_said.push(said.take());
        (exit, rounds_said)
    }

    fn edit(contracts: &Path, old: &str, new: &str) {
        let path = contracts.join("orders/order.created.yaml");
        let text = std::fs::read_to_string(&path).expect("can be read");
        std::fs::write(&path, text.replace(old, new)).expect("can be written");
    }

    #[test]
    fn every_save_checks_and_generates_again() {
        let (exit, said) = watch(&[|contracts| edit(contracts, "A buyer placed", "Somebody placed")]);
        assert_eq!((exit, said.len()), (Exit::Clean, 2));
        assert!(said[0].contains("watching contracts; Ctrl-C ends"), "{}", said[0]);
        assert!(said[1].contains("1 written"), "{}", said[1]);
    }

    #[test]
    fn watching_survives_an_invalid_contract_and_a_folder_that_is_gone() {
        let (exit, said) = watch(&[
            |contracts| edit(contracts, "orderId: OrderId", "orderId: OrderIdd"),
            |contracts| std::fs::rename(contracts, contracts.with_extension("away")).expect("can be renamed"),
            |_| {},
            |contracts| std::fs::rename(contracts.with_extension("away"), contracts).expect("can be renamed"),
            |contracts| edit(contracts, "OrderIdd", "OrderId"),
        ]);
        assert_eq!(exit, Exit::Clean);
        assert!(said[1].contains("error[unknown-type]"), "{}", said[1]);
        assert!(said[2].contains("error: cannot read the contracts folder"), "{}", said[2]);
        assert_eq!(said[3], "", "it is away still, which was said");
        assert!(said[4].contains("error[unknown-type]"), "{}", said[4]);
        assert!(said[5].contains("1 event, 2 types"), "{}", said[5]);
    }

    #[test]
    fn under_dev_only_what_breaks_nothing_released_is_served() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let said = Shared::default();
        let mut console = Console::plain(folder.path().to_owned(), Box::new(said.clone()), Box::new(said.clone()));
        init::run(folder.path(), &mut console).expect("a new folder can be filled");
        let project = Project::find(folder.path(), None, None).expect("was just made");
        let day = growset_model::Date::parse("2026-01-02");
        verbs::release::run(&project, day, None, &mut console).expect("can be released");
        said.take();
        let served = RefCell::new(0);
        let edits: [fn(&Path); 2] = [
            |contracts| edit(contracts, "audience: org", "audience: channel"),
            |contracts| edit(contracts, "audience: channel", "audience: org"),
        ];
        let mut seen = Vec::new();
        let changes = edits.iter().map(|edit| {
            seen.push((*served.borrow(), said.take()));
            edit(&project.contracts);
        });
        let exit = rounds(&project, changes, &mut console, &mut serving(|| *served.borrow_mut() += 1));
        assert_eq!((exit, seen[0].0, seen[1].0, *served.borrow()), (Exit::Clean, 1, 1, 2));
        assert!(seen[1].1.contains("error[") && seen[1].1.contains("the stream goes on"), "{}", seen[1].1);
    }

    #[test]
    fn a_save_without_a_change_is_silent() {
        let (_, said) = watch(&[|contracts| edit(contracts, "", "")]);
        assert_eq!(said[1], "");
    }

    #[test]
    fn the_screen_is_cleared_only_for_a_person() {
        let (_, said) = watch(&[|contracts| edit(contracts, "A buyer", "Somebody")]);
        assert!(!said.concat().contains('\u{1b}'));
    }
}
