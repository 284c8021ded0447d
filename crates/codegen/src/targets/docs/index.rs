//! The index: every event by its owner with its payload in short, then by audience.

use std::collections::BTreeMap;

use growset_model::{Audience, Catalog, Event, Payload, Record};

use super::event_link;
use crate::escape::markdown;
use crate::targets::words::{first_sentence, receivers};

pub(super) fn page(catalog: &Catalog) -> String {
    let title = Some(catalog.settings.title.trim()).filter(|title| !title.is_empty()).unwrap_or("Events");
    let mut page = format!("# {}\n\n", markdown::inline(title));
    let live = catalog.events.values().filter(|event| event.retired.is_none()).count();
    let count = if live == 1 {
        "1 live event. Its payload only grows".to_owned()
    } else {
        format!("{live} live events. Their payloads only grow")
    };
    page.push_str(&format!(
        "{count}: a page that was opened last week understands every event that is sent today.\n[Shared types](types.md) \
         are described once.\n\n"
    ));
    page.push_str(&by_owner(catalog));
    page.push_str(&by_audience(catalog));
    page.push_str(&retired(catalog));
    page
}

fn by_owner(catalog: &Catalog) -> String {
    let mut owners: BTreeMap<Option<&str>, Vec<&Event>> = BTreeMap::new();
    for event in catalog.events.values().filter(|event| event.retired.is_none()) {
        owners.entry(event.owner.as_deref()).or_default().push(event);
    }
    let without = owners.remove(&None);
    let mut sections: String =
        owners.iter().filter_map(|(owner, events)| Some(section(&markdown::inline((*owner)?), events))).collect();
    if let Some(events) = without {
        sections.push_str(&section("Without an owner", &events));
    }
    sections
}

fn section(heading: &str, events: &[&Event]) -> String {
    let rows: String = events
        .iter()
        .map(|event| {
            let doc = first_sentence(event.doc.as_deref().unwrap_or_default());
            format!(
                "| {} | {} | {} | {}{} |\n",
                event_link(&event.name, "events/"),
                short(&event.payload),
                event.audience.as_str(),
                mark(event),
                markdown::cell(doc)
            )
        })
        .collect();
    format!("## {heading}\n\n| Event | Payload (short) | Audience | What happened |\n|---|---|---|---|\n{rows}\n")
}

/// What a reader has to know before anything else.
fn mark(event: &Event) -> &'static str {
    match (event.is_draft(), event.deprecated.is_some()) {
        (true, _) => "**Draft.** ",
        (false, true) => "**Deprecated.** ",
        (false, false) => "",
    }
}

/// `{orderId, from, to, reason?}`: what may be absent has a question mark.
fn short(payload: &Payload) -> String {
    match payload {
        Payload::Record(record) => markdown::code_cell(&format!("{{{}}}", names(record).join(", "))),
        Payload::Opaque(_) => "as its JSON Schema says".to_owned(),
    }
}

fn names(record: &Record) -> Vec<String> {
    let optional = |is_required: bool| if is_required { "" } else { "?" };
    record.fields.iter().map(|field| format!("{}{}", field.name, optional(field.is_required()))).collect()
}

fn by_audience(catalog: &Catalog) -> String {
    let mut section = String::from("## By audience\n\n");
    for audience in Audience::ALL {
        let events = catalog.events.values().filter(|event| event.retired.is_none() && event.audience == audience);
        let links: Vec<String> = events.map(|event| event_link(&event.name, "events/")).collect();
        if !links.is_empty() {
            let line = format!("- **{}**, {}: {}\n", audience.as_str(), receivers(audience), links.join(", "));
            section.push_str(&line);
        }
    }
    section + "\n"
}

fn retired(catalog: &Catalog) -> String {
    let lines: String = catalog
        .events
        .values()
        .filter_map(|event| {
            let retired = event.retired.as_ref()?;
            let successor = retired.successor.as_ref().map(|name| format!("; use {}", event_link(name, "events/")));
            let link = event_link(&event.name, "events/");
            Some(format!("- {link}, since {}{}\n", retired.since, successor.unwrap_or_default()))
        })
        .collect();
    if lines.is_empty() { lines } else { format!("## Retired\n\n{lines}\n") }
}
