//! What is generated from a catalog: one target per output, each a pure function from the catalog to texts.
//!
//! Knows target languages, naming, escaping. Knows nothing of disks, git, rules or the server: it is handed a catalog
//! without errors and returns artifacts; who calls it writes them.

mod names;

pub mod escape;

mod targets;

use std::collections::BTreeSet;

use rayon::prelude::*;

use growset_model::{Catalog, Date, EventName, Function, Released, Sources};

pub use crate::names::{Names, TypeIdent};

/// One generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Below `generated/`, with `/`.
    pub path: String,
    /// The whole file.
    pub text: String,
}

/// What every target is handed.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Without errors.
    pub catalog: &'a Catalog,
    /// Where its places lead.
    pub sources: &'a Sources,
    /// The derived functions that contracts may name.
    pub functions: &'a [Function],
    /// What no contract tells.
    pub surroundings: &'a Surroundings,
    /// Every name, decided before any target runs.
    pub names: &'a Names<'a>,
}

/// What the output depends on beside the contracts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// What the packages are called by their registries.
    pub versions: Versions,
    /// The way from the generated folder to the contracts, with `/`; nothing where no link leads from one to the other.
    pub contracts: Option<String>,
}

impl Default for Surroundings {
    /// The first versions, and the contracts beside the generated folder.
    fn default() -> Self {
        Self { versions: Versions::default(), contracts: Some("../contracts".to_owned()) }
    }
}

/// The versions of the generated packages, and the shapes that were released in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    /// Of the npm package: a release, or a preview of the next one.
    pub npm: String,
    /// Of the Rust crate: the last release.
    pub rust: String,
    /// What the lock holds, by digest.
    pub released: Released,
    /// What each release brought, the newest first.
    pub history: Vec<Release>,
}

/// What one release brought, in the words of whoever compared it with the one before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Release {
    /// Nothing for what is not released yet.
    pub version: Option<String>,
    /// The day.
    pub date: Option<Date>,
    /// The heaviest first.
    pub changes: Vec<ReleasedChange>,
}

/// One change of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasedChange {
    /// What kind of change it is, as a heading.
    pub kind: &'static str,
    /// In a sentence.
    pub message: String,
    /// The events that it reaches.
    pub events: BTreeSet<EventName>,
}

impl Default for Versions {
    fn default() -> Self {
        let first = growset_model::Version::FIRST.to_string();
        Self { npm: first.clone(), rust: first, released: Released::default(), history: Vec::new() }
    }
}

/// One kind of output.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// As `generate` prints it.
    pub name: &'static str,
    /// Makes its files: the same catalog, the same bytes.
    pub emit: fn(&Request) -> Result<Vec<Artifact>, CodegenError>,
}

/// Why nothing was generated. Contracts without errors never lead here.
#[derive(Debug, thiserror::Error)]
pub enum CodegenError {
    /// The lint `name-collision` refuses such a catalog.
    #[error("two types would both be called `{0}`: give one of them another name")]
    Collision(String),
    /// A template could not be filled.
    #[error("a template could not be filled")]
    Template(#[from] askama::Error),
    /// The Rust types of a record could not be made.
    #[error("no Rust type for {what}: {reason}")]
    Record {
        /// The name of the record.
        what: String,
        /// In the words of the tool.
        reason: String,
    },
}

/// Every target, in the order they are told of.
pub const TARGETS: &[Target] = &[
    Target { name: "schemas", emit: targets::schemas::emit },
    Target { name: "rust", emit: targets::rust::emit },
    Target { name: "typescript", emit: targets::typescript::emit },
    Target { name: "docs", emit: targets::docs::emit },
    Target { name: "page", emit: targets::html::emit },
    Target { name: "catalog", emit: targets::catalog::emit },
    Target { name: "openapi", emit: targets::openapi::emit },
    Target { name: "asyncapi", emit: targets::asyncapi::emit },
];

/// Runs every target, on as many cores as there are. Files come in order of path.
pub fn generate(
    catalog: &Catalog,
    sources: &Sources,
    functions: &[Function],
    surroundings: &Surroundings,
) -> Result<Vec<(&'static str, Vec<Artifact>)>, CodegenError> {
    let names = Names::new(catalog)?;
    let request = Request { catalog, sources, functions, surroundings, names: &names };
    TARGETS
        .par_iter()
        .map(|target| {
            let mut artifacts = (target.emit)(&request)?;
            artifacts.sort_by(|left, right| left.path.cmp(&right.path));
            Ok((target.name, artifacts))
        })
        .collect()
}
