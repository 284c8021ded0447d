//! The page of one event.

use askama::Template;
use growset_model::{Event, Language, Payload};

use super::changes::{self, Told};
use super::fields::{self, Line, Shared};
use super::text::Text;
use super::{Entry, Frame, address};
use crate::Request;
use crate::escape::{json, path};
use crate::targets::as_heard;
use crate::targets::docs::event::{listen_in_typescript, publish_body, publish_in_rust, publish_in_typescript};
use crate::targets::words::PLAIN;

/// One event.
#[derive(Template)]
#[template(path = "html/event.html")]
pub(super) struct Page {
    frame: Frame,
    event: Entry,
    doc: Option<Text>,
    owner: Option<Text>,
    retired: Option<(String, Option<(Text, Text)>)>,
    /// A label, a sentence, and where that leads.
    facts: Vec<Fact>,
    lines: Vec<Line>,
    /// The schema of a payload that is carried whole.
    schema: Option<Text>,
    types: Vec<Shared>,
    examples: Vec<Text>,
    listen: Text,
    publish: Text,
    publish_in_typescript: Option<Text>,
    request: Option<Text>,
    history: Vec<Told>,
}

struct Fact {
    label: &'static str,
    text: Text,
    href: Option<Text>,
}

pub(super) fn page(request: &Request, event: &Event) -> Page {
    let catalog = request.catalog;
    let retired = event.retired.as_ref().map(|retired| {
        let successor = retired.successor.as_ref();
        (retired.since.to_string(), successor.map(|name| (Text::new(name.as_str()), Text::new(&address(name)))))
    });
    let body = event.examples.first().map(|example| publish_body(event, &example.value));
    Page {
        frame: Frame::new(request, "../"),
        event: Entry::of(catalog, event),
        doc: Text::some(event.doc.as_deref()),
        owner: Text::some(event.owner.as_deref()),
        retired,
        facts: facts(request, event),
        lines: event.record().map(|record| fields::of_record(catalog, record)).unwrap_or_default(),
        schema: match &event.payload {
            Payload::Record(_) => None,
            Payload::Opaque(schema) => Some(lines_of(schema)),
        },
        types: catalog.reachable(&event.payload).into_values().map(|named| fields::of_type(catalog, named)).collect(),
        examples: event.examples.iter().map(|example| lines_of(&as_heard(request, event, &example.value))).collect(),
        listen: Text::new(&listen_in_typescript(request, event)),
        publish: Text::new(&publish_in_rust(request, event)),
        publish_in_typescript: Text::some(publish_in_typescript(request, event).as_deref()),
        request: body.as_ref().map(lines_of),
        history: changes::of_event(request, &event.name),
    }
}

fn lines_of(value: &serde_json::Value) -> Text {
    Text::new(&json::lines(value).join("\n"))
}

fn facts(request: &Request, event: &Event) -> Vec<Fact> {
    let plain = |label, text: String| Fact { label, text: Text::new(&text), href: None };
    let linked = |label, name: &growset_model::EventName| Fact {
        label,
        text: Text::new(name.as_str()),
        href: Some(Text::new(&format!("../{}", address(name)))),
    };
    let mut facts = Vec::new();
    facts.extend(event.replaces.as_ref().map(|name| linked("Replaces", name)));
    let successors = request.catalog.events.values().filter(|other| other.replaces.as_ref() == Some(&event.name));
    facts.extend(successors.map(|successor| linked("Replaced by", &successor.name)));
    facts.extend(event.retain.as_ref().map(|retain| plain("Retained", PLAIN.retained(retain))));
    if event.terminal {
        facts.push(plain("Terminal", "ends a subscription that was opened to last until it".to_owned()));
    }
    facts.extend(event.max_bytes.map(|bytes| plain("Largest payload", format!("{bytes} bytes"))));
    let stem = path::file_segment(event.name.as_str());
    for (label, language) in [("Schema for listeners", Language::Reader), ("Schema for publishers", Language::Intake)] {
        let file = format!("{stem}{}", language.suffix());
        let href = Some(Text::new(&format!("../../../schemas/{}", path::url_segment(&file))));
        facts.push(Fact { label, text: Text::new(&file), href });
    }
    if !event.source.is_empty() {
        facts.push(plain("Contract", format!("contracts/{}", event.source)));
    }
    facts
}
