//! `openapi.json`: the routes of a server that serves this catalog, as OpenAPI 3.2, whose `itemSchema` speaks of event
//! streams. Payloads are the files in `schemas/`, beside it.

use growset_model::{Audience, Event, Language};
use serde_json::{Value, json};

use crate::escape::json;
use crate::targets::schemas;
use crate::{Artifact, CodegenError, Request};

/// Everything that no contract changes.
const ROUTES: &str = include_str!("../../templates/http/openapi.json");

/// One file.
pub(crate) fn emit(request: &Request) -> Result<Vec<Artifact>, CodegenError> {
    let mut document: Value = serde_json::from_str(ROUTES).expect("the template is JSON, which every run shows");
    document["info"] = json!({
        "title": request.catalog.settings.title,
        "version": request.surroundings.versions.npm,
        "description": "Made by `growset generate`.",
    });
    let mut frames = vec![json!({ "$ref": "#/components/schemas/ControlFrame" })];
    frames.extend(schemas::served(request.catalog).map(frame));
    document["components"]["schemas"]["Frame"]["oneOf"] = frames.into();
    let publishable = schemas::served(request.catalog).filter(|event| event.retired.is_none());
    document["components"]["schemas"]["Publication"]["oneOf"] = publishable.map(publication).collect();
    Ok(vec![Artifact { path: "openapi.json".into(), text: json::file(&document) }])
}

fn frame(event: &Event) -> Value {
    json!({
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "id": { "type": "string" },
            "event": { "const": event.name.as_str() },
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": { "$ref": schemas::reference(event, Language::Reader) },
            },
        },
    })
}

fn publication(event: &Event) -> Value {
    let members: &[&str] = match event.audience {
        Audience::Org => &["org"],
        Audience::User => &["org", "user"],
        Audience::Channel => &["org", "channel"],
        Audience::Public => &[],
    };
    let mut schema = json!({
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "event": { "const": event.name.as_str() },
            "data": { "$ref": schemas::reference(event, Language::Intake) },
            "key": { "type": "string", "minLength": 1, "maxLength": 128 },
        },
        "additionalProperties": false,
    });
    for member in members {
        if let Some(required) = schema["required"].as_array_mut() {
            required.push((*member).into());
        }
        schema["properties"][*member] = json!({ "type": "string", "minLength": 1, "maxLength": 128 });
    }
    schema
}
