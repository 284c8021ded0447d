//! `growset import`
//!
//! Other people's schemas become contracts. Everything is made and checked before anything is written.

use growset_import::{Api, Document, Import, NameRule, Options, Refusal};
use growset_model::{Catalog, Date, RustPackage};
use growset_syntax::Input;

use crate::arguments::{HistoricOptions, ImportFormat, ImportOptions};
use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::imported::{Destination, Judged};
use crate::report::counted;
use crate::sources_of_import::{self, Found};
use crate::{clock, judged_history, lock_file, report_of_import};

/// Contracts that are bad in a new way each time are given up.
const MOST_ROUNDS: usize = 32;

/// Imports documents of JSON Schema.
pub(crate) fn json_schema(options: &HistoricOptions, console: &mut Console) -> Result<Exit, CliError> {
    let import = &options.import;
    let destination = Destination::of(&import.out, options.history, console)?;
    let rules = rules(import)?;
    let found = sources_of_import::read(&import.sources.paths, Document::is_schema, console);
    let past = options.history.then(|| clock::today(options.date));
    let read = |known: &[Refusal]| growset_import::history(&found.documents, &rules, known);
    take_in(&read, past, &Errand { found: &found, destination: &destination, options: import }, console)
}

/// Imports the messages of descriptions of APIs.
pub(crate) fn api(api: Api, options: &ImportOptions, console: &mut Console) -> Result<Exit, CliError> {
    let destination = Destination::of(&options.out, false, console)?;
    let rules = rules(options)?;
    let found = sources_of_import::read(&options.sources.paths, serde_json::Value::is_object, console);
    let read = |known: &[Refusal]| vec![growset_import::api(api, &found.documents, &rules, known)];
    take_in(&read, None, &Errand { found: &found, destination: &destination, options }, console)
}

fn rules(options: &ImportOptions) -> Result<Options, CliError> {
    let name = options.sources.name.as_deref().map(NameRule::parse).transpose();
    let name = name.map_err(|error| CliError::Refused(error.to_string()))?;
    Ok(Options { name, audience: options.audience, owner: options.owner.clone(), draft: options.sources.draft })
}

/// What is imported, and where to.
struct Errand<'a> {
    found: &'a Found,
    destination: &'a Destination,
    options: &'a ImportOptions,
}

/// Reports what came of an import, and writes it with its past where one is asked for.
fn take_in(
    read: &dyn Fn(&[Refusal]) -> Vec<Import>,
    past: Option<Date>,
    errand: &Errand,
    console: &mut Console,
) -> Result<Exit, CliError> {
    let Errand { found, destination, options } = errand;
    let Settled { mut releases, judged } = settled(read, errand);
    let Some(import) = releases.last_mut() else { return Ok(Exit::Invalid) };
    import.refusals.extend(found.refusals.iter().cloned());
    import.refusals.sort();
    import.losses.extend(found.losses.iter().cloned());
    import.losses.sort();
    match options.format {
        ImportFormat::Text => console.write(&report_of_import::text(import, found)),
        ImportFormat::Json => console.say(&format!("{:#}", report_of_import::json(import, found))),
    }
    let import = import.clone();
    let Some(mut files) = contracts(&import, judged, options, console) else { return Ok(Exit::Invalid) };
    // The others came in; that some did not is an error all the same.
    let exit = if import.refusals.is_empty() { Exit::Clean } else { Exit::Invalid };
    if options.dry_run {
        return Ok(exit);
    }
    if let Some(date) = past {
        releases.iter_mut().for_each(|release| settle_settings(&mut release.catalog));
        let lock = judged_history::lock(&releases, date).print();
        let path = lock_file::NAME.to_owned();
        files.push(Input { shown: path.clone(), path, bytes: lock.into_bytes() });
    }
    destination.write(&files)?;
    if options.format == ImportFormat::Text {
        console.say(&format!("wrote {} into {}", counted(files.len(), "file"), options.out.display()));
        console.say(destination.next_step());
    }
    if !import.refusals.is_empty() {
        console.remark(&format!("{} left out, as the errors above say", report_of_import::left_out(&import)));
    }
    Ok(exit)
}

/// An import without the sources whose contracts would not pass.
struct Settled {
    releases: Vec<Import>,
    judged: Judged,
}

fn settled(read: &dyn Fn(&[Refusal]) -> Vec<Import>, errand: &Errand) -> Settled {
    let mut known: Vec<Refusal> = Vec::new();
    let mut releases = read(&known);
    for _ in 0..MOST_ROUNDS {
        let Some(import) = releases.last_mut().filter(|import| !import.catalog.events.is_empty()) else { break };
        settle_settings(&mut import.catalog);
        let bad = match errand.destination.judge(import, &errand.found.documents) {
            Judged::Bad(bad) => bad,
            judged => return Settled { releases, judged },
        };
        known.extend(bad);
        releases = read(&known);
    }
    let given_up = "what is left can be read no more without what was refused".to_owned();
    Settled { releases, judged: Judged::Hopeless(vec![given_up]) }
}

/// The files of what came in, if that may be written.
fn contracts(import: &Import, judged: Judged, options: &ImportOptions, console: &mut Console) -> Option<Vec<Input>> {
    if import.catalog.events.is_empty() {
        console.remark("nothing was imported: no event could be read");
        return None;
    }
    if options.strict && !(import.losses.is_empty() && import.refusals.is_empty()) {
        console.remark("nothing was imported: --strict takes no loss and no refused file");
        return None;
    }
    let reasons = match judged {
        Judged::Good(files) => return Some(files),
        Judged::Bad(refusals) => refusals.iter().map(ToString::to_string).collect(),
        Judged::Hopeless(reasons) => reasons,
    };
    reasons.iter().for_each(|reason| console.remark(&format!("error: {reason}")));
    console.remark("nothing was imported: the contracts would be refused for the reasons above");
    None
}

/// What no schema says: to be said better by a person.
fn settle_settings(catalog: &mut Catalog) {
    let settings = &mut catalog.settings;
    if settings.title.trim().is_empty() {
        settings.title = "Imported events".to_owned();
    }
    settings.schema_base = "https://events.example.com/schemas".to_owned();
    settings.npm_name = "@example/events".to_owned();
    settings.rust = RustPackage { name: "example-events".to_owned(), ..RustPackage::default() };
}
