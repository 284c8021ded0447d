//! Other people's schemas as a catalog, with an account of what a contract cannot say.
//!
//! Knows nothing of the disk, of YAML, or of what is generated: it is handed parsed documents and answers values. Nothing
//! is ever fetched.

mod document;

mod source;

mod api;

mod island;

mod loss;

mod name;

mod letters;

mod families;

mod difference;

mod refused;

mod abroad;

mod malformed;

mod library;

mod listed;

mod once;

mod pointer;

mod place;

mod event;

mod reader;

mod scalar;

mod object;

mod choice;

mod discriminator;

mod merge;

mod definitions;

mod annotation;

mod unsaid;

mod ours;

mod carry;

mod blur;

#[cfg(feature = "sample")]
mod excuse;

#[cfg(feature = "sample")]
mod sample;

use std::collections::{BTreeMap, BTreeSet};

use growset_model::{Audience, Catalog, EventName, NamePolicy, TypeName, pascal};
use serde_json::Value;

use crate::api::Described;
use crate::families::Families;
use crate::island::Islands;
use crate::library::{Library, Spot};
use crate::reader::Reader;
use crate::refused::Refused;
use crate::source::Source;

pub use api::Api;
pub use difference::{Comparison, Difference};
pub use document::{Document, Draft};
pub use loss::{Done, Loss, Refusal, Renamed, Spelled};
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
    /// The newest document of every name. Its settings say no more than a title, and which names are taken.
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
    /// Where each named type of the catalog is defined, in every file that does.
    pub types: BTreeMap<TypeName, Vec<Spelled>>,
    /// Events that are not called as their source calls them.
    pub renamed: Vec<Renamed>,
}

/// Reads documents of JSON Schema as one catalog. What cannot be read is refused by file; the others are read without it.
pub fn json_schema(documents: &[Document], options: &Options) -> Import {
    Origin::of_schemas(documents, options, &[]).read(documents, options).1
}

/// Reads the messages of descriptions of APIs as one catalog; what else is handed over is what they refer to. A message
/// that cannot be read is refused alone. What is known to be bad is left out.
pub fn api(api: Api, documents: &[Document], options: &Options, known: &[Refusal]) -> Import {
    let mut import = Origin::of_api(api, documents, options, known).read(documents, options).1;
    let mut descriptions = documents.iter().filter(|document| document.value.get(api.member()).is_some());
    let title = descriptions.find_map(|document| document.value.pointer("/info/title")?.as_str());
    import.catalog.settings.title = title.unwrap_or_default().to_owned();
    import
}

/// Documents of JSON Schema as the releases that they may have been: the oldest revision of every event first, then every
/// event's next one where it has one, and so on. The last one is what [`json_schema`] answers. Files that are known to be bad
/// are left out.
pub fn history(documents: &[Document], options: &Options, known: &[Refusal]) -> Vec<Import> {
    let mut origin = Origin::of_schemas(documents, options, known);
    let (families, newest) = origin.read(documents, options);
    let mut releases: Vec<Import> = Vec::new();
    for number in 0..families.most_revisions().saturating_sub(1) {
        let mut reader = Reader::new(documents, &origin.library);
        let chosen = families.release(number, &origin.sources);
        let catalog = catalog(&mut reader, &chosen, options);
        releases.push(Import { documents: paths(documents, &chosen), catalog, ..Import::default() });
    }
    releases.push(newest);
    releases
}

/// What events are read from.
struct Origin {
    library: Library,
    sources: Vec<Source>,
    /// Documents that hold types alone.
    shared: BTreeSet<usize>,
    refused: Refused,
    /// What is wrong with single messages.
    aside: Vec<Refusal>,
}

impl Origin {
    fn of_schemas(documents: &[Document], options: &Options, known: &[Refusal]) -> Self {
        let mut refused = Refused { refusals: known.to_vec(), ..Refused::default() };
        let islands = Islands::of_schemas(documents, options.draft, &mut refused.refusals);
        let library = Library::new(documents, &islands, &mut refused.refusals, &mut refused.losses);
        let shared = shared(documents, &library);
        let sources = (0..documents.len()).filter(|at| !shared.contains(at)).map(Source::document).collect();
        Self { library, sources, shared, refused, aside: Vec::new() }
    }

    fn of_api(kind: Api, documents: &[Document], options: &Options, known: &[Refusal]) -> Self {
        let Described { mut sources, library, mut refused, mut aside } = api::describe(kind, documents, options);
        for refusal in known {
            let before = sources.len();
            sources.retain(|source| source.path(documents) != refusal.at());
            // What is no message is of a whole file.
            let all = if sources.len() < before { &mut aside } else { &mut refused.refusals };
            all.push(refusal.clone());
        }
        Self { library, sources, shared: BTreeSet::new(), refused, aside }
    }

    fn read(&mut self, documents: &[Document], options: &Options) -> (Families, Import) {
        let Self { library, sources, shared, refused, aside } = self;
        loop {
            refused.spread(documents, library);
            let files = refused.files();
            let (mut families, mut misnamed, mut renamed) = (Families::default(), Vec::new(), Vec::new());
            for (at, source) in sources.iter().enumerate() {
                if files.contains(&documents[source.spot.document].path) {
                    continue;
                }
                match families.add(at, sources, documents, options) {
                    Ok(changed) => renamed.extend(changed),
                    Err(refusal) if source.message.is_some() => misnamed.push(refusal),
                    Err(refusal) => refused.refusals.push(refusal),
                }
            }
            let (mut import, refusals) = read_all(documents, library, &families, sources, options);
            refused.refusals.extend(refusals);
            if refused.files().len() > files.len() {
                continue; // Something of what was just read turned out bad, and what refers to it with it.
            }
            let is_type = |at: &&usize| !families.twins.contains(at) && !files.contains(&documents[**at].path);
            import.shared = shared.iter().filter(is_type).map(|at| documents[*at].path.clone()).collect();
            import.losses.append(&mut refused.losses_of_others());
            let is_read = |document: &Document| !files.contains(&document.path);
            let abroad = abroad::told_at_references(documents, library, &import.losses, is_read);
            import.losses.extend(abroad);
            import.losses = loss::in_order(std::mem::take(&mut import.losses));
            refused.refusals.append(aside);
            refused.refusals.append(&mut misnamed);
            import.refusals = refused.sorted();
            renamed.sort();
            import.renamed = renamed;
            return (families, import);
        }
    }
}

/// The newest revision of every event; the older ones for the account of losses alone.
fn read_all(
    documents: &[Document],
    library: &Library,
    families: &Families,
    sources: &[Source],
    options: &Options,
) -> (Import, Vec<Refusal>) {
    let mut reader = Reader::new(documents, library);
    let newest = families.newest(sources);
    let catalog = catalog(&mut reader, &newest, options);
    let mut superseded = BTreeMap::new();
    for (name, older) in families.older(sources) {
        event::read(&mut reader, older, name.clone(), options);
        superseded.insert(older.path(documents), newest[name].path(documents));
    }
    let types = reader.definitions.spelled(documents);
    let import = Import {
        types: types.into_iter().filter(|(name, _)| catalog.types.contains_key(name)).collect(),
        events: newest.len() + superseded.len(),
        documents: paths(documents, &newest),
        superseded,
        losses: reader.take_losses(),
        catalog,
        ..Import::default()
    };
    (import, reader.refusals)
}

/// The source that each event is read from.
type Chosen<'a> = BTreeMap<EventName, &'a Source>;

fn paths(documents: &[Document], chosen: &Chosen) -> BTreeMap<EventName, String> {
    chosen.iter().map(|(name, source)| (name.clone(), source.path(documents))).collect()
}

/// The catalog of some sources, one for each event.
fn catalog(reader: &mut Reader, chosen: &Chosen, options: &Options) -> Catalog {
    for name in chosen.keys() {
        reader.definitions.reserve(&pascal(name.as_str()));
    }
    let mut catalog = Catalog::default();
    for (name, source) in chosen {
        let event = event::read(reader, source, name.clone(), options);
        catalog.events.insert(name.clone(), event);
    }
    ours::settle_references(reader, &mut catalog, chosen);
    catalog.types = std::mem::take(&mut reader.definitions.types);
    prune(&mut catalog);
    reader.definitions.keep_losses(&catalog.types);
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
            holds && !members.keys().any(|keyword| document::asserts(keyword))
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
