//! `growset changelog A..B`
//!
//! What changed between two package versions, git refs, folders, `catalog.json` files, or revisions of one event.

use std::sync::Arc;

use growset_compat::growth::{Report, growth};
use growset_model::lock::Lock;
use growset_model::{Catalog, EventName, Version};
use serde_json::{Value, json};

use crate::baseline;
use crate::check::{self, Checked};
use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::history::{Line, grouped, lines};
use crate::project::Project;
use crate::report::markdown;

/// How a changelog is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum ChangelogFormat {
    /// For people.
    #[default]
    Text,
    /// For release notes.
    Markdown,
    /// For programs.
    Json,
}

/// Prints the changes of a range.
pub(crate) fn run(
    project: &Project,
    range: &str,
    format: ChangelogFormat,
    console: &mut Console,
) -> Result<Exit, CliError> {
    let Some((old, new)) = range.split_once("..") else {
        return Err(CliError::Refused(format!(
            "{range} is no range; write two ends such as `0.1.0..0.2.0`, `v1..main`, or `0.1.0..` up to the contracts as they are"
        )));
    };
    let checked = check::check(project)?;
    if !checked.is_readable {
        return Err(CliError::Refused("the contracts have errors; `growset check` shows them".to_owned()));
    }
    let new = new.trim_start_matches('.');
    let (before, after) = (end(project, &checked, old)?, end(project, &checked, new)?);
    let report = growth(&baseline::of_past(old, &before, &checked.lock, &after), &after);
    let lines = lines(&report);
    let new = if new.is_empty() { "now" } else { new };
    console.write(&match format {
        ChangelogFormat::Text => text(&lines, old, new),
        ChangelogFormat::Markdown => marked(&lines, old, new),
        ChangelogFormat::Json => format!("{:#}\n", document(&lines, &report, old, new)),
    });
    Ok(Exit::Clean)
}

/// The catalog at one end; the contracts as they are at an empty one.
fn end(project: &Project, checked: &Checked, named: &str) -> Result<Catalog, CliError> {
    if named.is_empty() {
        return Ok(checked.catalog.clone());
    }
    let lock = &checked.lock;
    if let Some((event, revision)) = named.split_once('@')
        && let Ok(name) = EventName::parse_any_style(event)
        && lock.newest(&name).is_some()
    {
        return revision_of(lock, &name, revision).map_err(CliError::Refused);
    }
    let version = Version::parse(named.strip_prefix('v').unwrap_or(named));
    let released = |version: &Version| lock.releases.iter().filter(|release| release.version == *version).count();
    match version.filter(|version| released(version) > 0) {
        Some(version) if released(&version) > 1 => Err(CliError::Refused(format!(
            "{version} was released more than once, by branches that were merged since; name a git ref of one of them"
        ))),
        Some(version) => Ok(lock.catalog_at(version)),
        None => Ok(baseline::catalog(project, named)?.0),
    }
}

/// One event as `order.created@0.1.0` or `order.created@<first digits of its digest>` names it.
fn revision_of(lock: &Lock, name: &EventName, revision: &str) -> Result<Catalog, String> {
    let of_event = lock.of_event(name);
    let is_meant = |digest: &str, version: Version| version.to_string() == revision || digest.starts_with(revision);
    let found: Vec<_> = of_event.iter().filter(|entry| is_meant(&entry.digest, entry.version)).collect();
    let [entry] = found.as_slice() else {
        let known: Vec<String> =
            of_event.iter().map(|entry| format!("{} {}", entry.version, entry.digest.get(..8).unwrap_or(""))).collect();
        return Err(format!("{revision} is not one revision of {name}; there are {}", known.join(", ")));
    };
    let types = lock.types_of(entry).into_iter().map(|(name, named)| (name, Arc::unwrap_or_clone(named))).collect();
    let events = [(name.clone(), Arc::unwrap_or_clone(entry.contract.event()))].into();
    Ok(Catalog { events, types, ..Catalog::default() })
}

/// A change, whom it reaches where it is of a shared type, and what nobody could decide about it.
fn told(line: &Line) -> String {
    let mut text = line.message.to_owned();
    if !line.carried_by.is_empty() && line.carried_by != [line.root.as_str()] {
        text.push_str(&format!(" (in {})", line.carried_by.join(", ")));
    }
    if !line.undecided.is_empty() {
        text.push_str(&format!("; not shown to keep {}", line.undecided.join(", ")));
    }
    text
}

fn text(lines: &[Line], old: &str, new: &str) -> String {
    if lines.is_empty() {
        return format!("nothing changed from {old} to {new}\n");
    }
    let mut text = format!("from {old} to {new}\n");
    for (heading, of_class) in grouped(lines) {
        text.push_str(&format!("\n{heading}\n"));
        for line in of_class {
            text.push_str(&format!("  {}\n", told(line)));
        }
    }
    text
}

fn marked(lines: &[Line], old: &str, new: &str) -> String {
    let mut text = format!("## {} to {}\n", markdown::text(old), markdown::text(new));
    if lines.is_empty() {
        text.push_str("\nNothing changed.\n");
    }
    for (heading, of_class) in grouped(lines) {
        text.push_str(&format!("\n### {heading}\n\n"));
        for line in of_class {
            text.push_str(&format!("- {}\n", markdown::text(&told(line))));
        }
    }
    text
}

fn document(lines: &[Line], report: &Report, old: &str, new: &str) -> Value {
    let change = |line: &Line| {
        json!({
            "class": line.class.as_str(),
            "rule": line.rule,
            "root": line.root,
            "path": line.path,
            "message": line.message,
            "carried_by": line.carried_by,
            "undecided": line.undecided,
        })
    };
    json!({
        "format": 1,
        "from": old,
        "to": new,
        "class": report.class().as_str(),
        "changes": lines.iter().map(change).collect::<Vec<_>>(),
    })
}
