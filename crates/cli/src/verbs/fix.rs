//! `growset fix`

use std::io::Write;
use std::path::{Path, PathBuf};

use growset_syntax::Input;
use similar::TextDiff;

use crate::check::{self, Checked};
use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::project::Project;
use crate::reading::{self, Folder};
use crate::report::{self, Format};

/// A fix may bring another problem to light that can be fixed as well; this many times, then a person should look.
const MOST_ROUNDS: usize = 8;

/// A file and its text before and after.
struct Change {
    path: PathBuf,
    shown: String,
    old: Vec<u8>,
    new: String,
}

/// Applies every certain fix, or shows what it would change; then reports what is left.
pub(crate) fn run(project: &Project, dry_run: bool, console: &mut Console) -> Result<Exit, CliError> {
    let folder = reading::read(project)?;
    let mut changes: Vec<Change> = Vec::new();
    let mut inputs: Vec<Input> = folder.inputs;
    let (unreadable, lock) = (folder.unreadable, folder.lock);
    let mut checked = judge(&inputs);
    for _ in 0..MOST_ROUNDS {
        let fixed = growset_syntax::apply_fixes(&checked.sources, &checked.diagnostics);
        if fixed.is_empty() {
            break;
        }
        for (file, text) in fixed {
            let shown = checked.sources.file(file).map(|source| source.path.clone());
            if let Some(input) = inputs.iter_mut().find(|input| Some(&input.shown) == shown.as_ref()) {
                note(&mut changes, project, input, text);
            }
        }
        checked = judge(&inputs);
    }
    changes.retain(|change| change.old != change.new.as_bytes());

    for change in &changes {
        if dry_run {
            console.write(&diff(change));
        } else {
            write(change)?;
            console.say(&format!("fixed {}", change.shown));
        }
    }
    let files = report::counted(changes.len(), "file");
    match (changes.is_empty(), dry_run) {
        (true, _) => console.say("no fix is certain"),
        (false, true) => console.say(&format!("{files} would change; nothing was written")),
        (false, false) => console.say(&format!("{files} changed")),
    }
    let left = check::judge(Folder { inputs, unreadable, misnamed: folder.misnamed, lock });
    if left.diagnostics.is_empty() {
        console.say(&report::summary(&left));
    } else {
        console.say("\nleft to do:\n");
        console.write(&report::render(Format::Text, &left, console.out_is_styled));
    }
    Ok(if left.is_valid() { Exit::Clean } else { Exit::Invalid })
}

fn judge(inputs: &[Input]) -> Checked {
    check::judge(Folder { inputs: inputs.to_vec(), ..Folder::default() })
}

/// Carries a new text into the input, keeping the oldest text of a file that is fixed more than once.
fn note(changes: &mut Vec<Change>, project: &Project, input: &mut Input, text: String) {
    let old = std::mem::replace(&mut input.bytes, text.clone().into_bytes());
    match changes.iter_mut().find(|change| change.shown == input.shown) {
        Some(change) => change.new = text,
        None => {
            let path = project.contracts.join(&input.path);
            changes.push(Change { path, shown: input.shown.clone(), old, new: text });
        }
    }
}

/// Replaces a contract whole, never half: an editor or another run may be reading it. A link stays a link.
fn write(change: &Change) -> Result<(), CliError> {
    let failed = |cause| CliError::Disk { action: "write", path: change.path.clone(), cause };
    let real = change.path.canonicalize().map_err(failed)?;
    let permissions = real.metadata().map_err(failed)?.permissions();
    let mut file = tempfile::NamedTempFile::new_in(real.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    file.write_all(change.new.as_bytes()).map_err(failed)?;
    file.as_file().set_permissions(permissions).map_err(failed)?;
    file.persist(&real).map_err(|error| failed(error.error))?;
    Ok(())
}

fn diff(change: &Change) -> String {
    let old = String::from_utf8_lossy(&change.old);
    let shown = &change.shown;
    TextDiff::from_lines(old.as_ref(), change.new.as_str())
        .unified_diff()
        .header(shown, &format!("{shown} (fixed)"))
        .to_string()
}
