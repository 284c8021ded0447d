//! `growset import`: schemas in, contracts out that pass, or nothing at all.

use std::collections::{BTreeMap, BTreeSet};
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
    assert_eq!(again.code, 2, "{again:?}");
    workplace.write("taken/file", "");
    let taken = workplace.growset(&["import", "json-schema", "schemas", "--out", "taken"]);
    assert_eq!(taken.code, 1, "{taken:?}");
}

#[test]
fn bad_sources_are_refused_with_their_place_and_nothing_is_written() {
    for (text, told) in [
        ("{", "cannot be read as JSON"),
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
        "schemas/broken.json: cannot be read as JSON",
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

/// What `check` refuses is refused of its source, whatever it is.
#[test]
fn one_bad_schema_never_blocks_the_others() {
    let workplace = Workplace::new();
    workplace.write("schemas/order.shipped.json", SCHEMA);
    workplace.write("schemas/event.json", r#"{ "type": "object", "properties": { "a": { "type": "string" } } }"#);
    workplace.write("schemas/order.nulls.json", r#"{ "type": "object", "properties": { "a": { "oneOf": [] } } }"#);
    let circle = r##"{ "type": "object", "required": ["t"], "properties": { "t": { "$ref": "#/$defs/Round" } },
        "$defs": { "Round": { "type": "object", "required": ["r"], "properties": { "r": { "$ref": "#/$defs/Round" } } } } }"##;
    workplace.write("schemas/order.endless.json", circle);
    workplace.write("schemas/con.nul.json", r#"{ "type": "object", "properties": { "a": true } }"#);
    let import = ["import", "json-schema", "schemas", "--name", "{stem}"];
    let answer = workplace.growset(&import);
    assert_eq!(answer.code, 2, "{answer:?}");
    for told in [
        "error: schemas/event.json: its contract would not pass `growset check`",
        "error: schemas/order.nulls.json#/properties/a: `oneOf` is []",
        "error: schemas/order.endless.json#/$defs/Round: its contract would not pass",
        "error: schemas/con.nul.json: event name `con.nul` starts with `con`, which Windows keeps",
        "5 files: 0 without loss, 0 with notes, 1 with a part carried whole, 4 refused",
    ] {
        assert!(answer.out.contains(told), "{told}: {answer:?}");
    }
    assert!(!answer.err.contains("-->") && !answer.out.contains("-->"), "{answer:?}");
    assert!(workplace.exists("contracts/order/order.shipped.yaml"));
    assert_eq!(workplace.growset(&["check"]).code, 0);
    let json = workplace.growset(&[&import[..], &["--out", "again", "--format", "json"]].concat());
    let report: Value = serde_json::from_str(&json.out).expect("is JSON");
    assert_eq!(report["refusals"].as_array().map(Vec::len), Some(4), "{report:#}");
    assert_eq!(report["files"]["refused"], 4);
}

#[test]
fn contracts_come_in_beside_those_that_are_there() {
    let workplace = Workplace::new();
    assert_eq!(workplace.growset(&["init"]).code, 0);
    let before = workplace.tree("contracts");
    workplace.write("schemas/order.shipped.json", SCHEMA);
    let answer = workplace.growset(&["import", "json-schema", "schemas", "--name", "{stem}", "--owner", "orders"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(workplace.exists("contracts/order/order.shipped.yaml"));
    assert_eq!(workplace.growset(&["check"]).code, 0);
    let kept = workplace.tree("contracts").into_iter().filter(|(path, _)| before.contains_key(path));
    assert_eq!(kept.collect::<BTreeMap<_, _>>(), before);
    workplace.write("schemas/order.created.json", SCHEMA);
    let after = workplace.tree("contracts");
    for flags in [&["--dry-run"][..], &[]] {
        let answer = workplace.growset(&[&["import", "json-schema", "schemas", "--name", "{stem}"], flags].concat());
        assert_eq!(answer.code, 2, "{answer:?}");
        let told = "schemas/order.shipped.json: its contract would be contracts/order/order.shipped.yaml, which exists already";
        assert!(answer.out.contains(told), "{answer:?}");
        assert!(answer.out.contains("error: schemas/order.created.json: its contract would not pass"), "{answer:?}");
        assert_eq!(workplace.tree("contracts"), after);
    }
}

#[test]
fn what_an_interrupted_import_left_is_cleared_by_the_next_one() {
    let workplace = Workplace::new();
    workplace.write("schemas/order.shipped.json", SCHEMA);
    workplace.write(".growset/new-left/contracts/a.yaml", "");
    assert_eq!(workplace.growset(&["import", "json-schema", "schemas", "--name", "{stem}"]).code, 0);
    assert!(!workplace.exists(".growset/new-left"));
    assert!(workplace.exists(".growset/.gitignore"));
}

#[test]
fn files_that_are_not_named_like_schemas_get_a_word_and_those_that_say_so_come_in() {
    let workplace = Workplace::new();
    let schema =
        r#"{ "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": { "a": true } }"#;
    for file in ["order.a.schema", "order.b.JSON", "order.c", "order.d.txt"] {
        workplace.write(&format!("schemas/{file}"), schema);
    }
    workplace.write("schemas/README.md", "Ours.");
    workplace.write("schemas/notes", "{ not JSON");
    workplace.write("schemas/twice.json", r#"{ "type": "object", "properties": { "a": true, "a": false } }"#);
    let answer = workplace.growset(&["import", "json-schema", "schemas", "--name", "{stem}"]);
    assert_eq!(answer.code, 2, "{answer:?}");
    assert!(answer.out.contains("\n4 events, "), "{answer:?}");
    for told in [
        "schemas/README.md: passed over: is not named like a schema",
        "schemas/notes: passed over: is not named like a schema",
        "error: schemas/twice.json#/properties/a: this key stands twice with two values",
    ] {
        assert!(answer.out.contains(told), "{told}: {answer:?}");
    }
}

#[test]
fn an_owner_has_a_name() {
    let workplace = Workplace::new();
    workplace.write("schemas/order.shipped.json", SCHEMA);
    let answer = workplace.growset(&["import", "json-schema", "schemas", "--name", "{stem}", "--owner", ""]);
    assert_eq!((answer.code, workplace.exists("contracts")), (1, false), "{answer:?}");
}

#[test]
fn names_that_had_to_be_changed_are_told() {
    let workplace = Workplace::new();
    workplace.write("schemas/a.json", SCHEMA);
    let answer = workplace.growset(&["import", "json-schema", "schemas", "--name", "shop.{title}"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    let told = "schemas/a.json: \"shop.Order shipped\" is no name of an event, and becomes `shop.order_shipped`";
    assert!(answer.out.contains(told), "{answer:?}");
}

#[test]
fn the_descriptions_of_the_demo_come_back_as_its_contracts() {
    let repository = crate::workplace::repository();
    let shown = |below: &str| repository.join(below).to_str().expect("is UTF-8").to_owned();
    let mut demo = read_folder(&repository.join("contracts")).expect("the contracts are valid").catalog;
    demo.events.retain(|_, event| !event.is_draft()); // Descriptions are of what is served.
    let demo = comparable(demo);
    for (api, file) in [("asyncapi", "generated/asyncapi.json"), ("openapi", "generated/openapi.json")] {
        let workplace = Workplace::new();
        let answer = workplace.growset(&["import", api, &shown(file), &shown("generated/schemas"), "--strict"]);
        assert_eq!(answer.code, 0, "{api}: {}{}", answer.out, answer.err);
        let imported = comparable(read_folder(&workplace.path("contracts")).expect("they are valid").catalog);
        for (name, event) in demo["events"].as_object().expect("events have names") {
            assert_eq!(imported["events"][name], *event, "{api}: {name}");
        }
        assert_eq!(imported, demo, "{api}");
    }
}

#[test]
fn an_audit_says_unchanged_of_what_is_unchanged_alone() {
    for (from, to, keyword) in [
        (r#"{ "const": true }"#, r#"{ "const": false }"#, "const"),
        (r#"{ "type": ["string", "integer"] }"#, r#"{ "type": ["string", "boolean"] }"#, "type"),
        (r#"{ "type": "number" }"#, r#"{ "type": "number", "multipleOf": 5 }"#, "multipleOf"),
        (r#"{ "type": "string" }"#, r#"{ "type": "string", "format": "ipv4" }"#, "format"),
        (r#"{ "type": "number", "minimum": 1 }"#, r#"{ "type": "number", "exclusiveMinimum": 1 }"#, "exclusiveMinimum"),
    ] {
        let workplace = Workplace::new();
        for (version, property) in [("v1.0", from), ("v1.1", to), ("v1.2", to)] {
            let schema =
                format!(r#"{{ "type": "object", "title": "{version}", "properties": {{ "a": {property} }} }}"#);
            workplace.write(&format!("schemas/order.x.{version}.json"), schema);
        }
        let answer = workplace.growset(&["audit", "schemas", "--name", "{stem}"]);
        assert_eq!(answer.code, 0, "{answer:?}");
        let told = format!("differs in `{keyword}` at /properties/a, which is not judged");
        assert!(answer.out.contains(&told), "{told}: {answer:?}");
        assert!(answer.out.contains("2 steps: 1 unchanged, 1 unchanged as far as a contract can say"), "{answer:?}");
    }
}

#[test]
fn an_audit_never_says_that_a_loss_changes_nothing() {
    const BOUND: &str = "`minimum` at /properties/a, which is not judged: widened: `exclusiveMinimum`";
    for (from, to, told) in [
        (
            r#"{ "type": ["string", "integer"], "maxLength": 3 }"#,
            r#"{ "type": ["string", "integer"], "maxLength": 300 }"#,
            "`maxLength` at /properties/a, which is not judged: widened: `type`",
        ),
        (
            r##"{ "anyOf": [{ "$ref": "#/$defs/S" }, { "type": "integer" }] }"##,
            r##"{ "anyOf": [{ "$ref": "#/$defs/L" }, { "type": "integer" }] }"##,
            "`maxLength` at /$defs/L, which is not judged: widened: `anyOf` mixes",
        ),
        (r#"{ "type": "number", "minimum": 1 }"#, r#"{ "type": "number", "exclusiveMinimum": 1 }"#, BOUND),
        (r#"{ "not": { "minimum": 5 } }"#, r#"{ "not": { "minimum": 6 } }"#, "which is not judged: widened: `not`"),
    ] {
        let workplace = Workplace::new();
        for (version, property) in [("v1.0", from), ("v1.1", to)] {
            let lengths = r#""S": { "type": "string", "maxLength": 3 }, "L": { "type": "string", "maxLength": 9 }"#;
            let schema =
                format!(r#"{{ "type": "object", "properties": {{ "a": {property} }}, "$defs": {{ {lengths} }} }}"#);
            workplace.write(&format!("schemas/order.x.{version}.json"), schema);
        }
        let answer = workplace.growset(&["audit", "schemas"]);
        assert!(answer.out.contains(told) && !answer.out.contains("changes nothing"), "{told}: {answer:?}");
    }
}

#[test]
fn an_audit_knows_values_by_what_they_are() {
    let workplace = Workplace::new();
    for (version, values) in [("v1.0", "[1, 2, 3]"), ("v1.1", "[1, 2, 3.0]"), ("v1.2", "[3, 2, 1]")] {
        let schema = format!(r#"{{ "type": "object", "properties": {{ "a": {{ "enum": {values} }} }} }}"#);
        workplace.write(&format!("schemas/order.x.{version}.json"), schema);
    }
    let answer = workplace.growset(&["audit", "schemas"]);
    assert!(answer.out.ends_with("2 steps: 2 unchanged\n"), "{answer:?}");
    assert!(!answer.out.contains("differs"), "{answer:?}");
}

#[test]
fn an_audit_of_nothing_is_no_clean_one() {
    let workplace = Workplace::new();
    workplace.write("schemas/README.md", "None yet.");
    for format in ["text", "json"] {
        let answer = workplace.growset(&["audit", "schemas", "--format", format]);
        assert_eq!(answer.code, 2, "{answer:?}");
        assert!(answer.err.contains("nothing was audited: no event could be read"), "{answer:?}");
    }
}

#[test]
fn json_that_is_nested_too_deep_is_refused_at_its_place() {
    let workplace = Workplace::new();
    let schema = format!("{}true{}", r#"{"items":"#.repeat(200), "}".repeat(200));
    workplace.write("schemas/order.deep.json", schema);
    let answer = workplace.growset(&["import", "json-schema", "schemas"]);
    let told = format!(
        "error: schemas/order.deep.json#{}: cannot be read as JSON: values are nested deeper",
        "/items".repeat(126)
    );
    assert!(answer.code == 2 && answer.out.contains(&told), "{answer:?}");
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

#[test]
fn a_file_of_50_mb_is_refused_at_once_and_the_others_come_in() {
    let workplace = Workplace::new();
    workplace.write("schemas/order.shipped.json", SCHEMA);
    let property = format!(r#""p": {{ "type": "string", "description": "{}" }},"#, "x".repeat(1 << 20));
    let huge = format!(r#"{{ "type": "object", "properties": {{ {} "q": {{}} }} }}"#, property.repeat(50));
    workplace.write("schemas/order.huge.json", huge);
    let answer = workplace.growset(&["import", "json-schema", "schemas", "--name", "{stem}"]);
    assert_eq!(answer.code, 2, "{answer:?}");
    assert!(answer.out.contains("schemas/order.huge.json: cannot be read: it is larger than 16 MiB"), "{answer:?}");
    assert!(workplace.exists("contracts/order/order.shipped.yaml"));
}

#[test]
fn ten_thousand_files_come_in_and_twice_as_many_and_one_are_refused() {
    let workplace = Workplace::new();
    for number in 0..10_000 {
        let id = r##"{ "id": { "$ref": "../id.json" } }"##;
        let schema = format!(r#"{{ "type": "object", "description": "Number {number}.", "properties": {id} }}"#);
        workplace.write(&format!("schemas/few/shop.event_{number}.json"), schema);
    }
    workplace.write("schemas/id.json", r#"{ "type": "string", "maxLength": 40 }"#);
    let answer = workplace.growset(&["import", "json-schema", "schemas"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(answer.out.contains("10000 events, 1 named type"), "{}", answer.out.lines().last().unwrap_or_default());
    assert_eq!(workplace.tree("contracts").len(), 10_002);
    for number in 0..10_000 {
        workplace.write(&format!("schemas/more/{number}.json"), "{}");
    }
    let answer = workplace.growset(&["import", "json-schema", "schemas", "--out", "again"]);
    assert_eq!((answer.code, workplace.exists("again")), (2, false), "{answer:?}");
    assert!(answer.out.contains("20001 files are more than 20000; import a folder at a time"), "{answer:?}");
}

#[test]
fn broken_yaml_is_refused_with_its_line() {
    let workplace = Workplace::new();
    workplace.write("broken.yaml", "asyncapi: 2.6.0\nchannels: {\n");
    workplace.write("twice.yaml", "asyncapi: 2.6.0\nchannels: {}\nchannels: {}\n");
    for (file, line) in [("broken.yaml", "line 2 column 11"), ("twice.yaml", "line 3 column 1")] {
        let answer = workplace.growset(&["import", "asyncapi", file]);
        assert_eq!((answer.code, workplace.exists("contracts")), (2, false), "{answer:?}");
        assert!(answer.out.contains(&format!("{file}: is no YAML: ")) && answer.out.contains(line), "{answer:?}");
    }
}

/// Schemas and descriptions as the guide speaks of them.
fn team() -> Workplace {
    let fixtures = crate::workplace::repository().join("tests/fixtures/import");
    let workplace = Workplace::new();
    for (from, to) in [
        ("history/schemas/order.created.v1.0.json", "schemas/order.created.v1.0.json"),
        ("drafts/schemas/a.seven.json", "schemas/a.seven.json"),
        ("drafts/schemas/types/money.json", "schemas/types/money.json"),
        ("openapi-3.1/openapi.json", "openapi.json"),
    ] {
        workplace.write(to, std::fs::read(fixtures.join(from)).expect("can be read"));
    }
    let payload = "{ type: object, properties: { id: { type: string } } }";
    workplace.write(
        "asyncapi.yaml",
        format!(
            "asyncapi: 3.0.0\nchannels: {{}}\ncomponents: {{ messages: {{ order.sent: {{ payload: {payload} }} }} }}\n"
        ),
    );
    let content = format!("{{ data: {{ contentSchema: {payload} }}, event: {{ const: order.sent }} }}");
    let answer = format!("{{ content: {{ text/event-stream: {{ itemSchema: {{ properties: {content} }} }} }} }}");
    workplace.write(
        "openapi.yaml",
        format!("openapi: 3.2.0\npaths: {{ /events: {{ get: {{ responses: {{ \"200\": {answer} }} }} }} }}\n"),
    );
    workplace
}

#[test]
fn what_the_readme_says_to_run_on_schemas_works() {
    let readme = std::fs::read_to_string(crate::workplace::repository().join("README.md")).expect("can be read");
    let section = readme.split("## You already have schemas").nth(1).expect("the README has the section");
    let block = section.split("```").nth(1).expect("the section has a block");
    let workplace = team();
    let mut commands = 0;
    for line in block.lines().filter(|line| line.starts_with("growset ")) {
        let command = line.split(" #").next().unwrap_or(line);
        let answer = workplace.growset(&command.split_whitespace().skip(1).collect::<Vec<_>>());
        assert_eq!(answer.code, 0, "{line}\n{answer:?}");
        commands += 1;
    }
    assert_eq!(commands, 4);
    assert_eq!(workplace.growset(&["check"]).code, 0);
}

#[test]
fn what_the_guide_says_to_run_works() {
    let guide = crate::workplace::repository().join("crates/cli/pages/import.md");
    let guide = std::fs::read_to_string(guide).expect("can be read");
    let spoken = guide.split('`').skip(1).step_by(2);
    let commands: Vec<&str> =
        spoken.filter(|code| code.starts_with("growset import ") || code.starts_with("growset audit ")).collect();
    assert!(commands.len() >= 5, "{commands:?}");
    for command in commands {
        let answer = team().growset(&command.split_whitespace().skip(1).collect::<Vec<_>>());
        assert_eq!(answer.code, 0, "{command}\n{answer:?}");
    }
}
