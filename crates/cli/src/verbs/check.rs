//! `growset check`

use growset_compat::growth::Class;
use growset_model::{Diagnostic, Severity};

use crate::arguments::{CheckOptions, FailOn};
use crate::baseline;
use crate::check::{self, Checked};
use crate::comparison;
use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::lock_file;
use crate::progress::Progress;
use crate::project::Project;
use crate::report;
use crate::{base, clock, sunset};

/// Prints every problem of every contract, alone and against what was released.
pub(crate) fn run(project: &Project, options: &CheckOptions, console: &mut Console) -> Result<Exit, CliError> {
    let mut checked = {
        let progress = Progress::start(console.err_is_terminal, "checking contracts");
        let mut checked = check::check(project)?;
        progress.stage("comparing with what was released");
        compare(project, options, &mut checked)?;
        checked
    };
    remark_misnamed(&checked.misnamed, console);
    if checked.growth.is_some() && options.against.is_none() && checked.lock.is_empty() {
        let lock = project.shown(&lock_file::path(project));
        console.remark(&format!(
            "note: nothing is released yet, so everything may change; `growset release` starts {lock}"
        ));
    }
    let exit = exit(&checked, options.fail_on);
    if let Some(growth) = &mut checked.growth {
        checked.diagnostics.append(&mut growth.diagnostics);
    }
    checked.sort();
    console.write(&report::render(options.format, &checked, console.out_is_styled));
    Ok(exit)
}

/// Compares contracts that are valid with the lock, and prints what they break.
pub(super) fn against_lock(project: &Project, console: &mut Console) -> Result<Exit, CliError> {
    let mut checked = check::check(project)?;
    let compared = baseline::of_lock(&checked.lock, &project.shown(&lock_file::path(project)));
    let mut growth = comparison::compare(&compared, &checked.catalog, &checked.waivers, clock::today(None));
    let broken = growth.diagnostics.iter().any(|found| found.severity == Severity::Error);
    if !broken {
        return Ok(Exit::Clean);
    }
    checked.diagnostics.append(&mut growth.diagnostics);
    checked.growth = Some(growth);
    checked.sort();
    console.write(&report::render(report::Format::Text, &checked, console.out_is_styled));
    Ok(Exit::Findings)
}

/// Adds the comparison, unless a contract cannot be read: a part that was lost would look like a break.
fn compare(project: &Project, options: &CheckOptions, checked: &mut Checked) -> Result<(), CliError> {
    let lock_is_whole = checked.diagnostics.iter().all(|found| found.rule.id != crate::rules::LOCK_MALFORMED.id);
    let today = clock::today(options.date);
    let compared = match &options.against {
        Some(named) => baseline::against(project, named, checked)?,
        None => baseline::of_lock(&checked.lock, &project.shown(&lock_file::path(project))),
    };
    if !checked.is_readable || !lock_is_whole {
        return Ok(());
    }
    let mut growth = comparison::compare(&compared, &checked.catalog, &checked.waivers, today);
    growth.diagnostics.extend(sunset::findings(&checked.catalog, today));
    if options.against.is_none() {
        growth.diagnostics.extend(base::verify(project, &checked.lock, options.base.as_deref())?);
    }
    checked.growth = Some(growth);
    Ok(())
}

fn exit(checked: &Checked, fail_on: FailOn) -> Exit {
    let contracts = if checked.is_valid() { Exit::Clean } else { Exit::Invalid };
    let Some(growth) = &checked.growth else { return contracts };
    let heavy = |found: &Diagnostic| match fail_on {
        FailOn::Error | FailOn::Source => found.severity == Severity::Error,
        FailOn::Warning => found.severity <= Severity::Warning,
    };
    let is_source = |class: Class| fail_on != FailOn::Error && class >= Class::Source;
    let fails = growth.diagnostics.iter().any(heavy)
        || growth.report.findings.iter().any(|finding| is_source(finding.class))
        || (fail_on == FailOn::Warning && checked.count(Severity::Warning) > 0);
    contracts.and(if fails { Exit::Findings } else { Exit::Clean })
}

/// A contract that nobody reads is worse than a wrong one.
pub(super) fn remark_misnamed(misnamed: &[String], console: &mut Console) {
    for path in misnamed {
        console.remark(&format!("note: {path} is not read, contracts end in .yaml; rename it"));
    }
}
