//! The hand-written client: shipped as `crates/codegen/listener` compiled it, and bound here to one catalog's events.
//!
//! Its files go below `listener/`. The entries beside them are thin: they name the event map and say which catalog and
//! version a page was built with, so that a server knows the oldest page still open.

use askama::Template;
use growset_model::lock::catalog_digest;

use crate::escape::javascript;
use crate::{CodegenError, Request};

/// Each module of `dist` with its script and its declarations. A test holds the table to the folder.
macro_rules! modules {
    ($($name:literal)*) => {
        &[$(
            (concat!("listener/", $name, ".js"), include_str!(concat!("../../../listener/dist/", $name, ".js"))),
            (concat!("listener/", $name, ".d.ts"), include_str!(concat!("../../../listener/dist/", $name, ".d.ts"))),
        )*]
    };
}

const MODULES: &[(&str, &str)] = modules! {
    "check" "client" "connection" "control" "dedupe" "dispatcher" "environment" "fetch" "frame" "known" "loop" "match"
    "native" "parser" "pattern" "poll" "publish" "query" "react" "share" "state" "stream" "testing" "transport"
};

/// What is the same for every catalog: the declarations know the events by the import of `EventMap` alone.
const ENTRIES: &[(&str, &str)] = &[
    ("client.d.ts", include_str!("../../../templates/typescript/client.d.ts")),
    ("react.js", include_str!("../../../templates/typescript/react.js")),
    ("react.d.ts", include_str!("../../../templates/typescript/react.d.ts")),
    ("query.js", include_str!("../../../templates/typescript/query.js")),
    ("query.d.ts", include_str!("../../../templates/typescript/query.d.ts")),
    ("publish.js", include_str!("../../../templates/typescript/publish.js")),
    ("testing.d.ts", include_str!("../../../templates/typescript/testing.d.ts")),
];

/// So much of the digest tells two catalogs apart, and every page carries it.
const DIGITS: usize = 16;

#[derive(Template)]
#[template(path = "typescript/client.js", escape = "none")]
struct Client {
    catalog: String,
    version: String,
}

/// Paths within the package and texts.
pub(super) fn files(request: &Request) -> Result<Vec<(&'static str, String)>, CodegenError> {
    let client = Client {
        catalog: javascript::string(&catalog_digest(request.catalog)[..DIGITS]),
        version: javascript::string(&request.surroundings.versions.npm),
    };
    let fixed = ENTRIES.iter().chain(MODULES).map(|(path, text)| (*path, (*text).to_owned()));
    Ok(std::iter::once(("client.js", client.render()?)).chain(fixed).collect())
}
