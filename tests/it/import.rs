//! `growset import`: schemas in, contracts out that pass, or nothing at all.

use std::collections::BTreeSet;
use std::path::Path;

use growset_model::{Catalog, Event, Settings, TypeName, serial};
use serde_json::Value;

use crate::catalogs::read_folder;
use crate::workplace::Workplace;

const SCHEMA: &str = r#"{ "$schema": "http://json-schema.org/draft-07/schema#", "title": "Order shipped", "type": "object",
    "properties": { "orderId": { "type": "string", "description": "Which order." }, "parts": { "enum": ["all", 1] } },
    "required": ["orderId"] }"#;

#[test]
fn imported_contracts_pass_the_check_and_losses_are_told() {
    let workplace = Workplace::new();
    workplace.write("schemas/order.shipped.json", SCHEMA);
    let dry = workplace.growset(&["import", "json-schema", "schemas", "--name", "{stem}", "--dry-run"]);
    assert_eq!((dry.code, workplace.exists("contracts")), (0, false), "{dry:?}");
    assert!(dry.out.contains("schemas/order.shipped.json#/properties/parts: carried-whole"), "{dry:?}");
    let strict = workplace.growset(&["import", "json-schema", "schemas", "--name", "{stem}", "--strict"]);
    assert_eq!((strict.code, workplace.exists("contracts")), (2, false), "{strict:?}");
    let answer = workplace.growset(&["import", "json-schema", "schemas", "--name", "{stem}"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(workplace.read("contracts/order/order.shipped.yaml").contains("event: order.shipped"));
    assert_eq!(workplace.growset(&["check"]).code, 0);
    let again = workplace.growset(&["import", "json-schema", "schemas", "--name", "{stem}"]);
    assert_eq!(again.code, 1, "{again:?}");
}

#[test]
fn bad_sources_are_refused_with_their_place_and_nothing_is_written() {
    for (text, told) in [
        ("{", "is no JSON"),
        (r#"{ "type": "object", "properties": { "a": { "$ref": "https://x.example/y" } } }"#, "#/properties/a"),
    ] {
        let workplace = Workplace::new();
        workplace.write("a.b.json", text);
        let answer = workplace.growset(&["import", "json-schema", "a.b.json"]);
        assert_eq!((answer.code, workplace.exists("contracts")), (2, false), "{answer:?}");
        assert!(answer.out.contains(told), "{answer:?}");
    }
}

#[test]
fn the_schemas_of_the_demo_come_back_as_its_contracts() {
    let repository = crate::workplace::repository();
    let workplace = Workplace::new();
    let schemas = repository.join("generated/schemas");
    let schemas = schemas.to_str().expect("is UTF-8");
    let answer = workplace.growset(&["import", "json-schema", schemas, "--format", "json", "--strict"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    let catalog = |folder: &Path| read_folder(folder).expect("the contracts are valid").catalog;
    let demo = comparable(catalog(&repository.join("contracts")));
    let imported = comparable(catalog(&workplace.path("contracts")));
    for (name, event) in demo["events"].as_object().expect("events have names") {
        assert_eq!(imported["events"][name], *event, "{name}");
    }
    assert_eq!(imported, demo);
}

/// What schemas say of a catalog: neither its settings nor how its files are called, nor types that no event reaches.
fn comparable(mut catalog: Catalog) -> Value {
    catalog.settings = Settings::default();
    let reached = |event: &Event| catalog.reachable(&event.payload).into_keys().cloned().collect::<Vec<_>>();
    let reached: BTreeSet<TypeName> = catalog.events.values().flat_map(reached).collect();
    catalog.types.retain(|name, _| reached.contains(name));
    catalog.events.values_mut().for_each(|event| event.source.clear());
    serial::to_json(&catalog)
}

#[test]
fn a_bad_file_is_told_of_and_left_out_with_those_that_refer_to_it() {
    let workplace = Workplace::new();
    workplace.write("schemas/order.shipped.json", SCHEMA);
    workplace.write("schemas/order.lost.json", r##"{ "type": "object", "properties": { "a": { "$ref": "#/no" } } }"##);
    let using = r#"{ "type": "object", "properties": { "a": { "$ref": "order.lost.json#/properties/a" } } }"#;
    workplace.write("schemas/order.found.json", using);
    workplace.write("schemas/broken.json", "{");
    let import = ["import", "json-schema", "schemas", "--name", "{stem}"];
    let strict = workplace.growset(&[&import[..], &["--strict"]].concat());
    assert_eq!((strict.code, workplace.exists("contracts")), (2, false), "{strict:?}");
    let answer = workplace.growset(&import);
    assert_eq!(answer.code, 2, "{answer:?}");
    for told in [
        "schemas/broken.json: is no JSON",
        "schemas/order.lost.json#/properties/a: `$ref`",
        "schemas/order.found.json#/properties/a: refers to schemas/order.lost.json, which is refused",
    ] {
        assert!(answer.out.contains(told), "{told}: {answer:?}");
    }
    assert!(answer.err.contains("3 files left out"), "{answer:?}");
    assert!(workplace.exists("contracts/order/order.shipped.yaml"));
    assert!(!workplace.exists("contracts/order/order.found.yaml"));
    assert_eq!(workplace.growset(&["check"]).code, 0);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_back_is_reported_once_and_not_followed() {
    let workplace = Workplace::new();
    workplace.write("schemas/order.shipped.json", SCHEMA);
    std::os::unix::fs::symlink("..", workplace.path("schemas/round")).expect("can be linked");
    let answer = workplace.growset(&["import", "json-schema", "schemas", "--name", "{stem}", "--dry-run"]);
    assert_eq!(answer.code, 2, "{answer:?}");
    assert_eq!(answer.out.matches("leads back to a folder that holds it").count(), 1, "{answer:?}");
    assert!(answer.out.contains("schemas/round"), "{answer:?}");
}
