//! `growset init`

use std::path::{Path, PathBuf};

use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::project::{shown_from, tidy};
use crate::settings_file;

/// What is written where nothing stands yet.
const FILES: [(&str, &str); 3] = [
    ("contracts/growset.yaml", include_str!("../../templates/growset.yaml")),
    ("contracts/orders/order.created.yaml", include_str!("../../templates/order.created.yaml")),
    ("contracts/orders/orders.types.yaml", include_str!("../../templates/orders.types.yaml")),
];

/// Checks and releases in CI.
const WORKFLOW: &str = include_str!("../../templates/growset.workflow.yml");

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
    let repository = &tidy(repository);
    let taken = repository.join("contracts/growset.yaml");
    if taken.symlink_metadata().is_ok() {
        let shown = shown_from(&console.directory, &taken);
        return Err(CliError::Refused(format!("{shown} exists already; `growset new <event>` adds a contract")));
    }
    let (top, below) = top_of_clone(repository);
    let mut files: Vec<(PathBuf, String)> =
        FILES.iter().map(|(path, text)| (repository.join(path), (*text).to_owned())).collect();
    files.push(workflow(&top, &below));
    if let Some((path, _)) = files.iter().find(|(path, _)| path.symlink_metadata().is_ok()) {
        let shown = shown_from(&console.directory, path);
        return Err(CliError::Refused(format!("{shown} exists already; move it away, or write the contracts by hand")));
    }
    for (path, text) in &files {
        write(path, text, console)?;
    }
    attributes(&repository.join(".gitattributes"), console)?;
    settings(&top.join(SETTINGS), &below, console)?;
    let enter = match shown_from(&console.directory, repository) {
        here if here == "." => String::new(),
        there => format!("`cd {there}`, then "),
    };
    console.say(&format!("next: {enter}`growset generate`, then `growset new order.shipped`"));
    Ok(Exit::Clean)
}

/// The top folder of the clone that a folder lies in, and the way down from it, with `/`: there code hosts look for
/// workflows, and there editors are opened. The folder itself when no clone holds it.
fn top_of_clone(folder: &Path) -> (PathBuf, String) {
    let is_top = |folder: &&Path| folder.join(".git").symlink_metadata().is_ok();
    let top = folder.ancestors().find(is_top).unwrap_or(folder);
    let below = folder.strip_prefix(top).unwrap_or(Path::new(""));
    (top.to_owned(), shown_from(Path::new(""), below).trim_start_matches('.').to_owned())
}

/// The workflow and its place. One that serves a folder further down bears its name, so that several may stand there.
fn workflow(top: &Path, below: &str) -> (PathBuf, String) {
    if below.is_empty() {
        return (top.join(".github/workflows/growset.yml"), WORKFLOW.to_owned());
    }
    let path = top.join(format!(".github/workflows/growset-{}.yml", below.replace('/', "-")));
    // A JSON string is a YAML string.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let text = WORKFLOW
        .replace("\njobs:\n", &format!("\ndefaults:\n  run: {{ working-directory: {} }}\njobs:\n", quoted(below)))
        .replace("path: \"*.tgz\"", &format!("path: {}", quoted(&format!("{below}/*.tgz"))))
        .replace("name: growset\n", &format!("name: {}\n", quoted(&format!("growset {below}"))));
    (path, text)
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
    write(path, &format!("{old}{separator}{}\n", missing.join("\n")), console)
}

/// Adds the schemas to the editor's settings, keeping what is there, comments included.
fn settings(path: &Path, below: &str, console: &mut Console) -> Result<(), CliError> {
    let old = read_if_there(path)?;
    match settings_file::with_schemas(old.as_deref(), below) {
        Some(new) => write(path, &new, console),
        None => {
            let shown = shown_from(&console.directory, path);
            console.say(&format!("left {shown} as it is; the first line of every contract names its schema"));
            Ok(())
        }
    }
}

fn read_if_there(path: &Path) -> Result<Option<String>, CliError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(CliError::disk("read", path)(cause)),
    }
}

fn write(path: &Path, text: &str, console: &mut Console) -> Result<(), CliError> {
    let folder: PathBuf = path.parent().map(Path::to_owned).unwrap_or_default();
    std::fs::create_dir_all(&folder).map_err(CliError::disk("make", &folder))?;
    std::fs::write(path, text).map_err(CliError::disk("write", path))?;
    console.say(&format!("wrote {}", shown_from(&console.directory, path)));
    Ok(())
}
