//! `growset import`
//!
//! Other people's schemas become contracts. Everything is made and checked before anything is written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use growset_import::{Api, Document, Done, Import, Loss, NameRule, Options};
use growset_model::{Catalog, Date, RustPackage};
use growset_syntax::Input;
use serde_json::json;

use crate::arguments::{HistoricOptions, ImportFormat, ImportOptions};
use crate::check;
use crate::console::Console;
use crate::contract_files;
use crate::error::CliError;
use crate::exit::Exit;
use crate::reading::Folder;
use crate::report::{self, Format, counted};
use crate::sources_of_import::{self, Found};
use crate::{clock, judged_history, lock_file};

/// Imports documents of JSON Schema.
pub(crate) fn json_schema(options: &HistoricOptions, console: &mut Console) -> Result<Exit, CliError> {
    let import = &options.import;
    refuse_taken(import, console)?;
    let rules = rules(import)?;
    let found = sources_of_import::read(&import.sources.paths, Document::is_schema, console);
    let mut releases = growset_import::history(&found.documents, &rules);
    let Some(newest) = releases.pop() else { return Ok(Exit::Invalid) };
    let past = options.history.then(|| (releases, clock::today(options.date)));
    take_in(newest, past, &found, import, console)
}

/// Imports the messages of descriptions of APIs.
pub(crate) fn api(api: Api, options: &ImportOptions, console: &mut Console) -> Result<Exit, CliError> {
    refuse_taken(options, console)?;
    let rules = rules(options)?;
    let found = sources_of_import::read(&options.sources.paths, serde_json::Value::is_object, console);
    let import = growset_import::api(api, &found.documents, &rules);
    take_in(import, None, &found, options, console)
}

fn rules(options: &ImportOptions) -> Result<Options, CliError> {
    let name = options.sources.name.as_deref().map(NameRule::parse).transpose();
    let name = name.map_err(|error| CliError::Refused(error.to_string()))?;
    Ok(Options { name, audience: options.audience, owner: options.owner.clone(), draft: options.sources.draft })
}

/// Reports what came of an import, and writes it with its past where one is asked for.
fn take_in(
    mut import: Import,
    past: Option<(Vec<Import>, Date)>,
    found: &Found,
    options: &ImportOptions,
    console: &mut Console,
) -> Result<Exit, CliError> {
    import.refusals.extend(found.refusals.iter().cloned());
    import.refusals.sort();
    match options.format {
        ImportFormat::Text => console.write(&text(&import, found)),
        ImportFormat::Json => console.say(&format!("{:#}", as_json(&import, found))),
    }
    let Some(mut files) = contracts(&mut import, options, console) else { return Ok(Exit::Invalid) };
    // The others came in; that some did not is an error all the same.
    let exit = if import.refusals.is_empty() { Exit::Clean } else { Exit::Invalid };
    if options.dry_run {
        return Ok(exit);
    }
    if let Some((mut releases, date)) = past {
        releases.push(import.clone());
        releases.iter_mut().for_each(|release| settle_settings(&mut release.catalog));
        let lock = judged_history::lock(&releases, date).print();
        let path = lock_file::NAME.to_owned();
        files.push(Input { shown: path.clone(), path, bytes: lock.into_bytes() });
    }
    write(&console.directory.join(&options.out), &files)?;
    if options.format == ImportFormat::Text {
        console.say(&format!("wrote {} into {}", counted(files.len(), "file"), options.out.display()));
        console.say("next: name the packages in growset.yaml, then `growset check` and `growset generate`");
    }
    if !import.refusals.is_empty() {
        console.remark(&format!("{} left out, as the errors above say", left_out(&import)));
    }
    Ok(exit)
}

/// The files of what came in, if that may be written.
fn contracts(import: &mut Import, options: &ImportOptions, console: &mut Console) -> Option<Vec<Input>> {
    if import.catalog.events.is_empty() {
        console.remark("nothing was imported: no event could be read");
        return None;
    }
    if options.strict && !(import.losses.is_empty() && import.refusals.is_empty()) {
        console.remark("nothing was imported: --strict takes no loss and no refused file");
        return None;
    }
    settle_settings(&mut import.catalog);
    let files = contract_files::of(&import.catalog);
    let copied = |file: &Input| Input { path: file.path.clone(), shown: file.shown.clone(), bytes: file.bytes.clone() };
    let checked = check::judge(Folder { inputs: files.iter().map(copied).collect(), ..Folder::default() });
    if !checked.is_valid() {
        console.remark(&report::render(Format::Text, &checked, false));
        console.remark("nothing was imported: the contracts would be refused as shown above");
        return None;
    }
    Some(files)
}

/// Refused files, and refused messages of files of which others came in.
fn left_out(import: &Import) -> String {
    let (files, parts) = refused(import);
    let counts = [(files.len(), "file"), (parts, "message")];
    let counts = counts.iter().filter(|(number, _)| *number > 0).map(|(number, noun)| counted(*number, noun));
    counts.collect::<Vec<_>>().join(" and ")
}

/// Files of which nothing came in, and how much else was refused.
fn refused(import: &Import) -> (BTreeSet<&str>, usize) {
    let came: BTreeSet<&str> = import.documents.values().filter_map(|path| Some(path.split_once('#')?.0)).collect();
    let (parts, whole): (Vec<_>, Vec<_>) =
        import.refusals.iter().map(|refusal| refusal.file.as_str()).partition(|file| came.contains(file));
    (whole.into_iter().collect(), parts.len())
}

/// Told before anything is read, which may take a while.
fn refuse_taken(options: &ImportOptions, console: &Console) -> Result<(), CliError> {
    let out = console.directory.join(&options.out);
    let is_free = options.dry_run
        || match std::fs::read_dir(out) {
            Ok(mut entries) => entries.next().is_none(),
            Err(cause) => cause.kind() == std::io::ErrorKind::NotFound,
        };
    if is_free {
        return Ok(());
    }
    let shown = options.out.display();
    Err(CliError::Refused(format!("{shown} holds something already; name a new folder by --out, and move from there")))
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

/// Everything is written beside the folder first, so that it is there whole or not at all.
fn write(out: &Path, files: &[Input]) -> Result<(), CliError> {
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(CliError::disk("make", parent))?;
    let beside = tempfile::Builder::new().prefix(".growset-import").tempdir_in(parent);
    let beside = beside.map_err(CliError::disk("write beside", out))?;
    let made = beside.path().join("contracts");
    for file in files {
        let path = made.join(&file.path);
        let folder: PathBuf = path.parent().map(Path::to_owned).unwrap_or_default();
        std::fs::create_dir_all(&folder).map_err(CliError::disk("make", &folder))?;
        std::fs::write(&path, &file.bytes).map_err(CliError::disk("write", &path))?;
    }
    if out.is_dir() {
        // It is empty, and goes only if it still is.
        std::fs::remove_dir(out).map_err(CliError::disk("replace", out))?;
    }
    std::fs::rename(&made, out).map_err(CliError::disk("write", out))
}

fn text(import: &Import, found: &Found) -> String {
    let mut lines: Vec<String> = import.refusals.iter().map(|refusal| format!("error: {refusal}")).collect();
    for Loss { file, pointer, construct, done, note, count } in &import.losses {
        let times = if *count > 1 { format!(" ({count} times)") } else { String::new() };
        let gap = if pointer.is_empty() { "" } else { "#" };
        lines.push(format!("{file}{gap}{pointer}: {done}: `{construct}` {note}{times}"));
    }
    for file in &found.passed_over {
        lines.push(format!("{file}: passed over: is no JSON Schema"));
    }
    for (older, newest) in &import.superseded {
        lines.push(format!("{older}: an older revision of {newest}"));
    }
    let Tally { clean, noted, whole, refused } = tally(import, found);
    lines.push(format!(
        "{}: {clean} without loss, {noted} with notes, {whole} with a part carried whole, {refused} refused",
        counted(found.documents.len() + refused_outright(import, found), "file")
    ));
    let (events, types) = (import.catalog.events.len(), import.catalog.types.len());
    lines.push(format!(
        "{}, {}, {}",
        counted(events, "event"),
        counted(types, "named type"),
        counted(import.superseded.len(), "older revision")
    ));
    lines.join("\n") + "\n"
}

struct Tally {
    clean: usize,
    noted: usize,
    whole: usize,
    refused: usize,
}

/// Each file counts once, by the heaviest of what befell it.
fn tally(import: &Import, found: &Found) -> Tally {
    let (refused, _) = refused(import);
    let with = |wanted: fn(&Loss) -> bool| -> BTreeSet<&str> {
        let files = import.losses.iter().filter(|loss| wanted(loss)).map(|loss| loss.file.as_str());
        files.filter(|file| !refused.contains(file)).collect()
    };
    let whole = with(|loss| loss.done == Done::CarriedWhole);
    let noted = with(|_| true).difference(&whole).count();
    let total = found.documents.len() + refused_outright(import, found);
    let (whole, refused) = (whole.len(), refused.len());
    Tally { clean: total.saturating_sub(noted + whole + refused), noted, whole, refused }
}

/// Files that did not even become documents.
fn refused_outright(import: &Import, found: &Found) -> usize {
    let documents: BTreeSet<&str> = found.documents.iter().map(|document| document.path.as_str()).collect();
    let refused: BTreeSet<&str> = import.refusals.iter().map(|refusal| refusal.file.as_str()).collect();
    refused.difference(&documents).count()
}

fn as_json(import: &Import, found: &Found) -> serde_json::Value {
    let Tally { clean, noted, whole, refused } = tally(import, found);
    let losses = import.losses.iter().map(|loss| {
        json!({
            "file": loss.file, "pointer": loss.pointer, "construct": loss.construct,
            "done": loss.done.as_str(), "note": loss.note, "count": loss.count,
        })
    });
    let losses = losses.collect::<Vec<_>>();
    let refusals = import
        .refusals
        .iter()
        .map(|refusal| json!({ "file": refusal.file, "pointer": refusal.pointer, "message": refusal.message }));
    let refusals = refusals.collect::<Vec<_>>();
    json!({
        "events": import.catalog.events.len(),
        "types": import.catalog.types.len(),
        "files": { "without_loss": clean, "with_notes": noted, "carried_whole": whole, "refused": refused },
        "losses": losses,
        "refusals": refusals,
        "superseded": import.superseded,
        "passed_over": found.passed_over,
    })
}
