//! `growset init`

use std::path::{Path, PathBuf};

use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::project::shown_from;
use crate::settings_file;

/// What is written where nothing stands yet.
const FILES: [(&str, &str); 4] = [
    ("contracts/growset.yaml", include_str!("../../templates/growset.yaml")),
    ("contracts/orders/order.created.yaml", include_str!("../../templates/order.created.yaml")),
    ("contracts/orders/orders.types.yaml", include_str!("../../templates/orders.types.yaml")),
    (".github/workflows/growset.yml", include_str!("../../templates/growset.workflow.yml")),
];

/// The generated folder is folded in reviews, and has the same bytes on every system. Git never writes conflict
/// markers into a manifest: one that cannot be read would stop every cargo command of its workspace. The lock is a set of
/// lines, so a merge keeps those of both sides.
const ATTRIBUTES: [&str; 3] = [
    "generated/** text eol=lf linguist-generated=true",
    "generated/rust/Cargo.toml -merge",
    "contracts/growset.lock text eol=lf merge=union",
];

/// Where Visual Studio Code finds the schemas.
const SETTINGS: &str = ".vscode/settings.json";

/// Starts a contracts folder in a repository.
pub(crate) fn run(repository: &Path, console: &mut Console) -> Result<Exit, CliError> {
    let contracts = repository.join("contracts");
    let taken = contracts.join("growset.yaml");
    if taken.symlink_metadata().is_ok() {
        let shown = shown_from(&console.directory, &taken);
        return Err(CliError::Refused(format!("{shown} exists already; `growset new <event>` adds a contract")));
    }
    if let Some(path) = FILES.iter().map(|(path, _)| repository.join(path)).find(|path| path.symlink_metadata().is_ok())
    {
        let shown = shown_from(&console.directory, &path);
        return Err(CliError::Refused(format!("{shown} exists already; move it away, or write the contracts by hand")));
    }
    for (path, text) in FILES {
        write(&repository.join(path), text)?;
        console.say(&format!("wrote {path}"));
    }
    attributes(&repository.join(".gitattributes"), console)?;
    settings(&repository.join(SETTINGS), console)?;
    console.say("next: `growset generate`, then `growset new order.shipped`");
    Ok(Exit::Clean)
}

/// Adds the lines that are missing at the end of `.gitattributes`.
fn attributes(path: &Path, console: &mut Console) -> Result<(), CliError> {
    let old = read_if_there(path)?.unwrap_or_default();
    let missing: Vec<&str> =
        ATTRIBUTES.into_iter().filter(|line| !old.lines().any(|present| present.trim() == *line)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let separator = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
    write(path, &format!("{old}{separator}{}\n", missing.join("\n")))?;
    console.say("wrote .gitattributes");
    Ok(())
}

/// Adds the schemas to the editor's settings, keeping what is there, comments included.
fn settings(path: &Path, console: &mut Console) -> Result<(), CliError> {
    let old = read_if_there(path)?;
    match settings_file::with_schemas(old.as_deref()) {
        Some(new) => {
            write(path, &new)?;
            console.say(&format!("wrote {SETTINGS}"));
        }
        None => console.say(&format!("left {SETTINGS} as it is; the first line of every contract names its schema")),
    }
    Ok(())
}

fn read_if_there(path: &Path) -> Result<Option<String>, CliError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(CliError::disk("read", path)(cause)),
    }
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let folder: PathBuf = path.parent().map(Path::to_owned).unwrap_or_default();
    std::fs::create_dir_all(&folder).map_err(CliError::disk("make", &folder))?;
    std::fs::write(path, text).map_err(CliError::disk("write", path))
}
