//! The page of the types that events share.

use std::collections::BTreeMap;

use growset_model::{Catalog, Enum, EventName, NamedType, TypeKind, TypeName};

use super::wording::{WORDS, deprecation, type_words, word};
use super::{event_link, table};
use crate::escape::{json, markdown};
use crate::targets::words::sentence;

/// Links on this page stay on it.
const HERE: &str = "";

pub(super) fn page(catalog: &Catalog) -> String {
    let mut page = String::from("# Shared types\n\n");
    if catalog.types.is_empty() {
        page.push_str("None: every event spells its own.\n");
    }
    let users = users(catalog);
    for named in catalog.types.values() {
        page.push_str(&section(catalog, named, users.get(&named.name).map(Vec::as_slice).unwrap_or_default()));
    }
    page
}

/// The events whose payloads hold each type, directly or inside another.
fn users(catalog: &Catalog) -> BTreeMap<&TypeName, Vec<&EventName>> {
    let mut users: BTreeMap<&TypeName, Vec<&EventName>> = BTreeMap::new();
    for event in catalog.events.values() {
        for name in catalog.reachable(&event.payload).into_keys() {
            users.entry(name).or_default().push(&event.name);
        }
    }
    users
}

fn section(catalog: &Catalog, named: &NamedType, users: &[&EventName]) -> String {
    let mut section = format!("## {}\n\n", named.name);
    if let Some(doc) = &named.doc {
        section.push_str(&format!("{}\n\n", markdown::text(doc)));
    }
    section.push_str(&named.deprecated.as_ref().map(|told| format!("> {}\n\n", deprecation(told))).unwrap_or_default());
    section.push_str(&shape(catalog, named));
    let mut facts = Vec::new();
    facts
        .extend(named.example.as_ref().map(|example| format!("Example: {}", markdown::code(&json::one_line(example)))));
    if named.pii {
        facts.push("Personal data".to_owned());
    }
    if !named.was.is_empty() {
        let names: Vec<String> = named.was.iter().map(|name| markdown::code(name.as_str())).collect();
        facts.push(format!("Called {} before", names.join(", ")));
    }
    if !users.is_empty() {
        let links: Vec<String> = users.iter().map(|name| event_link(name, "events/")).collect();
        facts.push(format!("In {}", links.join(", ")));
    }
    section.extend(facts.iter().map(|fact| format!("- {fact}\n")));
    section + "\n"
}

fn shape(catalog: &Catalog, named: &NamedType) -> String {
    match &named.ty.kind {
        TypeKind::Enum(choice) => values(choice),
        TypeKind::Record(record) => format!("{}\n", table::of_record(catalog, record, HERE)),
        TypeKind::Union(union) => format!("{}\n", table::of_union(catalog, union, HERE)),
        _ => {
            // Every other type is told in a line.
            let words = sentence(&type_words(&named.ty, HERE));
            let mut said = vec![words];
            said.extend(WORDS.limits(&named.ty));
            format!("- Type: {}\n", said.join(" "))
        }
    }
}

fn values(choice: &Enum) -> String {
    let rows: String = choice
        .values
        .iter()
        .map(|value| {
            let mut said: Vec<String> =
                value.doc.as_deref().map(|doc| sentence(&markdown::cell(doc))).into_iter().collect();
            said.extend(value.deprecated.as_ref().map(deprecation));
            format!("| {} | {} |\n", word(&value.value), said.join(" "))
        })
        .collect();
    let growth = if choice.closed {
        "These are all values there will ever be."
    } else {
        "More values may come: a listener has to do something sensible with one that it does not know."
    };
    format!("| Value | Meaning |\n|---|---|\n{rows}\n{growth}\n\n")
}
