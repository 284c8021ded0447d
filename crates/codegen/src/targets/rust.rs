//! The Rust crate: payload types that serialise, and `impl Event` for each.
//!
//! A module per first segment of an event's name, `types` for what events share. Drafts stand in a file of their own
//! behind the feature `draft`; `Deserialize` is behind `consume`, since it is most of what such a crate costs to
//! compile. A retired event has no type any more.

mod layout;

mod boxing;

mod fields;

mod typify_types;

mod items;

mod example;

mod manifest;

pub(in crate::targets) use layout::module;

use rayon::prelude::*;

use crate::targets::rust::boxing::Boxing;
use crate::targets::rust::layout::Layout;
use crate::{Artifact, CodegenError, Request};

/// So many declarations are handed to typify at once: its settings are copied per call, and calls run side by side.
const CHUNK: usize = 64;

pub(crate) fn emit(request: &Request) -> Result<Vec<Artifact>, CodegenError> {
    let layout = Layout::new(request);
    let boxing = Boxing::new(request);
    let printer = items::Printer { request, boxing: &boxing };
    let chunks: Vec<Vec<String>> =
        layout.placed().par_chunks(CHUNK).map(|chunk| printer.print(chunk)).collect::<Result<_, _>>()?;
    let mut artifacts = vec![
        artifact(
            "Cargo.toml",
            manifest::cargo_toml(&request.catalog.settings.rust, &request.surroundings.versions.rust)?,
        ),
        artifact("src/lib.rs", layout.library(request)?),
        artifact("src/unknown.rs", manifest::unknown_case()?),
    ];
    let mut bodies = chunks.into_iter().flatten();
    for file in layout.files() {
        let body: Vec<String> = bodies.by_ref().take(file.declarations.len()).collect();
        artifacts.push(artifact(&file.path(), file.text(request, &body)?));
    }
    Ok(artifacts)
}

/// Templates leave out the last line break.
fn artifact(path: &str, text: String) -> Artifact {
    Artifact { path: format!("rust/{path}"), text: text + "\n" }
}
