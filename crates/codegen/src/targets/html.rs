//! The catalog as a web page: an index, a page per event, what changed, and a live console. The server serves these very
//! files, and any host of static files can.
//!
//! The scripts and the style sheet are files of their own, so that a server can forbid everything inline.

mod search;

mod text;

mod fields;

mod event;

mod index;

mod changes;

use askama::Template;
use growset_model::{Audience, Catalog, Event, EventName};
use rayon::prelude::*;

use self::fields::Ending;
use self::text::Text;
use crate::escape::path;
use crate::targets::words::{first_sentence, receivers, sentence};
use crate::{Artifact, CodegenError, Request};

const FOLDER: &str = "docs/html";

/// Written by hand, shipped as they are.
const ASSETS: &[(&str, &str)] = &[
    ("assets/page.css", include_str!("../../page/page.css")),
    ("assets/page.js", include_str!("../../page/page.js")),
    ("assets/live.js", include_str!("../../page/live.js")),
];

pub(crate) fn emit(request: &Request) -> Result<Vec<Artifact>, CodegenError> {
    let events: Vec<&Event> = request.catalog.events.values().collect();
    let mut artifacts = events
        .into_par_iter()
        .map(|event| Ok(artifact(&address(&event.name), event::page(request, event).render()?)))
        .collect::<Result<Vec<_>, CodegenError>>()?;
    artifacts.push(artifact("index.html", index::page(request).render()?));
    artifacts.push(artifact("live.html", index::live(request).render()?));
    artifacts.push(artifact("changes.html", changes::page(request).render()?));
    artifacts.extend(ASSETS.iter().map(|(path, text)| artifact(path, (*text).to_owned())));
    Ok(artifacts)
}

fn artifact(path: &str, text: String) -> Artifact {
    Artifact { path: format!("{FOLDER}/{path}"), text }
}

/// The page of an event, from the folder of them all.
fn address(name: &EventName) -> String {
    format!("events/{}.html", path::file_segment(name.as_str()))
}

/// What the frame of every page says.
struct Frame {
    /// Of the catalog.
    title: Text,
    package: Text,
    /// From this page to the folder of them all.
    root: &'static str,
}

impl Frame {
    fn new(request: &Request, root: &'static str) -> Self {
        Self { title: title(request), package: Text::new(&request.catalog.settings.npm_name), root }
    }
}

fn title(request: &Request) -> Text {
    let title = request.catalog.settings.title.trim();
    Text::new(if title.is_empty() { "Events" } else { title })
}

/// An event in a list.
struct Entry {
    name: Text,
    /// From the folder of all pages.
    href: Text,
    /// The file of its validator, without its ending.
    module: Text,
    audience: &'static str,
    receivers: &'static str,
    doc: Option<Text>,
    /// `orderId, from, to, reason?`
    short: Text,
    /// What it can be found by beside what a list shows.
    words: Text,
    is_draft: bool,
    is_retained: bool,
    is_terminal: bool,
    deprecated: Option<Ending>,
}

impl Entry {
    fn of(catalog: &Catalog, event: &Event) -> Self {
        let fields = event.record().map(|record| &record.fields);
        let short: Vec<String> = fields
            .into_iter()
            .flatten()
            .map(|field| format!("{}{}", field.name, if field.is_required() { "" } else { "?" }))
            .collect();
        Self {
            name: Text::new(event.name.as_str()),
            href: Text::new(&address(&event.name)),
            module: Text::new(&path::file_segment(event.name.as_str())),
            audience: event.audience.as_str(),
            receivers: receivers(event.audience),
            doc: event.doc.as_deref().map(|doc| Text::new(&sentence(first_sentence(doc)))),
            short: Text::new(&short.join(", ")),
            words: Text::new(&search::words(catalog, event)),
            is_draft: event.is_draft(),
            is_retained: event.retain.is_some(),
            is_terminal: event.terminal,
            deprecated: Ending::of(event.deprecated.as_ref()),
        }
    }
}

/// Audiences that some live event has.
fn audiences(request: &Request) -> Vec<&'static str> {
    let has = |audience: &Audience| {
        request.catalog.events.values().any(|event| event.retired.is_none() && event.audience == *audience)
    };
    Audience::ALL.iter().filter(|audience| has(audience)).map(|audience| audience.as_str()).collect()
}
