//! The npm package: declarations, the listener, and the contracts that go-to-definition leads to.
//!
//! Everything is printed as it should look; no formatter runs afterwards.

mod declarations;

mod documentation;

mod comment;

mod facts;

mod type_text;

mod source_map;

mod package;

mod publish;

mod listener;

mod validators;

use growset_model::Event;

use crate::{Artifact, CodegenError, Request};

use declarations::Declarations;
use source_map::MappedText;

/// Where the package's files go, below `generated/`.
const FOLDER: &str = "typescript";

pub(crate) fn emit(request: &Request) -> Result<Vec<Artifact>, CodegenError> {
    let mut text = MappedText::new(request.catalog, request.sources);
    Declarations::new(request, &mut text).write();
    let mapped = text.finish("index.d.ts");
    let mut artifacts = vec![
        file("index.d.ts", mapped.text),
        file("index.d.ts.map", mapped.map),
        file("index.js", package::index_script(request)),
        file("dom.d.ts", include_str!("../../templates/typescript/dom.d.ts").to_owned()),
        file("dom.js", include_str!("../../templates/typescript/dom.js").to_owned()),
        file("publish.d.ts", publish::declarations(request)),
        file("testing.js", publish::testing_script(request)),
        file("package.json", package::manifest(request)),
        file("README.md", package::readme(request)?),
    ];
    artifacts.extend(listener::files(request)?.into_iter().map(|(path, text)| file(path, text)));
    artifacts.extend(validators::files(request).into_iter().map(|(path, text)| file(&path, text)));
    artifacts.extend(mapped.contracts.into_iter().map(|(path, text)| file(&path, text)));
    Ok(artifacts)
}

fn file(path: &str, text: String) -> Artifact {
    Artifact { path: format!("{FOLDER}/{path}"), text }
}

/// The events that may come, in order of name: a retired one comes no more, a draft is listed apart.
fn live_events<'a>(request: &Request<'a>) -> impl Iterator<Item = &'a Event> {
    request.catalog.events.values().filter(|event| event.retired.is_none() && !event.is_draft())
}

/// The constant that holds an event's name: `ORDER_STATUS_CHANGED`. Upper case, so it is never a keyword.
fn constant(event: &Event) -> String {
    growset_model::snake(event.name.as_str()).to_ascii_uppercase()
}
