//! `asyncapi.json`: the same server as AsyncAPI 3.0: what it sends to listeners, and what it takes from publishers.
//! Payloads are the files in `schemas/`, beside it.

use growset_model::{Event, Language};
use serde_json::{Map, Value, json};

use crate::escape::json;
use crate::targets::schemas;
use crate::{Artifact, CodegenError, Request};

/// One file.
pub(crate) fn emit(request: &Request) -> Result<Vec<Artifact>, CodegenError> {
    let events: Vec<&Event> = schemas::served(request.catalog).collect();
    let publishable: Vec<&Event> = events.iter().copied().filter(|event| event.retired.is_none()).collect();
    let document = json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": request.catalog.settings.title,
            "version": request.surroundings.versions.npm,
            "description": "Made by `growset generate`.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "events": channel("/events", "The event stream of one listener.", "heard", &events),
            "publish": channel("/publish", "What publishers send, one event or an array of them.", "sent", &publishable),
        },
        "operations": {
            "listen": operation("send", "events", "GET"),
            "publish": operation("receive", "publish", "POST"),
        },
        "components": { "messages": messages(&events, &publishable) },
    });
    Ok(vec![Artifact { path: "asyncapi.json".into(), text: json::file(&document) }])
}

fn channel(address: &str, description: &str, kind: &str, events: &[&Event]) -> Value {
    let messages: Map<String, Value> = events
        .iter()
        .map(|event| (key(event), json!({ "$ref": format!("#/components/messages/{}.{kind}", key(event)) })))
        .collect();
    json!({ "address": address, "description": description, "messages": messages })
}

fn operation(action: &str, channel: &str, method: &str) -> Value {
    json!({
        "action": action,
        "channel": { "$ref": format!("#/channels/{channel}") },
        "bindings": { "http": { "method": method, "bindingVersion": "0.3.0" } },
    })
}

fn messages(events: &[&Event], publishable: &[&Event]) -> Map<String, Value> {
    let heard = events.iter().map(|event| (format!("{}.heard", key(event)), message(event, Language::Reader)));
    let sent = publishable.iter().map(|event| (format!("{}.sent", key(event)), message(event, Language::Intake)));
    heard.chain(sent).collect()
}

fn message(event: &Event, language: Language) -> Value {
    let mut message = json!({
        "name": event.name.as_str(),
        "contentType": "application/json",
        "payload": { "$ref": schemas::reference(event, language) },
    });
    if let Some(doc) = &event.doc {
        message["summary"] = doc.as_str().into();
    }
    message
}

/// Keys of AsyncAPI hold no colon, which names of other styles may. No two names of a catalog differ in that alone, or
/// the later one takes the key.
fn key(event: &Event) -> String {
    event.name.as_str().replace(':', "-")
}
