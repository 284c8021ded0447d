//! `growset generate`

use std::path::Path;

use growset_model::Severity;

use crate::artifacts;
use crate::check::{self, Checked};
use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::generated::stamp::{Fingerprint, Stamp};
use crate::generated::{self, Plan, Survey, stale};
use crate::progress::Progress;
use crate::project::Project;
use crate::reading::{self, Folder};
use crate::report::{self, Format};
use crate::verbs::check::remark_misnamed;

/// Removed files that are named one by one.
const MOST_REMOVED: usize = 20;

/// Brings the generated folder up to date.
pub(crate) fn run(project: &Project, console: &mut Console) -> Result<Exit, CliError> {
    let folder = reading::read(project)?;
    run_on(project, folder, console)
}

/// Brings the generated folder up to date with what was read.
pub(super) fn run_on(project: &Project, folder: Folder, console: &mut Console) -> Result<Exit, CliError> {
    let survey = Survey::of(project)?;
    remark_misnamed(&folder.misnamed, console);
    let fingerprint = Fingerprint::of(&folder);
    if let Some(mut stamp) = Stamp::load(project)
        && stamp.holds(project, &fingerprint, &survey)
    {
        say(console, stamp.lines(), &stamp.summary);
        return Ok(Exit::Clean);
    }
    let progress = Progress::start(console.err_is_terminal, "checking contracts");
    let checked = check::judge(folder);
    if !checked.is_valid() {
        drop(progress);
        console.write(&report::render(Format::Text, &checked, console.out_is_styled));
        console.remark("nothing was generated");
        return Ok(Exit::Invalid);
    }
    progress.stage("generating");
    let outputs = artifacts::all(project, &checked)?;
    let plan = Plan::new(&project.generated, &survey, &outputs);
    progress.stage("writing");
    generated::apply(&project.generated, &plan)?;
    drop(progress);

    let summary = summary(&checked);
    let lines = plan.targets.iter().map(|target| (target.target.to_owned(), target.counts())).collect();
    say(console, lines, &summary);
    say_removed(project, &plan, console);
    if let Some(stamp) = Stamp::new(project, fingerprint, &outputs, summary) {
        stamp.save(project);
    }
    Ok(Exit::Clean)
}

/// Compares the generated folder with the contracts and writes nothing.
pub(crate) fn run_check(project: &Project, console: &mut Console) -> Result<Exit, CliError> {
    let survey = Survey::of(project)?;
    let checked = check::check(project)?;
    remark_misnamed(&checked.misnamed, console);
    if !checked.is_valid() {
        console.write(&report::render(Format::Text, &checked, console.out_is_styled));
        return Ok(Exit::Invalid);
    }
    let outputs = artifacts::all(project, &checked)?;
    let plan = Plan::new(&project.generated, &survey, &outputs);
    if plan.is_empty() {
        let files: usize = outputs.iter().map(|output| output.artifacts.len()).sum();
        console.say(&format!("{} up to date", report::counted(files, "generated file")));
        return Ok(Exit::Clean);
    }
    console.say(&stale::diff(&project.generated, &project.shown(&project.generated), &plan));
    Ok(Exit::Stale)
}

fn say(console: &mut Console, lines: Vec<(String, String)>, summary: &str) {
    let width = lines.iter().map(|(target, _)| target.len()).max().unwrap_or(0);
    for (target, counts) in lines {
        console.say(&format!("{target:width$}  {counts}"));
    }
    console.say(summary);
}

/// Names what is gone: it may have been somebody's.
fn say_removed(project: &Project, plan: &Plan, console: &mut Console) {
    let removed: Vec<&Path> = plan.removed().collect();
    for path in removed.iter().take(MOST_REMOVED) {
        console.say(&format!("removed {}", project.shown(&project.generated.join(path))));
    }
    if removed.len() > MOST_REMOVED {
        console.say(&format!("removed {}", report::counted(removed.len() - MOST_REMOVED, "more file")));
    }
}

/// The catalog in one line. Advice is counted, not repeated: it stays the same until a contract changes.
fn summary(checked: &Checked) -> String {
    let warnings = checked.count(Severity::Warning);
    let catalog = format!(
        "{}, {}",
        report::counted(checked.catalog.events.len(), "event"),
        report::counted(checked.catalog.types.len(), "type")
    );
    if warnings == 0 {
        catalog
    } else {
        format!("{catalog}; {}, which `growset check` shows", report::counted(warnings, "warning"))
    }
}
