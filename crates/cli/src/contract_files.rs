//! A whole catalog as contracts: one file per event, types beside the events that use them.

use std::collections::{BTreeMap, BTreeSet};

use growset_model::{Catalog, NamedType, TypeName};
use growset_syntax::{Input, write_event, write_settings, write_types};

/// The files of a catalog, by path below the contracts folder. Types go to files that are not taken.
pub(crate) fn of(catalog: &Catalog, taken: &BTreeSet<String>) -> Vec<Input> {
    let mut files = vec![("growset.yaml".to_owned(), write_settings(catalog))];
    for event in catalog.events.values() {
        files.push((event.source.clone(), with_modeline(&event.source, "contract", &write_event(event))));
    }
    for (path, types) in by_file(catalog) {
        let path = free(path, taken);
        let text = with_modeline(&path, "types", &write_types(types));
        files.push((path, text));
    }
    files.into_iter().map(|(path, text)| Input { shown: path.clone(), path, bytes: text.into_bytes() }).collect()
}

/// A name beside the one that is taken: `orders/orders.imported.types.yaml`.
fn free(path: String, taken: &BTreeSet<String>) -> String {
    let stem = path.strip_suffix(".types.yaml").unwrap_or(&path).to_owned();
    let others = (2..).map(|number| format!("{stem}.imported{number}.types.yaml"));
    let mut candidates = [path, format!("{stem}.imported.types.yaml")].into_iter().chain(others);
    candidates.find(|path| !taken.contains(path)).unwrap_or_default()
}

fn with_modeline(path: &str, schema: &str, text: &str) -> String {
    let climb = "../".repeat(path.matches('/').count() + 1);
    format!("# yaml-language-server: $schema={climb}generated/editor/{schema}.schema.json\n{text}")
}

/// The types of each file: of one folder where only its events use them, else shared.
fn by_file(catalog: &Catalog) -> BTreeMap<String, Vec<&NamedType>> {
    let mut folders: BTreeMap<&TypeName, BTreeSet<&str>> = BTreeMap::new();
    for event in catalog.events.values() {
        let folder = event.source.split_once('/').map_or("", |(folder, _)| folder);
        for name in catalog.reachable(&event.payload).into_keys() {
            folders.entry(name).or_default().insert(folder);
        }
    }
    let mut files: BTreeMap<String, Vec<&NamedType>> = BTreeMap::new();
    for (name, named) in &catalog.types {
        let users = folders.get(name).map(|users| users.iter().copied().collect::<Vec<_>>()).unwrap_or_default();
        let path = match users.as_slice() {
            [folder] if !folder.is_empty() => format!("{folder}/{folder}.types.yaml"),
            _ => "shared.types.yaml".to_owned(),
        };
        files.entry(path).or_default().push(named);
    }
    files
}
