//! AsyncAPI 2 and 3: every message of every channel, and of `components`.

use serde_json::{Map, Value};

use crate::api::Walk;
use crate::document::Draft;
use crate::library::Spot;
use crate::pointer;
use crate::source::Message;

/// Members of a message that are read, or told of where they are left out.
const READ: [&str; 13] = [
    "$ref",
    "name",
    "messageId",
    "title",
    "summary",
    "description",
    "contentType",
    "schemaFormat",
    "payload",
    "headers",
    "examples",
    "traits",
    "deprecated",
];

/// Reads one description.
pub(crate) fn read(walk: &mut Walk, document: usize) {
    let root = Spot { document, pointer: String::new() };
    let version = walk.at(&root.below(&["asyncapi"])).and_then(Value::as_str).unwrap_or_default();
    let found = match version.split('.').next() {
        Some("2") => channels_of_2(walk, &root),
        Some("3") => channels_of_3(walk, &root),
        _ => {
            let stated = walk.at(&root.below(&["asyncapi"])).map(Value::to_string).unwrap_or_default();
            let message = format!("AsyncAPI {stated} is not read; versions 2 and 3 are, such as \"3.0.0\", a text");
            return walk.refuse(&root.below(&["asyncapi"]), message);
        }
    };
    let mut seen = Vec::new();
    let alone = walk.entries(&root.below(&["components"]), "messages");
    for (key, address, spot) in found.into_iter().chain(alone.into_iter().map(|(key, spot)| (key.clone(), key, spot))) {
        if !seen.contains(&spot) {
            seen.push(spot.clone());
            message(walk, &key, address, &spot);
        }
    }
}

/// A message with the key that it goes by, and the address of its channel.
type Found = (String, String, Spot);

fn channels_of_2(walk: &mut Walk, root: &Spot) -> Vec<Found> {
    let mut found = Vec::new();
    for (address, channel) in walk.entries(root, "channels") {
        for operation in ["publish", "subscribe"] {
            let place = channel.below(&[operation, "message"]);
            if walk.at(&place).is_none() {
                continue;
            }
            let Some(message) = walk.followed(&place) else { continue };
            let several = walk.items(&message, "oneOf");
            let all = if several.is_empty() { vec![message] } else { several };
            found.extend(all.into_iter().map(|spot| (key_of(&spot, &address), address.clone(), spot)));
        }
    }
    found
}

/// Its key in `components`; the channel's where the message stands in the channel.
fn key_of(spot: &Spot, address: &str) -> String {
    match spot.pointer.rsplit_once("/messages/") {
        Some(_) => pointer::last(&spot.pointer).unwrap_or_default(),
        None => address.to_owned(),
    }
}

fn channels_of_3(walk: &mut Walk, root: &Spot) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, channel) in walk.entries(root, "channels") {
        let address = walk.at(&channel.below(&["address"])).and_then(Value::as_str).unwrap_or(&key).to_owned();
        let messages = walk.entries(&channel, "messages");
        found.extend(messages.into_iter().map(|(key, spot)| (key, address.clone(), spot)));
    }
    found
}

fn message(walk: &mut Walk, key: &str, address: String, spot: &Spot) {
    let Some(value) = walk.at(spot).and_then(Value::as_object).cloned() else {
        return walk.refuse(spot, "is no message".to_owned());
    };
    let value = with_traits(walk, value, spot);
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    if let Some(content) = text("contentType").filter(|content| !content.contains("json")) {
        return walk.refuse(spot, format!("its payload is {content}, and events are JSON"));
    }
    let mut payload = spot.below(&["payload"]);
    let mut format = text("schemaFormat");
    if let Some(named) = walk.at(&payload).and_then(|payload| payload.get("schemaFormat")).and_then(Value::as_str) {
        (payload, format) = (payload.below(&["schema"]), Some(named));
    }
    if walk.at(&payload).is_none() {
        return walk
            .refuse(spot, "has no payload; say `payload: { type: object }` where it carries nothing".to_owned());
    }
    let Some(draft) = draft(format) else {
        let format = format.unwrap_or_default();
        return walk.refuse(spot, format!("its schema is written in {format}; JSON Schema alone can be imported"));
    };
    if value.contains_key("headers") {
        walk.drop(spot, "headers", "are no part of an event");
    }
    // Of several words on a message, the longest ones are kept.
    let words =
        ["description", "summary", "title"].iter().filter(|key| text(key).is_some_and(|text| !text.trim().is_empty()));
    for key in words.skip(1) {
        walk.drop(spot, key, "stands beside better words on the message, and is left out");
    }
    for key in value.keys().filter(|key| !READ.contains(&key.as_str())) {
        walk.drop(spot, key, "has no word in a contract, and is left out");
    }
    let examples = value.get("examples").and_then(Value::as_array).into_iter().flatten();
    let examples = examples.filter_map(|example| example.get("payload").cloned()).collect();
    let name = text("name").or(text("messageId")).unwrap_or(key).to_owned();
    let spot = spot.clone();
    walk.keep(payload, Message { spot, name: Some(name), address, value: Value::Object(value), examples, draft });
}

/// What a message does not say itself, its traits say.
fn with_traits(walk: &mut Walk, mut value: Map<String, Value>, spot: &Spot) -> Map<String, Value> {
    for spot in walk.items(spot, "traits") {
        for (key, said) in walk.members(&spot) {
            if !value.contains_key(key) {
                value.insert(key.clone(), said.clone());
            }
        }
    }
    value
}

/// Schemas of AsyncAPI are draft-07 with a few words more.
fn draft(format: Option<&str>) -> Option<Draft> {
    let Some(format) = format else { return Some(Draft::Seven) };
    let (media, parameters) = format.split_once(';').unwrap_or((format, ""));
    let media = media.trim();
    if media.starts_with("application/vnd.aai.asyncapi") || media.starts_with("application/vnd.oai.openapi") {
        return Some(Draft::Seven);
    }
    let version = parameters.trim().strip_prefix("version=").unwrap_or("draft-07").trim_start_matches("draft-");
    matches!(media, "application/schema+json" | "application/schema+yaml").then(|| Draft::parse(version)).flatten()
}
