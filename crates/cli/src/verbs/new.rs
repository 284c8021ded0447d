//! `growset new <event>`
//!
//! Writes a contract that passes as it stands, after the pattern of the event's siblings.

use std::path::Path;

use growset_model::{Catalog, Diagnostic, Event, EventName, Field, NamePolicy, Severity, TypeKind};
use growset_syntax::Input;
use serde_json::Value;

use crate::check;
use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::project::Project;
use crate::reading;

/// Writes the contract and says where.
pub(crate) fn run(project: &Project, event: &str, console: &mut Console) -> Result<Exit, CliError> {
    let catalog = check::check(project)?.catalog;
    let name = parse(&catalog, event)?;
    if let Some(existing) = catalog.events.get(&name) {
        return Err(CliError::Refused(format!("event `{name}` exists already, in {}", existing.source)));
    }
    let below = format!("{}/{name}.yaml", folder(&catalog, &name));
    let path = project.contracts.join(&below);
    let shown = project.shown(&path);
    if path.symlink_metadata().is_ok() {
        return Err(CliError::Refused(format!("{shown} exists already; edit it, or take another name")));
    }
    let text = contract(&catalog, &name, &below);
    refuse_what_check_refuses(project, Input { path: below, shown: shown.clone(), bytes: text.clone().into_bytes() })?;
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(CliError::disk("make", parent))?;
    std::fs::write(&path, text).map_err(CliError::disk("write", &path))?;
    console.say(&format!("wrote {shown}"));
    console.say("say there what it carries, then run `growset generate`");
    Ok(Exit::Clean)
}

/// A name may be well-formed and still be none: generated code needs it for something else, or the file would be one of
/// types.
fn refuse_what_check_refuses(project: &Project, contract: Input) -> Result<(), CliError> {
    if contract.path.ends_with(".types.yaml") {
        return Err(CliError::Refused(format!(
            "{} would be a file of types, which is what files named `*.types.yaml` are; take another name",
            contract.shown
        )));
    }
    let shown = contract.shown.clone();
    let mut folder = reading::read(project)?;
    folder.inputs.push(contract);
    let judged = check::judge(folder);
    let is_of_contract = |found: &&Diagnostic| {
        let file = found.place.file().and_then(|file| judged.sources.file(file));
        found.severity == Severity::Error && file.is_some_and(|file| file.path == shown)
    };
    match judged.diagnostics.iter().find(is_of_contract) {
        Some(found) => Err(CliError::Refused(format!("{}; take another name", found.message))),
        None => Ok(()),
    }
}

fn parse(catalog: &Catalog, event: &str) -> Result<EventName, CliError> {
    let name = match &catalog.settings.names {
        NamePolicy::Any => EventName::parse_any_style(event),
        NamePolicy::Except(names) if names.iter().any(|name| name == event) => EventName::parse_any_style(event),
        NamePolicy::Except(_) | NamePolicy::Dotted => EventName::parse(event),
    };
    name.map_err(|error| {
        // Only a name that breaks no more than the rule of segments can be let in.
        let way_out = match EventName::parse_any_style(event) {
            Ok(_) => format!("; `names: {{ any: [{event}] }}` in growset.yaml lets in a name that came from elsewhere"),
            Err(_) => String::new(),
        };
        CliError::Refused(format!("{error}{way_out}"))
    })
}

/// Events of the same first segment, the nearest one first: an earlier version, then the others by name.
fn siblings<'a>(catalog: &'a Catalog, name: &EventName) -> Vec<&'a Event> {
    let mut siblings: Vec<&Event> =
        catalog.events.values().filter(|event| event.name.first_segment() == name.first_segment()).collect();
    siblings.sort_by_key(|event| event.name.base() != name.base());
    siblings
}

/// The folder of the nearest sibling; without one, the plural of the first segment.
fn folder(catalog: &Catalog, name: &EventName) -> String {
    let sibling = siblings(catalog, name).first().and_then(|event| event.source.rsplit_once('/'));
    sibling.map_or_else(|| plural(name.first_segment()), |(folder, _)| folder.to_owned())
}

/// As English regularly forms it.
fn plural(noun: &str) -> String {
    let ends_with_any = |endings: &[&str]| endings.iter().any(|ending| noun.ends_with(ending));
    match noun.strip_suffix('y') {
        Some(stem) if !ends_with_any(&["ay", "ey", "oy", "uy"]) => format!("{stem}ies"),
        None if ends_with_any(&["s", "x", "z", "ch", "sh"]) => format!("{noun}es"),
        Some(_) | None => format!("{noun}s"),
    }
}

fn contract(catalog: &Catalog, name: &EventName, below: &str) -> String {
    let siblings = siblings(catalog, name);
    let nearest = siblings.first();
    let climb = "../".repeat(below.matches('/').count() + 1);
    let owner = nearest.and_then(|event| event.owner.clone()).unwrap_or_else(|| plural(name.first_segment()));
    let audience = nearest.map_or("org", |event| event.audience.as_str());
    let replaced = earlier_version(&siblings, name);

    let mut lines = vec![
        format!("# yaml-language-server: $schema={climb}generated/editor/contract.schema.json"),
        format!("event: {name}"),
        format!("owner: {}", quoted(&owner)),
        format!("audience: {audience}"),
        format!("doc: {}", quoted(&sentence(name))),
    ];
    if let Some(replaced) = replaced {
        lines.push(format!("replaces: {}", replaced.name));
    }
    let identity = nearest.and_then(|event| identity(event));
    let (field, ty, value) = identity.unwrap_or_else(|| {
        let subject = name.first_segment();
        let ty =
            format!("{{ type: string, min_length: 1, max_length: 64, doc: {} }}", quoted(&format!("Which {subject}.")));
        ("id".to_owned(), ty, Value::from(format!("{subject}-1")))
    });
    lines.push("fields:".to_owned());
    lines.push(match replaced {
        Some(replaced) if replaced.record().is_some_and(|record| record.field(&field).is_some()) => {
            format!("  {field}: {{ type: {ty}, from: {field} }}")
        }
        _ => format!("  {field}: {ty}"),
    });
    lines.push("examples:".to_owned());
    lines.push(format!("  - {{ {field}: {value} }}"));
    lines.join("\n") + "\n"
}

/// The last version before `name`.
fn earlier_version<'a>(siblings: &[&'a Event], name: &EventName) -> Option<&'a Event> {
    let earlier = siblings.iter().filter(|event| event.name.base() == name.base());
    earlier.filter(|event| event.name.version() < name.version()).max_by_key(|event| event.name.version()).copied()
}

/// What the siblings are about: the first required field of a named type, with its value in the first example.
fn identity(event: &Event) -> Option<(String, String, Value)> {
    let is_plain = |field: &&Field| {
        field.is_required() && field.name.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let field = event.record()?.fields.iter().find(is_plain)?;
    let TypeKind::Named(ty) = &field.ty.kind else { return None };
    let value = event.examples.first()?.value.get(field.name.as_str())?;
    (value.is_string() || value.is_number()).then(|| (field.name.to_string(), ty.to_string(), value.clone()))
}

/// `Order status changed.` for `order.status.changed.v2`: true as it stands, and better said by a person.
fn sentence(name: &EventName) -> String {
    let words = name.base().replace(['.', '_', '-', ':'], " ");
    let mut characters = words.chars();
    let first: String = characters.next().map(|first| first.to_ascii_uppercase()).into_iter().collect();
    format!("{first}{}.", characters.as_str())
}

/// A JSON string is a YAML string, and no YAML parser reads it as anything else.
fn quoted(text: &str) -> String {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'.'));
    let is_word = text.contains(' ') || text.len() > 5;
    if is_plain && is_word { text.to_owned() } else { Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_named_by_a_plural_that_is_spelled_right() {
        for (noun, expected) in [
            ("order", "orders"),
            ("fish", "fishes"),
            ("address", "addresses"),
            ("category", "categories"),
            ("survey", "surveys"),
            ("tax", "taxes"),
        ] {
            assert_eq!(plural(noun), expected);
        }
    }
}
