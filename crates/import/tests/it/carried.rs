//! What a schema says by the rules of its own draft, held against what was imported.

use growset_import::{Document, Import, Options, history, json_schema};
use growset_model::{Audience, Language, bare_payload_schema};
use serde_json::{Value, json};

const OPTIONS: Options = Options { name: None, audience: Audience::Org, owner: None, draft: None };

fn import(schema: Value) -> Import {
    json_schema(&[Document { path: "a.b.json".to_owned(), value: schema }], &OPTIONS)
}

/// Whether listeners take a value of the property `c`, and what was told of it.
#[track_caller]
fn takes(draft: &str, property: Value, value: Value) -> (bool, Vec<String>) {
    let import = import(json!({ "$schema": format!("http://json-schema.org/{draft}/schema#"), "type": "object",
        "properties": { "c": property }, "additionalProperties": false }));
    let event = import.catalog.events.values().next().expect("there is an event");
    let schema = bare_payload_schema(&import.catalog, event, Language::Reader);
    let judge = jsonschema::draft202012::new(&schema).expect("what is generated is a schema");
    let told = import.losses.iter().map(|loss| format!("{} {} {}", loss.pointer, loss.construct, loss.done));
    (judge.is_valid(&json!({ "c": value })), told.collect())
}

/// An object among others, so that a property is carried whole.
fn mixed(mut also: Value) -> Value {
    also["type"] = json!(["object", "string"]);
    also["properties"] = json!({ "z": { "type": "string" } });
    also
}

#[test]
fn a_pattern_that_is_left_out_never_makes_a_negation_stricter() {
    let ahead = json!({ "pattern": "^(?=x)" });
    let (is_taken, told) = takes("draft-07", mixed(json!({ "not": ahead })), json!("yy"));
    assert!(is_taken && told.contains(&"/properties/c not widened".to_owned()), "{told:?}");
    let condition = mixed(json!({ "if": ahead, "then": { "minLength": 5 } }));
    assert!(takes("draft-07", condition, json!("yy")).0);
    let object = json!({ "type": "object", "properties": { "z": { "type": "string" } } });
    let cases =
        json!({ "oneOf": [object, { "type": "string", "pattern": "^(?!x)" }, { "type": "string", "pattern": "^x" }] });
    assert!(takes("draft-07", cases, json!("xx")).0);
}

#[test]
fn formats_and_whole_numbers_of_old_drafts_tell_no_cases_apart() {
    let object = json!({ "type": "object", "properties": { "z": { "type": "string" } } });
    let formats = json!({ "oneOf": [object, { "format": "ipv4" }, { "type": "string", "format": "ipv6" }] });
    assert!(takes("draft-07", formats, json!("::1")).0);
    let numbers = json!({ "oneOf": [object, { "type": "integer" }, { "type": "number", "maximum": 5 }] });
    assert!(takes("draft-04", numbers.clone(), json!(2.0)).0);
    assert!(!takes("draft-07", numbers, json!(2.0)).0, "is an integer since draft-06, and of two cases");
}

#[test]
fn dependencies_of_old_drafts_are_carried_by_their_new_names() {
    let depends = mixed(json!({ "dependencies": { "a": ["b"], "q": { "required": ["r"] } } }));
    assert!(!takes("draft-07", depends.clone(), json!({ "a": 1 })).0);
    assert!(!takes("draft-07", depends.clone(), json!({ "q": 1 })).0);
    let both = mixed(json!({ "dependencies": { "a": ["b"] }, "dependentRequired": { "a": ["c"] } }));
    assert!(!takes("draft/2019-09", both.clone(), json!({ "a": 1, "c": 1 })).0);
    assert!(!takes("draft/2019-09", both, json!({ "a": 1, "b": 1 })).0);
    let cases = json!({ "oneOf": [{ "type": "string" }, depends, { "type": "object", "required": ["a"] }] });
    assert!(takes("draft-07", cases, json!({ "a": 1 })).0);
}

#[test]
fn keywords_of_other_drafts_mean_nothing_and_are_told_of() {
    for (draft, property, value, keyword) in [
        ("draft-04", json!({ "type": "integer", "const": 5 }), json!(6), "const"),
        ("draft-04", json!({ "const": "x" }), json!("y"), "const"),
        ("draft-06", mixed(json!({ "if": { "type": "string" }, "then": false })), json!("y"), "if"),
        ("draft-07", mixed(json!({ "unevaluatedProperties": false })), json!({ "q": 1 }), "unevaluatedProperties"),
        ("draft-07", mixed(json!({ "dependentRequired": { "z": ["q"] } })), json!({ "z": "1" }), "dependentRequired"),
    ] {
        let (is_taken, told) = takes(draft, property, value);
        assert!(is_taken && told.contains(&format!("/properties/c {keyword} dropped")), "{keyword}: {told:?}");
    }
}

#[test]
fn a_property_that_is_spelled_like_a_keyword_is_carried_as_it_is() {
    let schema =
        json!({ "type": ["object", "string"], "properties": { "definitions": { "const": { "minimum": 1e300 } } } });
    assert!(takes("draft-07", schema.clone(), json!({ "definitions": { "minimum": 1e300 } })).0);
    assert!(!takes("draft-07", schema, json!({ "definitions": {} })).0);
}

#[test]
fn a_schema_with_definitions_that_says_anything_is_an_event() {
    let definitions = json!({ "M": { "type": "string" } });
    for said in ["required", "patternProperties", "if", "not", "enum", "const", "minProperties", "propertyNames"] {
        let value = match said {
            "required" | "enum" => json!(["x"]),
            "minProperties" => json!(1),
            _ => json!({}),
        };
        let root = json!({ "title": "order.a", said: value, "definitions": definitions });
        assert_eq!(import(root).catalog.events.len(), 1, "{said}");
    }
    let types = json!({ "title": "Types.", "description": "Of all.", "version": 3, "definitions": definitions });
    assert_eq!(import(types).shared, ["a.b.json"]);
}

#[test]
fn cases_that_hold_themselves_come_to_an_end() {
    let cases = json!([{ "properties": { "a": { "type": "string" } } }, { "$ref": "#" }, { "type": "null" }]);
    let import = import(json!({ "type": "object", "properties": { "n": { "oneOf": cases } } }));
    assert_eq!(import.refusals, []);
    assert!(import.losses.iter().any(|loss| loss.note.starts_with("holds itself")), "{:?}", import.losses);
    let contract = growset_model::serial::to_json(&import.catalog).to_string();
    assert!(contract.len() < 3000, "{} bytes of a schema of three levels", contract.len());
}

#[test]
fn an_enum_without_a_value_that_all_agree_on_is_json() {
    let case = |tag: &str| json!({ "type": "object", "properties": { "tag": { "enum": [tag] } }, "required": ["tag"] });
    let both = json!({ "type": "object", "allOf": [{ "anyOf": [case("x"), case("y")] }, case("z")] });
    let import = import(json!({ "type": "object", "properties": { "n": both } }));
    let contract = growset_model::serial::to_json(&import.catalog).to_string();
    assert!(import.refusals.is_empty() && !contract.contains(r#""values":{}"#), "{contract}");
    assert!(import.losses.iter().any(|loss| loss.note.starts_with("has no value")), "{:?}", import.losses);
}

#[test]
fn a_dynamic_anchor_is_an_anchor() {
    let node = json!({ "$dynamicAnchor": "node", "type": "string" });
    let import =
        import(json!({ "type": "object", "properties": { "a": { "$ref": "#node" } }, "$defs": { "Node": node } }));
    assert_eq!((import.refusals, import.catalog.types.len()), (vec![], 1));
}

#[test]
fn revisions_of_one_title_are_told_apart_by_the_versions_in_their_files_names() {
    let schema = json!({ "title": "order.x", "type": "object", "properties": { "a": { "type": "boolean" } } });
    for paths in [["order.x.v1.0.json", "order.x.v1.1.json"], ["order.x/1-0-0.json", "order.x/1-0-1.json"]] {
        let documents = paths.map(|path| Document { path: path.to_owned(), value: schema.clone() });
        let releases = history(&documents, &OPTIONS, &[]);
        let newest = releases.last().expect("there is a newest one");
        assert_eq!((releases.len(), newest.refusals.len(), newest.superseded.len()), (2, 0, 1), "{paths:?}");
        assert_eq!(newest.catalog.events.keys().map(|name| name.as_str()).collect::<Vec<_>>(), ["order.x"]);
    }
}

#[test]
fn the_items_of_a_tuple_are_told_of_where_they_stand() {
    let schema = json!({ "type": "array", "items": [{ "pattern": "^a" }], "additionalItems": false });
    let told = takes("draft-07", schema, json!([])).1;
    assert_eq!(told, ["/properties/c/items/0 type narrowed"]);
}

#[test]
fn a_pattern_that_is_none_is_left_out_for_that_reason() {
    for (pattern, expected) in
        [("(", "it holds no regular expression"), ("^(?!x)", "engines read it differently, or slowly")]
    {
        let import = import(
            json!({ "type": "object", "properties": { "c": mixed(json!({ "patternProperties": { pattern: true } })) } }),
        );
        let note =
            import.losses.iter().find(|loss| loss.construct == "patternProperties").map(|loss| loss.note.as_str());
        assert_eq!(note, Some(&*format!("is left out of what is carried whole: {expected}")));
    }
}
