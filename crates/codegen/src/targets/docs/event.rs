//! The page of one event.

use growset_model::{Audience, Event, Language, Payload, snake};
use serde_json::{Map, Value};

use super::wording::{WORDS, deprecation};
use super::{event_link, table};
use crate::Request;
use crate::escape::{javascript, json, markdown, path, rust};
use crate::targets::as_heard;
use crate::targets::rust::module;
use crate::targets::words::receivers;

/// The page of shared types, as seen from here.
const TYPES: &str = "../types.md";

pub(super) fn page(request: &Request, event: &Event) -> String {
    let mut page = format!("# {}\n\n", markdown::inline(event.name.as_str()));
    if let Some(doc) = &event.doc {
        page.push_str(&format!("{}\n\n", markdown::text(doc)));
    }
    page.push_str(&state(event));
    page.push_str(&facts(request, event));
    page.push_str(&payload(request, event));
    page.push_str(&examples(request, event));
    if event.retired.is_none() {
        page.push_str(&listen(request, event));
        page.push_str(&publish(request, event));
    }
    page
}

/// Whether it may be relied on.
fn state(event: &Event) -> String {
    let mut said = Vec::new();
    if let Some(retired) = &event.retired {
        let successor = retired
            .successor
            .as_ref()
            .map(|name| format!(" Use {} instead.", event_link(name, "")))
            .unwrap_or_default();
        said.push(format!("**Retired** since {}: it is not sent any more.{successor}", retired.since));
    }
    if event.is_draft() {
        said.push("**Draft.** It may change freely, and is not served unless asked for.".to_owned());
    }
    said.extend(event.deprecated.as_ref().map(deprecation));
    said.iter().map(|line| format!("> {line}\n\n")).collect()
}

fn facts(request: &Request, event: &Event) -> String {
    let mut facts = vec![format!("Audience: {}, {}", event.audience.as_str(), receivers(event.audience))];
    facts.extend(event.owner.as_deref().map(|owner| format!("Owner: {}", markdown::inline(owner))));
    facts.extend(event.retain.as_ref().map(|retain| format!("Retained: {}", WORDS.retained(retain))));
    if event.terminal {
        facts.push("Ends a subscription that was opened to last until it".to_owned());
    }
    facts.extend(event.max_bytes.map(|bytes| format!("Largest payload: {bytes} bytes")));
    facts.extend(event.replaces.as_ref().map(|name| format!("Replaces {}", event_link(name, ""))));
    let successors = request.catalog.events.values().filter(|other| other.replaces.as_ref() == Some(&event.name));
    facts.extend(successors.map(|successor| format!("Replaced by {}", event_link(&successor.name, ""))));
    let schema = |language: Language| path::url_segment(&format!("{}{}", event.name, language.suffix()));
    facts.push(format!(
        "JSON Schema: [for listeners](../../schemas/{}), [for publishers](../../schemas/{})",
        schema(Language::Reader),
        schema(Language::Intake)
    ));
    if !event.source.is_empty() {
        let contract = markdown::code(&event.source);
        facts.push(match &request.surroundings.contracts {
            Some(folder) => {
                format!("Contract: [{contract}](../../{}/{})", path::climbing_url(folder), path::url(&event.source))
            }
            None => format!("Contract: {contract}"),
        });
    }
    let lines: String = facts.iter().map(|fact| format!("- {fact}\n")).collect();
    lines + "\n"
}

fn payload(request: &Request, event: &Event) -> String {
    let body = match &event.payload {
        Payload::Record(record) if record.fields.is_empty() => "None: the event itself says it all.\n".to_owned(),
        Payload::Record(record) => table::of_record(request.catalog, record, TYPES),
        Payload::Opaque(schema) => {
            format!("Whatever this JSON Schema takes:\n\n{}", markdown::fence("json", &json::file(schema)))
        }
    };
    format!("## Payload\n\n{body}\n")
}

fn examples(request: &Request, event: &Event) -> String {
    let mut section = String::new();
    for example in &event.examples {
        let lines = json::lines(&as_heard(request, event, &example.value)).join("\n");
        section.push_str(&format!("{}\n", markdown::fence("json", &lines)));
    }
    match event.examples.len() {
        0 => section,
        1 => format!("## Example\n\n{section}"),
        _ => format!("## Examples\n\n{section}"),
    }
}

/// The smallest program that hears the event.
pub(in crate::targets) fn listen_in_typescript(request: &Request, event: &Event) -> String {
    let package = &request.catalog.settings.npm_name;
    let name = javascript::string(event.name.as_str());
    let read = event.record().and_then(|record| record.fields.first()).map_or_else(
        || "data".to_owned(),
        |field| match javascript::property(field.name.as_str()) {
            bare if bare.starts_with(|first: char| first.is_ascii_alphabetic()) => format!("data.{bare}"),
            _ => format!("data[{}]", javascript::string(field.name.as_str())),
        },
    );
    // The client is bound to the live events; a draft is heard by those who ask for it by name.
    if event.is_draft() {
        let query = path::url_segment(event.name.as_str());
        format!(
            "import type {{ DraftEventMap }} from {};\n\nconst source = new EventSource(\"/events?events={query}\");\n\
             source.addEventListener({name}, (event) => {{\n  const data: DraftEventMap[{name}] = JSON.parse(event.data);\n  \
             console.log({read});\n}});",
            javascript::string(package)
        )
    } else {
        format!(
            "import {{ connect }} from {};\n\nconst stream = connect(\"/events\", {{ events: [{name}] }});\n\
             stream.on({name}, ({{ data }}) => {{\n  console.log({read});\n}});",
            javascript::string(&format!("{package}/client"))
        )
    }
}

fn listen(request: &Request, event: &Event) -> String {
    let package = &request.catalog.settings.npm_name;
    let code = listen_in_typescript(request, event);
    let remark = if event.is_draft() {
        String::new()
    } else {
        let dom = markdown::code(&format!("{package}/dom"));
        format!(
            "\nA misspelt name does not compile here. With the browser's own `EventSource`, which {dom} types, it does: that \
             takes any text as a name.\n"
        )
    };
    format!("## Listen in TypeScript\n\n{}{remark}\n", markdown::fence("ts", &code))
}

/// From the process that holds the hub, and from any other one.
fn publish(request: &Request, event: &Event) -> String {
    let draft = if event.is_draft() { "The crate's feature `draft` holds the type.\n\n" } else { "" };
    let code = markdown::fence("rust", &publish_in_rust(request, event));
    let mut section = format!("## Publish in Rust\n\n{draft}{code}");
    if let Some(code) = publish_in_typescript(request, event) {
        section.push_str(&format!("\n## Publish in TypeScript\n\n{}", markdown::fence("ts", &code)));
    }
    if let Some(example) = event.examples.first() {
        let body = json::lines(&publish_body(event, &example.value)).join("\n");
        section.push_str(&format!(
            "\n## Publish from elsewhere\n\n`POST /publish` of the server takes it as `application/json`, with a token \
             that allows it:\n\n{}",
            markdown::fence("json", &body)
        ));
    }
    section
}

/// The arguments of `new` are the required fields in their order; nothing of a derived field is ever given.
pub(in crate::targets) fn publish_in_rust(request: &Request, event: &Event) -> String {
    let library = request.catalog.settings.rust.name.replace('-', "_");
    let name = rust::type_identifier(request.names.event(&event.name));
    let module = rust::identifier(&module(event));
    let target = match event.audience {
        Audience::Org => "Target::org(\"acme\")",
        Audience::User => "Target::user(\"acme\", \"ada\")",
        Audience::Channel => "Target::channel(\"acme\", \"room-1\")",
        Audience::Public => "Target::public()",
    };
    let fields = event.record().into_iter().flat_map(|record| &record.fields).filter(|field| field.is_required());
    let arguments: Vec<String> = match &event.payload {
        Payload::Record(_) => fields.map(|field| rust::identifier(&snake(field.name.as_str()))).collect(),
        Payload::Opaque(_) => vec!["value".to_owned()],
    };
    format!(
        "use {}::{module}::{name};\nuse growset_event::Target;\n\n\
         // `hub` is the `growset_server::Hub` of the process that serves the stream.\n\
         let event = {name}::new({});\nhub.publish({target}, &event).await?;",
        rust::identifier(&library),
        arguments.join(", ")
    )
}

/// From a service in Node. A draft has no types there.
pub(in crate::targets) fn publish_in_typescript(request: &Request, event: &Event) -> Option<String> {
    if event.is_draft() {
        return None;
    }
    let package = javascript::string(&format!("{}/publish", request.catalog.settings.npm_name));
    let name = javascript::string(event.name.as_str());
    let recipients: Vec<String> = recipients(event.audience)
        .iter()
        .map(|(member, name)| format!("{member}: {}", javascript::string(name)))
        .collect();
    let to = if recipients.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", recipients.join(", ")) };
    Some(format!(
        "import {{ type PublishMap, publishTo }} from {package};\n\n\
         const publish = publishTo(\"https://events.internal/publish\", {{\n  \
         headers: () => ({{ authorization: \"Bearer <token>\" }}),\n}});\n\n\
         export function send(data: PublishMap[{name}][\"data\"]) {{\n  return publish({name}, {to}, data);\n}}"
    ))
}

/// Examples of them, the same in every language.
fn recipients(audience: Audience) -> &'static [(&'static str, &'static str)] {
    match audience {
        Audience::Org => &[("org", "acme")],
        Audience::User => &[("org", "acme"), ("user", "ada")],
        Audience::Channel => &[("org", "acme"), ("channel", "room-1")],
        Audience::Public => &[],
    }
}

/// Whom it is for, by the same names as in Rust, and what is said.
pub(in crate::targets) fn publish_body(event: &Event, example: &Value) -> Value {
    let mut body = Map::from_iter([("event".to_owned(), event.name.as_str().into())]);
    let recipients = recipients(event.audience);
    body.extend(recipients.iter().map(|(member, name)| ((*member).to_owned(), (*name).into())));
    body.insert("data".to_owned(), example.clone());
    Value::Object(body)
}
