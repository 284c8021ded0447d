//! What `generate` writes comes back as the catalog that it was generated from.

use growset_import::{Document, Import, Options, json_schema};
use growset_model::{Audience, Catalog, Language, SAFE_INTEGER, arbitrary, payload_schema, serial};
use proptest::prelude::*;
use serde_json::Value;

fn import(documents: &[Document]) -> Import {
    json_schema(documents, &Options { name: None, audience: Audience::Org, owner: None, draft: None })
}

fn documents(catalog: &Catalog, languages: &[Language]) -> Vec<Document> {
    let events = catalog.events.values();
    let files = events.flat_map(|event| {
        languages.iter().map(|language| Document {
            path: format!("schemas/{}{}", event.name, language.suffix()),
            value: payload_schema(catalog, event, *language),
        })
    });
    files.collect()
}

/// Types that no event reaches are in no schema; settings and sources are not either.
fn comparable(catalog: &Catalog, like: &Catalog) -> Value {
    let mut catalog = catalog.clone();
    catalog.settings = like.settings.clone();
    let reached: Vec<_> = catalog
        .events
        .values()
        .flat_map(|event| catalog.reachable(&event.payload).into_keys().cloned().collect::<Vec<_>>())
        .collect();
    catalog.types.retain(|name, _| reached.contains(name));
    for event in catalog.events.values_mut() {
        event.source.clear();
    }
    let mut json = serial::to_json(&catalog);
    leave_out_safe_bounds(&mut json);
    json
}

/// A bound that every integer has means nothing, and a schema spells it in any case.
fn leave_out_safe_bounds(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("type").is_some_and(|ty| ty == "integer") {
                let is_safe = |key: &str, value: &Value| {
                    key == "min" && *value == -SAFE_INTEGER || key == "max" && *value == SAFE_INTEGER
                };
                members.retain(|key, value| !is_safe(key, value));
            }
            members.values_mut().for_each(leave_out_safe_bounds);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out_safe_bounds),
        _ => {} // Holds no type.
    }
}

/// The first place where two values differ: whole catalogs are too long to read.
fn difference(found: &Value, expected: &Value) -> String {
    match (found, expected) {
        (Value::Object(left), Value::Object(right)) if left.keys().eq(right.keys()) => {
            let different = left.iter().find(|(key, value)| right.get(*key) != Some(value));
            different.map_or_else(String::new, |(key, value)| format!("/{key}{}", difference(value, &right[key])))
        }
        _ => format!(": found {found}, expected {expected}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_catalog_comes_back_from_the_schemas_of_listeners_and_publishers(catalog in arbitrary::catalog()) {
        let imported = import(&documents(&catalog, &[Language::Reader, Language::Intake]));
        prop_assert_eq!(&imported.refusals, &[]);
        prop_assert_eq!(&imported.losses, &[]);
        let (expected, found) = (comparable(&catalog, &catalog), comparable(&imported.catalog, &catalog));
        prop_assert!(found == expected, "{}", difference(&found, &expected));
    }
}
