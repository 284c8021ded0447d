//! Other people's schemas as a catalog, with an account of what a contract cannot say.
//!
//! Knows nothing of the disk, of YAML, or of what is generated: it is handed parsed documents and answers values. Nothing
//! is ever fetched.

mod document;

mod loss;

mod name;

mod families;

mod refused;

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

#[cfg(feature = "sample")]
mod sample;

use std::collections::{BTreeMap, BTreeSet};

use growset_model::{Audience, Catalog, EventName, NamePolicy, pascal};
use serde_json::Value;

use crate::families::Families;
use crate::library::{Library, Spot};
use crate::reader::Reader;
use crate::refused::Refused;

pub use document::{Document, Draft};
pub use loss::{Done, Loss, Refusal};
pub use name::{NameRule, NameRuleError};
#[cfg(feature = "sample")]
pub use sample::Sampler;

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
    /// Why files were left out; in order of file and place. Nothing in the catalog is of them.
    pub refusals: Vec<Refusal>,
    /// The path of the document that each event of the catalog was read from.
    pub documents: BTreeMap<EventName, String>,
    /// Documents that hold an older revision of an event, by path, with the path of the newest one.
    pub superseded: BTreeMap<String, String>,
    /// How many documents describe events, older revisions included.
    pub events: usize,
    /// Documents that hold shared types alone.
    pub shared: Vec<String>,
}

/// Reads documents of JSON Schema as one catalog. What cannot be read is refused by file; the others are read without it.
pub fn json_schema(documents: &[Document], options: &Options) -> Import {
    read(documents, options).1
}

/// The same documents as the releases that they may have been: the oldest revision of every event first, then every
/// event's next one where it has one, and so on. The last one is what [`json_schema`] answers.
pub fn history(documents: &[Document], options: &Options) -> Vec<Import> {
    let (sources, newest) = read(documents, options);
    let mut releases: Vec<Import> = Vec::new();
    for number in 0..sources.families.most_revisions().saturating_sub(1) {
        let mut reader = Reader::new(documents, &sources.library);
        let chosen = sources.families.release(number);
        let catalog = catalog(&mut reader, &chosen, options);
        releases.push(Import { documents: paths(documents, &chosen), catalog, ..Import::default() });
    }
    releases.push(newest);
    releases
}

/// Documents that can be read.
struct Sources {
    library: Library,
    families: Families,
}

fn read(documents: &[Document], options: &Options) -> (Sources, Import) {
    let mut refused = Refused::default();
    let library = Library::new(documents, options.draft, &mut refused.refusals, &mut refused.losses);
    let shared = shared(documents, &library);
    loop {
        refused.spread(documents, &library);
        let files = refused.files();
        let mut families = Families::default();
        for (at, document) in documents.iter().enumerate() {
            if !shared.contains(&at) && !files.contains(&document.path) {
                families.add(at, documents, options, &mut refused.refusals);
            }
        }
        let (mut import, refusals) = read_all(documents, &library, &families, options);
        refused.refusals.extend(refusals);
        if refused.files().len() > files.len() {
            continue; // Something of what was just read turned out bad, and what refers to it with it.
        }
        let is_type = |at: &&usize| !families.twins.contains(at) && !files.contains(&documents[**at].path);
        import.shared = shared.iter().filter(is_type).map(|at| documents[*at].path.clone()).collect();
        import.losses.append(&mut refused.losses_of_others());
        import.losses.sort();
        import.refusals = refused.sorted();
        return (Sources { library, families }, import);
    }
}

/// The newest revision of every event; the older ones for the account of losses alone.
fn read_all(
    documents: &[Document],
    library: &Library,
    families: &Families,
    options: &Options,
) -> (Import, Vec<Refusal>) {
    let mut reader = Reader::new(documents, library);
    let newest = families.newest();
    let catalog = catalog(&mut reader, &newest, options);
    let mut superseded = BTreeMap::new();
    for (name, older) in families.older() {
        event::read(&mut reader, older, name.clone(), options);
        superseded.insert(documents[older].path.clone(), documents[newest[name]].path.clone());
    }
    let import = Import {
        events: newest.len() + superseded.len(),
        documents: paths(documents, &newest),
        superseded,
        losses: reader.take_losses(),
        catalog,
        ..Import::default()
    };
    (import, reader.refusals)
}

fn paths(documents: &[Document], chosen: &BTreeMap<EventName, usize>) -> BTreeMap<EventName, String> {
    chosen.iter().map(|(name, at)| (name.clone(), documents[*at].path.clone())).collect()
}

/// The catalog of some documents, one for each event.
fn catalog(reader: &mut Reader, chosen: &BTreeMap<EventName, usize>, options: &Options) -> Catalog {
    for name in chosen.keys() {
        reader.definitions.reserve(&pascal(name.as_str()));
    }
    let mut catalog = Catalog::default();
    for (name, document) in chosen {
        let event = event::read(reader, *document, name.clone(), options);
        catalog.events.insert(name.clone(), event);
    }
    catalog.types = std::mem::take(&mut reader.definitions.types);
    event::settle(reader, &mut catalog, chosen);
    prune(&mut catalog);
    catalog.settings.names = policy(&catalog);
    catalog
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
