//! JSON Schemas per event: `<event>.json` is what a listener must accept (R), `<event>.publish.json` what a publisher
//! may send (I). Each file stands alone.

use growset_model::{Catalog, Event, Language, payload_schema};
use serde_json::{Map, Value};

use crate::escape::json;
use crate::{Artifact, CodegenError, Request};

const PUBLISHED: [Language; 2] = [Language::Reader, Language::Intake];

/// Two files per event.
pub(crate) fn emit(request: &Request) -> Result<Vec<Artifact>, CodegenError> {
    let events = request.catalog.events.values();
    Ok(events.flat_map(|event| PUBLISHED.map(|language| artifact(request, event, language))).collect())
}

/// The events that a server may serve: drafts change freely, and nobody outside builds on them.
pub(crate) fn served(catalog: &Catalog) -> impl Iterator<Item = &Event> {
    catalog.events.values().filter(|event| !event.is_draft())
}

/// Where the schema of an event lies, from a file beside the folder. It begins with a dot, because a name may hold a
/// colon, and would be read as the scheme of a URL.
pub(crate) fn reference(event: &Event, language: Language) -> String {
    format!("./schemas/{}{}", event.name, language.suffix())
}

fn artifact(request: &Request, event: &Event, language: Language) -> Artifact {
    let schema = with_origin(payload_schema(request.catalog, event, language), &event.source);
    Artifact { path: format!("schemas/{}{}", event.name, language.suffix()), text: json::file(&schema) }
}

/// JSON has no comments, so the note on where the file comes from is a `$comment` (JSON Schema core, section 8.3).
fn with_origin(schema: Value, source: &str) -> Value {
    let Value::Object(keywords) = schema else {
        return schema;
    };
    let mut noted = Map::new();
    for (keyword, value) in keywords {
        let opens = keyword == "$schema";
        noted.insert(keyword, value);
        if opens {
            noted.insert("$comment".into(), format!("Made by `growset generate` from contracts/{source}.").into());
        }
    }
    Value::Object(noted)
}
