//! `growset release`
//!
//! Takes the contracts into the lock. A wrong release is followed by another: nothing is ever taken out.

use std::collections::{BTreeMap, BTreeSet};

use growset_model::{Date, EventName, Severity};

use crate::check::Checked;
use crate::comparison::{self, Growth, Waived};
use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::project::Project;
use crate::report::{self, Format};
use crate::{base, baseline, check, clock, lock_file, sunset, version, waivers};

/// Per event, the digests of the revisions that it breaks under waivers, and why.
type Breaks = BTreeMap<EventName, (BTreeSet<String>, String)>;

/// Adds a release to the lock, or says what stands in its way.
pub(crate) fn run(
    project: &Project,
    date: Option<Date>,
    base: Option<&str>,
    console: &mut Console,
) -> Result<Exit, CliError> {
    let today = clock::today(date);
    let mut checked = check::check(project)?;
    let shown = project.shown(&lock_file::path(project));
    if checked.is_valid() {
        let compared = baseline::of_lock(&checked.lock, &shown);
        let mut growth = comparison::compare(&compared, &checked.catalog, &checked.waivers, today);
        growth.diagnostics.extend(base::verify(project, &checked.lock, base)?);
        let of_days = sunset::findings(&checked.catalog, today);
        growth.diagnostics.extend(of_days.into_iter().map(|found| found.weighing(Severity::Error)));
        if growth.diagnostics.iter().all(|found| found.severity != Severity::Error) {
            return take_in(project, checked, &growth, today, console);
        }
        checked.diagnostics.append(&mut growth.diagnostics);
        checked.growth = Some(growth);
        checked.sort();
        console.write(&report::render(Format::Text, &checked, console.out_is_styled));
        console.remark("nothing was released");
        return Ok(Exit::Findings);
    }
    console.write(&report::render(Format::Text, &checked, console.out_is_styled));
    console.remark("nothing was released");
    Ok(Exit::Invalid)
}

fn take_in(
    project: &Project,
    checked: Checked,
    growth: &Growth,
    today: Date,
    console: &mut Console,
) -> Result<Exit, CliError> {
    let Checked { catalog, mut lock, .. } = checked;
    let path = lock_file::path(project);
    let shown = project.shown(&path);
    if lock.holds(&catalog) && growth.waived.is_empty() {
        if let Some(last) = lock.last_release() {
            console.say(&format!("{} of {} holds every contract already; nothing to release", last.version, last.date));
        }
        return Ok(Exit::Clean);
    }
    let breaks = breaks(&lock, &catalog, growth)?;
    let version = version::next(&lock, &catalog);
    let events = lock.release(&catalog, version, today, &breaks);
    lock_file::replace(&path, &lock.print())?;
    for Waived { finding, waiver, .. } in &growth.waived {
        console.say(&format!("took in, waived by {}: {} ({})", waiver.owner, finding.message, waiver.reason));
    }
    waivers::remove(project, growth.waived.iter().map(|waived| waived.waiver.fingerprint.as_str()))?;
    let names: Vec<&str> = events.iter().map(|name| name.as_str()).collect();
    let what = if names.is_empty() { "no new revision".to_owned() } else { names.join(", ") };
    console.say(&format!("released {version} of {today} into {shown}: {what}"));
    console.say(&format!("next: `growset generate`, commit both, tag v{version}"));
    Ok(Exit::Clean)
}

/// What the waived findings break: every standing revision of the events that they concern.
fn breaks(
    lock: &growset_model::lock::Lock,
    catalog: &growset_model::Catalog,
    growth: &Growth,
) -> Result<Breaks, CliError> {
    let mut breaks = Breaks::new();
    for Waived { finding, waiver, .. } in &growth.waived {
        for name in &finding.carried_by {
            if !catalog.events.contains_key(name) {
                return Err(CliError::Refused(format!(
                    "{name} is gone, so nothing can say that its break was waived; restore it and use `growset retire {name}`"
                )));
            }
            let standing = lock.standing().into_iter().filter(|entry| entry.name == *name);
            let digests: BTreeSet<String> = standing.map(|entry| entry.digest.clone()).collect();
            let (known, reason) = breaks.entry(name.clone()).or_default();
            known.extend(digests);
            if !reason.contains(&waiver.reason) {
                let gap = if reason.is_empty() { "" } else { "; " };
                reason.push_str(gap);
                reason.push_str(&waiver.reason);
            }
        }
    }
    Ok(breaks)
}
