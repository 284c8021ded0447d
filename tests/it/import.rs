//! `growset import`: schemas in, contracts out that pass, or nothing at all.

use crate::workplace::Workplace;

const SCHEMA: &str = r#"{ "$schema": "http://json-schema.org/draft-07/schema#", "title": "Order shipped", "type": "object",
    "properties": { "orderId": { "type": "string", "description": "Which order." }, "parts": { "type": ["string", "integer"] } },
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
    let schemas = crate::workplace::repository().join("generated/schemas");
    let workplace = Workplace::new();
    let schemas = schemas.to_str().expect("is UTF-8");
    let answer = workplace.growset(&["import", "json-schema", schemas, "--format", "json"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    assert!(answer.out.contains(r#""losses": []"#), "{}", answer.out);
}
