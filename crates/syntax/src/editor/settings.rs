//! `growset.yaml` as an editor sees it. The comments of the fields are what a hover shows.

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// What holds for the whole catalog.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[schemars(extend("required" = ["growset", "title", "schema_base", "npm", "rust"], "defaultSnippets" = [{
    "label": "catalog",
    "body": {
        "growset": 1, "title": "${1:Order platform events}",
        "schema_base": "${2:https://events.example.com/schemas}",
        "npm": { "name": "${3:@example/events}" }, "rust": { "name": "${4:example-events}" }
    }
}]))]
#[allow(dead_code, reason = "only described")]
pub(super) struct CatalogFile {
    /// The version of the contract language: `1`.
    #[schemars(extend("const" = 1))]
    growset: u64,
    /// The heading of the documentation.
    title: String,
    /// The URL that every schema's `$id` starts with.
    #[schemars(extend("pattern" = "^https?://[^?#\\s]+$", "patternErrorMessage" = "An absolute URL without query."))]
    schema_base: String,
    /// The npm package that is generated.
    npm: Npm,
    /// The Rust crate that is generated.
    rust: Rust,
    /// Event names that came from elsewhere: `{ any: [order_update] }` lists exact exceptions, `any` lifts the rule.
    names: Option<Names>,
    /// Lints turned up or off by rule id: `{ missing-owner: allow }`.
    policy: Option<BTreeMap<String, Level>>,
}

/// The npm package that is generated.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("required" = ["name"]))]
#[allow(dead_code, reason = "only described")]
struct Npm {
    /// Its name: `"@example/events"`.
    name: String,
}

/// The Rust crate that is generated.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("required" = ["name"]))]
#[allow(dead_code, reason = "only described")]
struct Rust {
    /// Its name: `example-events`.
    name: String,
    /// The dependency line for `trait Event`, as Cargo takes it.
    event_crate: Option<EventDependency>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only described")]
enum EventDependency {
    /// A version.
    Version(String),
    Line(EventCrate),
}

/// A dependency line as Cargo takes it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only described")]
struct EventCrate {
    /// A folder, relative to the generated crate.
    path: Option<String>,
    /// A version from the registry.
    version: Option<String>,
    /// A git repository.
    git: Option<String>,
    /// A branch of the git repository.
    branch: Option<String>,
    /// A tag of the git repository.
    tag: Option<String>,
    /// A commit of the git repository.
    rev: Option<String>,
    /// A registry by its name.
    registry: Option<String>,
    /// The name of the crate where it is published under another one.
    package: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only described")]
enum Names {
    Word(NamesWord),
    Exceptions(NameExceptions),
}

/// Any safe name.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
#[allow(dead_code, reason = "only described")]
enum NamesWord {
    Any,
}

/// Dotted names, and exactly these others.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only described")]
struct NameExceptions {
    /// The exact names.
    any: Vec<String>,
}

/// What is made of a lint.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
#[allow(dead_code, reason = "only described")]
enum Level {
    /// Not reported.
    Allow,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}
