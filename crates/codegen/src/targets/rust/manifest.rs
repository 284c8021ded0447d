//! The parts of the crate that no event changes, so that a broken or conflicting tree can always be generated anew.

use askama::Template;

use growset_model::RustPackage;

use crate::CodegenError;
use crate::escape::toml;

#[derive(Template)]
#[template(path = "rust/Cargo.toml.txt")]
struct Manifest {
    name: String,
    version: String,
    event_crate: String,
}

#[derive(Template)]
#[template(path = "rust/unknown.rs.txt")]
struct UnknownCase;

pub(super) fn cargo_toml(package: &RustPackage, version: &str) -> Result<String, CodegenError> {
    let name = if package.name.is_empty() { "events" } else { &package.name };
    let line: Vec<String> = package
        .event_crate
        .iter()
        .map(|(key, value)| format!("{} = {}", toml::key(key), toml::string(value)))
        .collect();
    let event_crate = if line.is_empty() { "\"0.1\"".to_owned() } else { format!("{{ {} }}", line.join(", ")) };
    Ok(Manifest { name: toml::string(name), version: toml::string(version), event_crate }.render()?)
}

pub(super) fn unknown_case() -> Result<String, CodegenError> {
    Ok(UnknownCase.render()?)
}
