//! The generated schemas, as those who validate with them find them.

use growset_codegen::{Artifact, Surroundings, generate};
use growset_model::{Catalog, Sources, arbitrary, fill};
use proptest::prelude::*;
use serde_json::Value;

use crate::catalogs::read_folder;
use crate::typescript::hostile;
use crate::workplace::repository;

fn schemas(catalog: &Catalog) -> Vec<Artifact> {
    let made = generate(catalog, &Sources::default(), growset_derive::BUILT_IN, &Surroundings::default())
        .expect("the catalog has no errors");
    made.into_iter().filter(|(target, _)| *target == "schemas").flat_map(|(_, schemas)| schemas).collect()
}

/// Parsed, held to the meta-schema, and compiled with nothing but itself at hand.
fn compile(artifact: &Artifact) -> Result<(Value, jsonschema::Validator), String> {
    let about = |error: &dyn std::fmt::Display| format!("{}: {error}", artifact.path);
    let schema: Value = serde_json::from_str(&artifact.text).map_err(|error| about(&error))?;
    jsonschema::draft202012::meta::validate(&schema).map_err(|error| about(&error))?;
    let validator = jsonschema::draft202012::new(&schema).map_err(|error| about(&error))?;
    Ok((schema, validator))
}

#[test]
fn every_schema_stands_alone_and_takes_its_own_examples() {
    let reading = read_folder(&repository().join("contracts")).expect("the contracts are sound");
    for artifact in schemas(&reading.catalog) {
        let (schema, validator) = compile(&artifact).expect("the schema is valid");
        let stem = artifact.path.strip_prefix("schemas/").unwrap_or_default();
        assert_eq!(schema["$id"], format!("https://events.example.com/schemas/{stem}"));
        let examples = schema["examples"].as_array().expect("every event has examples");
        assert!(examples.iter().all(|example| validator.is_valid(example)), "{}", artifact.path);
    }
}

#[test]
fn a_hostile_text_is_seen_in_every_json_file() {
    let (catalog, _) = hostile::catalog();
    let made = generate(&catalog, &Sources::default(), growset_derive::BUILT_IN, &Surroundings::default());
    let files = made.expect("the catalog has no errors").into_iter().flat_map(|(_, artifacts)| artifacts);
    for file in files.filter(|file| file.path.ends_with(".json")) {
        assert!(!file.text.contains(['\u{2028}', '\u{2029}', '\u{202e}', '\u{2066}']), "{}", file.path);
    }
}

#[test]
fn what_the_server_streams_is_for_listeners_and_not_for_publishers() {
    let reading = read_folder(&repository().join("contracts")).expect("the contracts are sound");
    let schemas = schemas(&reading.catalog);
    let validator = |path: &str| {
        let artifact = schemas.iter().find(|artifact| artifact.path == path).expect("the schema is made");
        compile(artifact).expect("the schema is valid").1
    };
    let event = reading.catalog.events.values().find(|event| event.name.as_str() == "order.created");
    let event = event.expect("the event is in the catalog");
    let mut streamed = event.examples[0].value.clone();
    fill(&reading.catalog, &event.payload, growset_derive::BUILT_IN, &mut streamed);
    assert!(validator("schemas/order.created.json").is_valid(&streamed));
    assert!(!validator("schemas/order.created.publish.json").is_valid(&streamed));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_catalog_makes_valid_schemas(catalog in arbitrary::catalog()) {
        for artifact in schemas(&catalog) {
            prop_assert_eq!(compile(&artifact).err(), None);
        }
    }
}
