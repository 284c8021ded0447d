//! Other people's schemas as a catalog, with an account of what a contract cannot say.
//!
//! Knows nothing of the disk, of YAML, or of what is generated: it is handed parsed documents and answers values. Nothing
//! is ever fetched.

mod document;

mod loss;

mod name;

mod library;
mod pointer;

mod event;

mod reader;

mod scalar;

mod object;

mod choice;

mod merge;

mod definitions;

mod annotation;

mod ours;

mod carry;

use std::collections::{BTreeMap, BTreeSet};

use growset_model::{Audience, Catalog, EventName, NamePolicy, pascal};
use serde_json::Value;

use crate::library::{Library, Spot};
use crate::name::VersionedName;
use crate::reader::Reader;

pub use document::{Document, Draft};
pub use loss::{Done, Loss, Refusal};
pub use name::{NameRule, NameRuleError};

/// What the sources do not say.
#[derive(Debug, Clone)]
pub struct Options {
    /// How events are called; without it by their title, where it is a name, else by their file.
    pub name: Option<NameRule>,
    /// Who receives the events.
    pub audience: Audience,
    /// The team.
    pub owner: Option<String>,
    /// The draft of documents whose `$schema` is missing or unknown.
    pub draft: Option<Draft>,
}

/// What came of an import.
#[derive(Debug, Clone, Default)]
pub struct Import {
    /// The newest document of every name. Its settings say no more than which names are taken.
    pub catalog: Catalog,
    /// What is not as it was, in order of file and place. Of older documents of a name as well.
    pub losses: Vec<Loss>,
    /// Why nothing should be written; in order of file and place.
    pub refusals: Vec<Refusal>,
    /// Documents that hold an older revision of an event, by path, with the path of the newest one.
    pub superseded: BTreeMap<String, String>,
    /// How many documents describe events, older revisions included.
    pub events: usize,
    /// Documents that hold shared types alone.
    pub shared: Vec<String>,
}

/// Reads documents of JSON Schema as one catalog.
pub fn json_schema(documents: &[Document], options: &Options) -> Import {
    let mut refusals = Vec::new();
    let library = Library::new(documents, options.draft, &mut refusals);
    let shared = shared(documents, &library);
    let mut names = Names::default();
    for (at, document) in documents.iter().enumerate().filter(|(at, _)| !shared.contains(at)) {
        names.add(at, document, documents, options, &mut refusals);
    }
    let mut reader = Reader::new(documents, &library);
    for name in names.newest.keys() {
        reader.definitions.reserve(&pascal(name.as_str()));
    }
    let mut catalog = Catalog::default();
    for (name, (_, document)) in &names.newest {
        let event = event::read(&mut reader, *document, name.clone(), options);
        catalog.events.insert(name.clone(), event);
    }
    catalog.types = std::mem::take(&mut reader.definitions.types);
    let of_event: BTreeMap<EventName, usize> =
        names.newest.iter().map(|(name, (_, document))| (name.clone(), *document)).collect();
    event::settle(&mut reader, &mut catalog, &of_event);
    prune(&mut catalog);
    catalog.settings.names = policy(&catalog);
    // Older revisions are read for the account of losses alone.
    for (document, name) in &names.older {
        event::read(&mut reader, *document, name.clone(), options);
    }
    let path = |at: &usize| documents[*at].path.clone();
    let newest = |name: &EventName| names.newest.get(name).map(|(_, document)| path(document)).unwrap_or_default();
    refusals.append(&mut reader.refusals);
    refusals.sort();
    refusals.dedup();
    Import {
        superseded: names.older.iter().map(|(document, name)| (path(document), newest(name))).collect(),
        events: names.newest.len() + names.older.len(),
        shared: shared.iter().filter(|at| !names.twins.contains(at)).map(path).collect(),
        losses: reader.take_losses(),
        refusals,
        catalog,
    }
}

/// The documents of every name.
#[derive(Default)]
struct Names {
    newest: BTreeMap<EventName, (Vec<u64>, usize)>,
    older: Vec<(usize, EventName)>,
    /// Schemas of publishers beside the schema of listeners that was read.
    twins: BTreeSet<usize>,
    lower: BTreeMap<String, EventName>,
}

impl Names {
    fn add(
        &mut self,
        at: usize,
        document: &Document,
        all: &[Document],
        options: &Options,
        refusals: &mut Vec<Refusal>,
    ) {
        let mut refuse = |pointer: &str, message: String| {
            refusals.push(Refusal { file: document.path.clone(), pointer: pointer.to_owned(), message });
        };
        let ours = document.value.get("x-growset-event").and_then(Value::as_str);
        let named = match ours {
            Some(name) => EventName::parse_any_style(name)
                .map(|name| VersionedName { name, revision: Vec::new() })
                .map_err(|error| error.to_string()),
            None => VersionedName::of(document, options.name.as_ref()),
        };
        let VersionedName { name, revision } = match named {
            Ok(named) => named,
            Err(message) => return refuse("", message),
        };
        let lower = name.as_str().to_ascii_lowercase();
        if let Some(other) = self.lower.get(&lower).filter(|other| **other != name) {
            return refuse("", format!("event `{name}` differs from `{other}` by case alone; choose another --name"));
        }
        self.lower.insert(lower, name.clone());
        let Some((known, other)) = self.newest.get(&name).cloned() else {
            self.newest.insert(name, (revision, at));
            return;
        };
        // Two schemas of one contract: listeners' says all that publishers' says.
        if ours.is_some() && is_of_publishers(document) != is_of_publishers(&all[other]) {
            if is_of_publishers(&all[other]) {
                self.newest.insert(name, (revision, at));
                self.twins.insert(other);
            } else {
                self.twins.insert(at);
            }
            return;
        }
        if known == revision {
            let message = format!("event `{name}` is described by {} too; tell them apart by --name", all[other].path);
            return refuse("", message);
        }
        let older = if known > revision { at } else { other };
        if older == other {
            self.newest.insert(name.clone(), (revision, at));
        }
        self.older.push((older, name));
    }
}

fn is_of_publishers(document: &Document) -> bool {
    document.path.ends_with(".publish.json")
}

/// Documents that others refer to as a whole, and those that hold nothing but definitions: types, not events.
fn shared(documents: &[Document], library: &Library) -> BTreeSet<usize> {
    let mut shared = BTreeSet::new();
    for (at, schema) in library.schemas.iter().enumerate() {
        let says_nothing = schema.as_object().is_some_and(|members| {
            let holds = members.contains_key("$defs") || members.contains_key("definitions");
            let says = ["type", "properties", "$ref", "allOf", "oneOf", "anyOf", "x-growset-opaque"];
            holds && !says.iter().any(|keyword| members.contains_key(*keyword))
        });
        if says_nothing {
            shared.insert(at);
        }
        collect_whole(schema, at, &mut shared);
    }
    shared.retain(|at| documents[*at].value.get("x-growset-event").is_none());
    shared
}

fn collect_whole(value: &Value, at: usize, shared: &mut BTreeSet<usize>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let target = value.as_str().filter(|_| key == "$ref").and_then(Spot::of_reference);
                match target {
                    Some(spot) if spot.pointer.is_empty() && spot.document != at => _ = shared.insert(spot.document),
                    _ => collect_whole(value, at, shared),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_whole(item, at, shared)),
        _ => {} // Holds no reference.
    }
}

/// Keeps the named types that an event reaches.
fn prune(catalog: &mut Catalog) {
    let reached: BTreeSet<_> = catalog
        .events
        .values()
        .flat_map(|event| catalog.reachable(&event.payload).into_keys().cloned().collect::<Vec<_>>())
        .collect();
    catalog.types.retain(|name, _| reached.contains(name));
}

fn policy(catalog: &Catalog) -> NamePolicy {
    let is_dotted = |name: &&EventName| EventName::parse(name.as_str()).is_ok();
    if catalog.events.keys().all(|name| is_dotted(&name)) { NamePolicy::Dotted } else { NamePolicy::Any }
}
