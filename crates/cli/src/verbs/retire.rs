//! `growset retire <event>`
//!
//! Turns a deprecated event past its sunset into a tombstone. The shape stays in the lock; its name is never used again.

use growset_model::{Event, EventName, Payload, Record, Retired};

use growset_model::Date;

use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::project::Project;
use crate::report::{self, Format};
use crate::rules::LOCK_MALFORMED;
use crate::{check, clock, contract_text, lock_file, reading};

/// Writes the tombstone, or says what has to happen before.
pub(crate) fn run(project: &Project, event: &str, date: Option<Date>, console: &mut Console) -> Result<Exit, CliError> {
    let today = clock::today(date);
    let folder = reading::read(project)?;
    let inputs = folder.inputs.clone();
    let checked = check::judge(folder);
    if !checked.is_readable || checked.diagnostics.iter().any(|found| found.rule.id == LOCK_MALFORMED.id) {
        console.write(&report::render(Format::Text, &checked, console.out_is_styled));
        return Ok(Exit::Invalid);
    }
    let name = EventName::parse_any_style(event).map_err(|error| CliError::Refused(error.to_string()))?;
    let Some(contract) = checked.catalog.events.get(&name) else {
        return Err(CliError::Refused(format!("no contract defines {name}")));
    };
    if contract.retired.is_some() {
        console.say(&format!("{name} is retired already"));
        return Ok(Exit::Clean);
    }
    if checked.lock.newest(&name).is_none() {
        let path = project.shown(&project.contracts.join(&contract.source));
        return Err(CliError::Refused(format!("{name} was never released, so nobody relies on it; delete {path}")));
    }
    let mut tombstone = tombstone(contract, today).map_err(CliError::Refused)?;
    keeps_promise(&name, checked.lock.promised_until(&name), today).map_err(CliError::Refused)?;
    if !checked.catalog.events.values().any(|event| event.replaces.as_ref() == Some(&name)) {
        tombstone.payload = Payload::Record(Record::default()); // Nothing is filled from it any more.
    }
    let path = project.contracts.join(&contract.source);
    let old = std::fs::read_to_string(&path).map_err(CliError::disk("read", &path))?;
    lock_file::replace(&path, &contract_text::rewritten(&inputs, &old, contract, &tombstone))?;
    console.say(&format!("wrote {}: {name} is retired", project.shown(&path)));
    console.say("next: `growset check`, then `growset release`, which makes a major version of it");
    Ok(Exit::Clean)
}

/// The contract may say another day by now than what was released, and that one holds.
fn keeps_promise(name: &EventName, promised: Option<Date>, today: Date) -> Result<(), String> {
    match promised {
        None => Err(format!("the sunset of {name} is not released yet; run `growset release` first")),
        Some(day) if day > today => {
            Err(format!("{name} was released with the promise to stay until {day}; retire it after that day"))
        }
        Some(_) => Ok(()),
    }
}

fn tombstone(event: &Event, today: Date) -> Result<Event, String> {
    let name = &event.name;
    let Some(deprecated) = &event.deprecated else {
        return Err(format!(
            "{name} is not deprecated; write `deprecated: {{ use: …, sunset: \"2027-06-30\" }}` and release it first"
        ));
    };
    match deprecated.sunset {
        None => return Err(format!("{name} is deprecated without a sunset; say until when it is promised to stay")),
        Some(sunset) if sunset > today => {
            return Err(format!("{name} is promised until {sunset}; retire it after that day"));
        }
        Some(_) => {}
    }
    let successor = deprecated.successor.as_deref().and_then(|name| EventName::parse_any_style(name).ok());
    Ok(Event {
        deprecated: None,
        replaces: None,
        retain: None,
        terminal: false,
        max_bytes: None,
        retired: Some(Retired { since: today, successor }),
        examples: Vec::new(),
        ..event.clone()
    })
}
