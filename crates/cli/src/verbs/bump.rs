//! `growset bump <event>`
//!
//! Writes nothing until the contracts as they will be were read back and grow from every release.

use growset_model::{Date, EventName, NamedType, Severity};
use growset_syntax::Input;

use crate::arguments::BumpOptions;
use crate::check::{self, Checked};
use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::next_version::{NextVersion, next_version};
use crate::project::Project;
use crate::reading::{self, Folder};
use crate::report::{self, Format};
use crate::{baseline, clock, comparison, contract_text, lock_file};

/// How long the first version is promised to stay, where nobody says otherwise.
const MONTHS_UNTIL_SUNSET: u32 = 6;

/// Turns an edited contract into the next version of its event, and gives the first its released shape back.
pub(crate) fn run(project: &Project, options: &BumpOptions, console: &mut Console) -> Result<Exit, CliError> {
    let folder = reading::read(project)?;
    let inputs = folder.inputs.clone();
    let lock_text = folder.lock.clone();
    let checked = check::judge(folder);
    if !checked.is_readable || checked.diagnostics.iter().any(|found| found.rule.id == "lock-malformed") {
        console.write(&report::render(Format::Text, &checked, console.out_is_styled));
        console.remark("nothing was written");
        return Ok(Exit::Invalid);
    }
    let today = clock::today(options.date);
    let event = EventName::parse_any_style(&options.event).map_err(|error| CliError::Refused(error.to_string()))?;
    let sunset = options.sunset.unwrap_or_else(|| months_later(today));
    let next =
        next_version(&checked.lock, &checked.catalog, &event, options.carriers, sunset).map_err(CliError::Refused)?;
    let new_inputs = apply(&checked, &next, inputs.clone());

    let after = check::judge(Folder { inputs: new_inputs.clone(), lock: lock_text, ..Folder::default() });
    if let Some(problem) = problem(&after, &next, today) {
        return Err(CliError::Refused(format!(
            "the contracts after the bump would be wrong, so nothing was written: {problem}"
        )));
    }
    for input in new_inputs.iter().filter(|input| !inputs.contains(input)) {
        let path = project.contracts.join(&input.path);
        lock_file::replace(&path, &String::from_utf8_lossy(&input.bytes))?;
        console.say(&format!("wrote {}", project.shown(&path)));
    }
    for (first, second) in &next.events {
        console.say(&format!("{first} is as it was released, deprecated until {sunset}; {second} replaces it"));
    }
    for (old, fork) in &next.forks {
        console.say(&format!("type {fork} has the new shape of {old}"));
    }
    for remark in &next.remarks {
        console.remark(&format!("warning: {remark}"));
    }
    console.say("next: `growset check`, then `growset generate`");
    Ok(Exit::Clean)
}

/// The files as they will be: types first, since contracts name them.
fn apply(checked: &Checked, next: &NextVersion, mut inputs: Vec<Input>) -> Vec<Input> {
    for (old, fork) in &next.forks {
        let restored = next.restored.contains(old).then(|| &next.catalog.types[old]);
        let edited = &checked.catalog.types[old];
        let shown = edited.place.file().and_then(|file| checked.sources.file(file)).map(|source| source.path.clone());
        if let Some(input) = inputs.iter_mut().find(|input| Some(&input.shown) == shown.as_ref()) {
            let text = String::from_utf8_lossy(&input.bytes).into_owned();
            input.bytes = with_fork(&text, edited, restored, &next.catalog.types[fork]).into_bytes();
        }
    }
    for (first, second) in &next.events {
        let edited = &checked.catalog.events[first];
        let found = inputs.iter().find(|input| input.path == edited.source);
        let text = found.map(|input| String::from_utf8_lossy(&input.bytes).into_owned()).unwrap_or_default();
        for event in [second, first].map(|name| &next.catalog.events[name]) {
            let rewritten = contract_text::rewritten(&inputs, &text, edited, event);
            contract_text::put(&mut inputs, &event.source, rewritten);
        }
    }
    inputs
}

/// A file of types, with the fork after the entry that it was made of, and that entry as it was released. The fork has the
/// edited entry's own lines, comments included, where it names no other fork.
fn with_fork(text: &str, edited: &NamedType, restored: Option<&NamedType>, fork: &NamedType) -> String {
    let name = edited.name.as_str();
    let is_entry = |line: &str| {
        let indent = line.len() - line.trim_start().len();
        (indent > 0 && !line.trim_start().starts_with('#') && !line.trim().is_empty()).then_some(indent)
    };
    let starts = |line: &str| {
        let line = line.trim_start().trim_start_matches(['"', '\'']);
        line.strip_prefix(name).is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
    };
    let depth = text.lines().filter_map(is_entry).min().unwrap_or(2);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let found = lines.iter().position(|line| is_entry(line) == Some(depth) && starts(line));
    let Some(start) = found else {
        return text.to_owned(); // Spelled in a way that is not edited by lines; reading it back will tell.
    };
    let ends =
        |line: &&str| is_entry(line).is_some_and(|indent| indent <= depth) || !line.starts_with([' ', '#', '\n', '\r']);
    let after = lines[start + 1..].iter().position(ends).map_or(lines.len(), |offset| start + 1 + offset);
    // Comments and empty lines before the next entry belong to it.
    let belongs = |line: &&&str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let end = after - lines[start + 1..after].iter().rev().take_while(belongs).count();
    let own = lines[start..end].concat();
    let written = growset_syntax::write_type_entry;
    let is_renamed = written(fork) == written(&NamedType { name: fork.name.clone(), ..edited.clone() });
    let new = if is_renamed { own.replacen(name, fork.name.as_str(), 1) } else { written(fork) };
    let old = restored.map_or(own, written);
    let gap = if old.ends_with('\n') { "" } else { "\n" };
    format!("{}{old}{gap}{new}{}", lines[..start].concat(), lines[end..].concat())
}

/// What is wrong with the contracts as they would be, in one line.
fn problem(after: &Checked, next: &NextVersion, today: Date) -> Option<String> {
    if let Some(found) = after.diagnostics.iter().find(|found| found.severity == Severity::Error && !after.is_readable)
    {
        return Some(found.message.clone());
    }
    let compared = baseline::of_lock(&after.lock, lock_file::NAME);
    let growth = comparison::compare(&compared, &after.catalog, &[], today);
    let bumped = |finding: &&growset_compat::growth::Finding| {
        finding.severity() == Severity::Error && finding.carried_by.iter().any(|name| next.events.contains_key(name))
    };
    growth.report.findings.iter().find(bumped).map(|finding| finding.message.clone())
}

/// The same day some months later, or the last one before it that exists.
fn months_later(today: Date) -> Date {
    let text = today.to_string();
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok()).unwrap_or(1);
    let months = number(0..4) * 12 + number(5..7) - 1 + MONTHS_UNTIL_SUNSET;
    let (year, month) = (months / 12, months % 12 + 1);
    let days = (1..=number(8..10)).rev();
    let later = days.into_iter().find_map(|day| Date::parse(&format!("{year:04}-{month:02}-{day:02}")));
    later.unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_year_later_is_a_day_that_exists() {
        let later = |text: &str| Date::parse(text).map(|date| months_later(date).to_string());
        assert_eq!(later("2026-08-31").as_deref(), Some("2027-02-28"));
        assert_eq!(later("2026-01-15").as_deref(), Some("2026-07-15"));
    }
}
