//! The Rust crate.

use crate::{Artifact, CodegenError, Request};

pub(crate) fn emit(_request: &Request) -> Result<Vec<Artifact>, CodegenError> {
    Ok(Vec::new())
}
