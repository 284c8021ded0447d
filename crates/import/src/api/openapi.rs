//! OpenAPI 3.1 and 3.2: the events of every response of `text/event-stream`.
//!
//! `itemSchema` describes one event as the stream frames it: `event` names it, and `data` is a text that holds the JSON
//! of `contentSchema` (OpenAPI 3.2, section 4.14.4.3). 3.1 has no `itemSchema`, and people put the same under `schema`.

use std::collections::BTreeMap;

use growset_model::RESERVED_EVENT_PREFIX;
use serde_json::Value;

use crate::api::Walk;
use crate::document::Draft;
use crate::library::Spot;
use crate::pointer;
use crate::source::Message;

/// Cases inside cases.
const DEEPEST: usize = 8;

/// Reads one description. An event without a name needs a rule that gives it one.
pub(crate) fn read(walk: &mut Walk, document: usize, has_rule: bool) {
    let root = Spot { document, pointer: String::new() };
    let version = walk.at(&root.below(&["openapi"])).and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("3.1") && !version.starts_with("3.2") {
        let stated = walk.at(&root.below(&["openapi"])).map(Value::to_string).unwrap_or_default();
        let message =
            format!("OpenAPI {stated} is not read; \"3.1.0\" and \"3.2.0\" are, whose schemas are JSON Schema");
        return walk.refuse(&root.below(&["openapi"]), message);
    }
    let dialect = walk.at(&root.below(&["jsonSchemaDialect"])).and_then(Value::as_str);
    let draft = dialect.and_then(Draft::of_dialect).unwrap_or(Draft::Y2020);
    for (address, path) in walk.entries(&root, "paths") {
        let mut operations: Vec<Spot> = walk.members(&path).map(|(method, _)| path.below(&[method])).collect();
        operations.extend(walk.entries(&path, "additionalOperations").into_iter().map(|(_, spot)| spot));
        for operation in operations {
            for (_, response) in walk.entries(&operation, "responses") {
                response_of(walk, &response, &Frames { address: &address, draft, has_rule });
            }
        }
    }
}

/// What all frames of a response have in common.
struct Frames<'a> {
    address: &'a str,
    draft: Draft,
    has_rule: bool,
}

/// The properties of a frame by name, each where it stands.
type Properties = BTreeMap<String, Spot>;

fn response_of(walk: &mut Walk, response: &Spot, frames: &Frames) {
    for (media, content) in walk.entries(response, "content") {
        if media.split(';').next().is_none_or(|media| media.trim() != "text/event-stream") {
            continue;
        }
        let schemas = ["itemSchema", "schema"].map(|member| content.below(&[member]));
        match schemas.into_iter().find(|spot| walk.at(spot).is_some()) {
            Some(schema) => frame(walk, &schema, Properties::new(), frames, 0),
            None => walk.refuse(&content, "has no `itemSchema`, which would say what its events hold".to_owned()),
        }
    }
}

/// Reads what one schema says of a frame, on top of what the schema around it says.
fn frame(walk: &mut Walk, from: &Spot, mut properties: Properties, frames: &Frames, depth: usize) {
    let Some(spot) = walk.followed(from) else { return };
    collect(walk, &spot, &mut properties, depth);
    let cases: Vec<Spot> = ["oneOf", "anyOf"].iter().flat_map(|keyword| below(walk, &spot, keyword)).collect();
    let is_of_frames = properties.contains_key("data") || cases.iter().any(|case| tells_of_frames(walk, case));
    if depth < DEEPEST && is_of_frames && !cases.is_empty() {
        for case in cases {
            frame(walk, &case, properties.clone(), frames, depth + 1);
        }
        return;
    }
    let value = walk.at(&spot).cloned().unwrap_or_default();
    let called = pointer::last(&spot.pointer).filter(|_| spot.pointer.contains("/components/"));
    let message = |name: Option<String>| Message {
        spot: spot.clone(),
        name,
        address: frames.address.to_owned(),
        value: value.clone(),
        examples: Vec::new(),
        draft: frames.draft,
    };
    let names = names(walk, &properties);
    if !names.is_empty() && names.iter().all(|name| name.starts_with(RESERVED_EVENT_PREFIX)) {
        return; // What the stream says of itself is no contract.
    }
    let Some(payload) = payload(walk, &spot, &properties) else {
        return walk
            .refuse(&spot, "its `data` has no `contentSchema`, which would say what the JSON in it holds".to_owned());
    };
    if names.is_empty() && !frames.has_rule {
        let message =
            "no `event` with a `const` names it, and an event needs a name; give it one, such as --name answer.chunk";
        return walk.refuse(&spot, message.to_owned());
    }
    if names.is_empty() {
        walk.keep(payload, Message { name: called, ..message(None) });
    } else {
        names.into_iter().for_each(|name| walk.keep(payload.clone(), message(Some(name))));
    }
}

fn below(walk: &Walk, spot: &Spot, keyword: &str) -> Vec<Spot> {
    let count = walk.at(&spot.below(&[keyword])).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count).map(|at| spot.below(&[keyword, &at.to_string()])).collect()
}

/// The properties of a schema and of all parts of its `allOf`.
fn collect(walk: &mut Walk, spot: &Spot, properties: &mut Properties, depth: usize) {
    let inside = spot.below(&["properties"]);
    for (name, _) in walk.members(&inside) {
        properties.insert(name.clone(), inside.below(&[name]));
    }
    if depth < DEEPEST {
        for part in below(walk, spot, "allOf") {
            if let Some(part) = walk.followed(&part) {
                collect(walk, &part, properties, depth + 1);
            }
        }
    }
}

fn tells_of_frames(walk: &mut Walk, case: &Spot) -> bool {
    let mut properties = Properties::new();
    if let Some(spot) = walk.followed(case) {
        collect(walk, &spot, &mut properties, 0);
    }
    properties.contains_key("data")
}

/// Where the payload's schema stands. A schema without `data` is taken for the payload's own.
fn payload(walk: &mut Walk, frame: &Spot, properties: &Properties) -> Option<Spot> {
    let Some(data) = properties.get("data") else { return Some(frame.clone()) };
    let data = walk.followed(data)?;
    let content = data.below(&["contentSchema"]);
    if walk.at(&content).is_some() {
        return Some(content);
    }
    let is_object = walk.at(&data).is_some_and(|schema| {
        schema.get("type").is_some_and(|ty| ty == "object") || schema.get("properties").is_some_and(Value::is_object)
    });
    is_object.then_some(data)
}

/// What `event` may be.
fn names(walk: &mut Walk, properties: &Properties) -> Vec<String> {
    let Some(event) = properties.get("event").cloned().and_then(|spot| walk.followed(&spot)) else { return Vec::new() };
    let Some(schema) = walk.at(&event) else { return Vec::new() };
    let texts = |value: &Value| value.as_str().map(str::to_owned);
    match (schema.get("const"), schema.get("enum").and_then(Value::as_array)) {
        (Some(value), _) => texts(value).into_iter().collect(),
        (None, Some(values)) => values.iter().filter_map(texts).collect(),
        (None, None) => Vec::new(),
    }
}
