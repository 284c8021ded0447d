//! The folder that an import goes to: new, or contracts that exist. What would come in is judged beside what is there, and
//! what is wrong with it is told of the sources that it was made of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use growset_import::{Document, Import, Refusal, Spelled};
use growset_model::{Catalog, Diagnostic, Event, EventName, Payload, Place, Severity, TypeName};
use growset_syntax::Input;

use crate::check::{self, Checked};
use crate::console::Console;
use crate::contract_files;
use crate::error::CliError;
use crate::generated::Scratch;
use crate::lock_file;
use crate::project::{Project, shown_from, tidy};
use crate::reading::{self, Folder};

const SETTINGS: &str = "growset.yaml";

/// Where an import goes to.
pub(crate) struct Destination {
    folder: PathBuf,
    shown: String,
    /// Contracts that are there already; nothing for a new folder.
    existing: Option<Vec<Input>>,
}

/// What would be written, or why not.
pub(crate) enum Judged {
    Good(Vec<Input>),
    /// Sources of which nothing may come in.
    Bad(Vec<Refusal>),
    /// Wrong as a whole, in words.
    Hopeless(Vec<String>),
}

impl Destination {
    /// A folder that is new or empty, or holds contracts without errors.
    pub(crate) fn of(out: &Path, has_lock: bool, console: &Console) -> Result<Self, CliError> {
        let folder = tidy(&console.directory.join(out));
        let shown = shown_from(&console.directory, &folder);
        let mut entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self { folder, shown, existing: None });
            }
            Err(_) if !folder.is_dir() => {
                return Err(CliError::Refused(format!("{shown} is no folder; name another one by --out")));
            }
            Err(cause) => return Err(CliError::disk("read", &folder)(cause)),
        };
        if entries.next().is_none() {
            return Ok(Self { folder, shown, existing: None });
        }
        if !folder.join(SETTINGS).is_file() {
            let message = format!("{shown} holds something already, and no {SETTINGS}; name a new folder by --out");
            return Err(CliError::Refused(message));
        }
        if has_lock && folder.join(lock_file::NAME).symlink_metadata().is_ok() {
            let message = format!(
                "{shown}/{} is there already; --history writes a new one: name a new folder by --out",
                lock_file::NAME
            );
            return Err(CliError::Refused(message));
        }
        let root = folder.parent().unwrap_or(&folder).to_owned();
        let project = Project {
            contracts: folder.clone(),
            generated: root.join("generated"),
            root,
            directory: console.directory.clone(),
            in_ci: false,
        };
        let read = reading::read(&project)?;
        let existing = read.inputs.clone();
        if !check::judge(read).is_valid() {
            let message = format!("the contracts in {shown} have errors, which `growset check` shows; mend them first");
            return Err(CliError::Refused(message));
        }
        Ok(Self { folder, shown, existing: Some(existing) })
    }

    /// The contracts of what came in, if they may stand beside those that are there.
    pub(crate) fn judge(&self, import: &Import, documents: &[Document]) -> Judged {
        let existing = self.existing.as_deref().unwrap_or_default();
        let taken: BTreeSet<String> = existing.iter().map(|input| input.path.clone()).collect();
        let mut files = contract_files::of(&import.catalog, &taken);
        if self.existing.is_some() {
            files.retain(|file| file.path != SETTINGS);
        }
        let blame = Blame::new(import, documents);
        let collides = |file: &&Input| self.folder.join(&file.path).symlink_metadata().is_ok();
        let collisions = files.iter().filter(collides).flat_map(|file| {
            let message = format!(
                "its contract would be {}/{}, which exists already; choose another --name",
                self.shown, file.path
            );
            blame.of_file(&file.path, message)
        });
        let collisions: Vec<Refusal> = collisions.collect();
        if !collisions.is_empty() {
            return Judged::Bad(collisions);
        }
        let inputs = existing.iter().chain(&files).cloned().collect();
        let checked = check::judge(Folder { inputs, ..Folder::default() });
        let errors: Vec<&Diagnostic> =
            checked.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
        if errors.is_empty() {
            return Judged::Good(files);
        }
        let refusals: Vec<Refusal> = errors.iter().flat_map(|error| blame.of_error(error, &checked)).collect();
        if refusals.is_empty() {
            return Judged::Hopeless(errors.iter().map(|error| error.message.clone()).collect());
        }
        Judged::Bad(refusals)
    }

    /// What to do once it is written.
    pub(crate) fn next_step(&self) -> &'static str {
        match self.existing {
            Some(_) => "next: `growset check` and `growset generate`",
            None => "next: name the packages in growset.yaml, then `growset check` and `growset generate`",
        }
    }

    /// Everything is written beside the folder first. A new folder is there whole or not at all; into one that exists, each
    /// file is moved whole, and what was moved is taken back where one cannot be.
    pub(crate) fn write(&self, files: &[Input]) -> Result<(), CliError> {
        let scratch = Scratch::beside(&self.folder)?;
        let made = scratch.folder.path().join("contracts");
        for file in files {
            let path = made.join(&file.path);
            make_folder_of(&path)?;
            std::fs::write(&path, &file.bytes).map_err(CliError::disk("write", &path))?;
        }
        if self.existing.is_some() {
            return self.move_in(&made, files);
        }
        if self.folder.is_dir() {
            // It is empty, and goes only if it still is.
            std::fs::remove_dir(&self.folder).map_err(CliError::disk("replace", &self.folder))?;
        }
        std::fs::rename(&made, &self.folder).map_err(CliError::disk("write", &self.folder))
    }

    fn move_in(&self, made: &Path, files: &[Input]) -> Result<(), CliError> {
        let mut moved: Vec<PathBuf> = Vec::new();
        for file in files {
            let path = self.folder.join(&file.path);
            let result = if path.symlink_metadata().is_ok() {
                Err(CliError::Refused(format!(
                    "{} has come to be there meanwhile; nothing was imported",
                    path.display()
                )))
            } else {
                make_folder_of(&path).and_then(|()| {
                    std::fs::rename(made.join(&file.path), &path).map_err(CliError::disk("write", &path))
                })
            };
            if let Err(error) = result {
                for path in &moved {
                    // Nothing more can be done about a disk that refuses this as well.
                    let _ = std::fs::remove_file(path);
                }
                return Err(error);
            }
            moved.push(path);
        }
        Ok(())
    }
}

fn make_folder_of(path: &Path) -> Result<(), CliError> {
    let folder: PathBuf = path.parent().map(Path::to_owned).unwrap_or_default();
    std::fs::create_dir_all(&folder).map_err(CliError::disk("make", &folder))
}

/// Which sources are behind a contract.
struct Blame<'a> {
    import: &'a Import,
    documents: &'a [Document],
    by_contract: BTreeMap<&'a str, &'a EventName>,
}

impl<'a> Blame<'a> {
    fn new(import: &'a Import, documents: &'a [Document]) -> Self {
        let by_contract = import.catalog.events.values().map(|event| (event.source.as_str(), &event.name)).collect();
        Self { import, documents, by_contract }
    }

    /// The source of a contract.
    fn of_file(&self, path: &str, message: String) -> Vec<Refusal> {
        let name = self.by_contract.get(path);
        name.and_then(|name| self.source(name)).map(|place| refusal(place, message)).into_iter().collect()
    }

    /// The sources of what an error, or a place beside it, is about.
    fn of_error(&self, error: &Diagnostic, checked: &Checked) -> Vec<Refusal> {
        let id = error.rule.id;
        let is_of_names = matches!(id, "reserved-word" | "duplicate-name" | "invalid-name" | "name-collision");
        let way_out = if is_of_names { ", such as by another --name" } else { "" };
        let message = format!("its contract would not pass `growset check`: {}{way_out} [{id}]", error.message);
        let places = std::iter::once(error.place).chain(error.related.iter().map(|label| label.place));
        for place in places {
            let sources = self.of_place(place, checked);
            if !sources.is_empty() {
                return sources.into_iter().map(|place| refusal(place, message.clone())).collect();
            }
        }
        Vec::new()
    }

    fn of_place(&self, place: Place, checked: &Checked) -> Vec<Spelled> {
        let Some(file) = place.file() else { return Vec::new() };
        let Some(source) = checked.sources.file(file) else { return Vec::new() };
        if let Some(name) = self.by_contract.get(source.path.as_str()) {
            let event = checked.catalog.events.get(*name);
            let field = event.and_then(|event| field_at(event, place, &source.text));
            return self.source(name).map(|place| self.deeper(place, field)).into_iter().collect();
        }
        let here = checked.catalog.types.values().filter(|named| named.place.file() == Some(file));
        let before = here.filter(|named| named.place.range().start <= place.range().start);
        let named = before.max_by_key(|named| named.place.range().start).map(|named| &named.name);
        named.map(|name| self.of_type(name)).unwrap_or_default()
    }

    /// The documents that define a type; of an API, the messages that use it.
    fn of_type(&self, name: &TypeName) -> Vec<Spelled> {
        let Some(places) = self.import.types.get(name) else { return Vec::new() };
        let is_whole = |path: &str| self.documents.iter().any(|document| document.path == path);
        let users = self.import.catalog.events.values().filter(|event| uses(&self.import.catalog, event, name));
        let messages: Vec<Spelled> = users
            .filter(|event| self.import.documents.get(&event.name).is_some_and(|path| !is_whole(path)))
            .filter_map(|event| self.source(&event.name))
            .collect();
        if messages.is_empty() { places.clone() } else { messages }
    }

    fn source(&self, name: &EventName) -> Option<Spelled> {
        let path = self.import.documents.get(name)?;
        if self.documents.iter().any(|document| document.path == *path) {
            return Some(Spelled { file: path.clone(), pointer: String::new() });
        }
        let (file, pointer) = path.split_once('#').unwrap_or((path, ""));
        Some(Spelled { file: file.to_owned(), pointer: pointer.to_owned() })
    }

    /// The property that became a field, where it stands at the root of its document.
    fn deeper(&self, place: Spelled, field: Option<String>) -> Spelled {
        let document = self.documents.iter().find(|document| document.path == place.file);
        let pointer = field.map(|field| format!("/properties/{field}")).filter(|_| place.pointer.is_empty());
        let found =
            pointer.filter(|pointer| document.is_some_and(|document| document.value.pointer(pointer).is_some()));
        Spelled { pointer: found.unwrap_or(place.pointer), ..place }
    }
}

fn refusal(Spelled { file, pointer }: Spelled, message: String) -> Refusal {
    Refusal { file, pointer, message }
}

fn uses(catalog: &Catalog, event: &Event, name: &TypeName) -> bool {
    catalog.reachable(&event.payload).contains_key(name)
}

/// The field of a contract that a place lies in: the last one before it, unless another key of the event stands between.
fn field_at(event: &Event, place: Place, text: &str) -> Option<String> {
    let Payload::Record(record) = &event.payload else { return None };
    let start = place.range().start;
    let before = record.fields.iter().filter(|field| field.place.range().start <= start);
    let field = before.max_by_key(|field| field.place.range().start)?;
    let between = text.get(field.place.range().start..start)?;
    let is_inside = between.lines().skip(1).all(|line| line.starts_with(' '));
    is_inside.then(|| field.name.as_str().to_owned())
}
