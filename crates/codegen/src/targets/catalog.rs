//! `catalog.json`, the one serialised form: what the server and other tools load.

use growset_model::serial;

use crate::escape::json;
use crate::{Artifact, CodegenError, Request};

/// One file.
pub(crate) fn emit(request: &Request) -> Result<Vec<Artifact>, CodegenError> {
    let text = json::file(&serial::to_json_with(request.catalog, &request.surroundings.versions.released));
    Ok(vec![Artifact { path: "catalog.json".into(), text }])
}
