//! Schemas that others wrote.

use growset_import::{Document, Done, Import, Options, json_schema};
use growset_model::{Audience, serial};
use serde_json::{Value, json};

#[track_caller]
fn import(schemas: &[(&str, Value)]) -> Import {
    let documents = schemas.iter().map(|(path, value)| Document { path: (*path).to_owned(), value: value.clone() });
    let options = Options { name: None, audience: Audience::Org, owner: None, draft: None };
    json_schema(&documents.collect::<Vec<_>>(), &options)
}

fn field(import: &Import, name: &str) -> Value {
    let catalog = serial::to_json(&import.catalog);
    let event = &catalog["events"]["a.b"];
    event["fields"].get(name).or_else(|| event["optional"].get(name)).cloned().unwrap_or_default()
}

#[test]
fn null_is_read_in_every_spelling() {
    let schema = json!({ "type": "object", "properties": {
        "a": { "type": ["boolean", "null"] },
        "b": { "anyOf": [{ "type": "boolean" }, { "type": "null" }] },
        "c": { "oneOf": [{ "type": "null" }, { "type": "boolean" }] },
        "d": { "type": "boolean", "nullable": true },
    }});
    let import = import(&[("a.b.json", schema)]);
    for name in ["a", "b", "c", "d"] {
        assert_eq!(field(&import, name), json!({ "nullable": { "type": "boolean" } }), "{name}");
    }
    assert_eq!(import.losses, []);
}

#[test]
fn cases_with_a_constant_tag_are_a_union() {
    let case =
        |tag: &str| json!({ "type": "object", "properties": { "kind": { "const": tag } }, "required": ["kind"] });
    let schema = json!({ "type": "object", "properties": { "cause": { "oneOf": [case("user"), case("system")] } } });
    let import = import(&[("a.b.json", schema)]);
    assert_eq!(field(&import, "cause")["union"], "kind");
    assert_eq!(import.losses, []);
}

#[test]
fn integers_without_bounds_are_told_of_once_per_file() {
    let integer = json!({ "type": "integer" });
    let import = import(&[("a.b.json", json!({ "type": "object", "properties": { "a": integer, "b": integer } }))]);
    let [loss] = import.losses.as_slice() else { panic!("one loss: {:?}", import.losses) };
    assert_eq!((loss.done, loss.count, loss.construct.as_str()), (Done::Narrowed, 2, "integer"));
}

#[test]
fn identical_definitions_of_two_files_are_one_type() {
    let schema = |name: &str| {
        json!({ "title": name, "definitions": { "id": { "type": "string", "maxLength": 9 } },
            "type": "object", "properties": { "id": { "$ref": "#/definitions/id" } } })
    };
    let import = import(&[("1.json", schema("a.b")), ("2.json", schema("a.c"))]);
    let names: Vec<&str> = import.catalog.types.keys().map(|name| name.as_str()).collect();
    assert_eq!((names, import.catalog.events.len()), (vec!["Id"], 2));
}

#[test]
fn a_reference_across_files_is_followed_and_a_remote_one_refused() {
    let using = |target: &str| json!({ "type": "object", "properties": { "x": { "$ref": target } } });
    let shared = json!({ "$defs": { "Money": { "type": "integer", "minimum": 0, "maximum": 9 } } });
    let found = import(&[("s/a.b.json", using("common.json#/$defs/Money")), ("s/common.json", shared)]);
    assert_eq!(field(&found, "x"), json!({ "type": "Money" }));
    let remote = import(&[("a.b.json", using("https://evil.example/x.json"))]);
    assert_eq!(remote.refusals.first().map(|refusal| refusal.pointer.as_str()), Some("/properties/x"));
}

#[test]
fn recursion_ends_and_a_reference_to_itself_alone_is_refused() {
    let tree = json!({ "type": "object", "properties": { "left": { "$ref": "#/$defs/Tree" } } });
    let schema =
        json!({ "type": "object", "properties": { "t": { "$ref": "#/$defs/Tree" } }, "$defs": { "Tree": tree } });
    assert_eq!(import(&[("a.b.json", schema)]).refusals, []);
    let circle = json!({ "type": "object", "properties": { "t": { "$ref": "#/$defs/A" } },
        "$defs": { "A": { "$ref": "#/$defs/A" } } });
    assert_eq!(import(&[("a.b.json", circle)]).refusals.len(), 1);
}

#[test]
fn an_unknown_draft_and_two_events_of_one_name_are_refused() {
    let unknown = json!({ "$schema": "https://example.com/mine", "type": "object", "properties": { "a": true } });
    assert_eq!(import(&[("a.b.json", unknown)]).refusals.len(), 1);
    let plain = json!({ "type": "object", "properties": { "a": true } });
    assert_eq!(import(&[("1/a.b.json", plain.clone()), ("2/a.b.json", plain)]).refusals.len(), 1);
}

#[test]
fn mixed_values_are_carried_whole_with_their_place() {
    let schema = json!({ "type": "object", "properties": { "x": { "enum": ["a", 1] } } });
    let import = import(&[("a.b.json", schema)]);
    assert_eq!(field(&import, "x"), json!({ "json_schema": { "enum": ["a", 1] } }));
    assert_eq!(
        import.losses.first().map(|loss| (loss.done, loss.pointer.as_str())),
        Some((Done::CarriedWhole, "/properties/x"))
    );
}

#[test]
fn a_remote_reference_never_finds_a_neighbour_by_the_end_of_its_name() {
    let schema = json!({ "type": "object", "properties": { "x": { "$ref": "https://evil.example/s/a.c.json" } } });
    let neighbour = json!({ "type": "object", "properties": { "y": true } });
    assert_eq!(import(&[("s/a.b.json", schema), ("s/a.c.json", neighbour)]).refusals.len(), 1);
}

#[test]
fn a_bound_that_no_contract_may_spell_is_not_carried() {
    let object =
        json!({ "type": ["integer", "object"], "maximum": i64::MAX, "properties": { "y": { "type": "string" } } });
    let carried = json!({ "type": ["integer", "object"], "properties": { "y": { "type": "string" } } });
    let schema = json!({ "type": "object", "properties": { "x": object } });
    assert_eq!(field(&import(&[("a.b.json", schema)]), "x"), json!({ "json_schema": carried }));
}

#[track_caller]
fn becomes(schema: Value, expected: Value, done: Option<Done>) {
    let import = import(&[("a.b.json", json!({ "type": "object", "properties": { "x": schema } }))]);
    assert_eq!(field(&import, "x"), expected, "{schema}");
    assert_eq!(import.losses.first().map(|loss| loss.done), done, "{schema}: {:?}", import.losses);
}

#[test]
fn plain_values_of_several_types_become_json_and_objects_among_them_are_carried_whole() {
    let anything = json!({ "type": "json" });
    becomes(json!({ "type": ["string", "integer"] }), anything.clone(), Some(Done::Widened));
    becomes(json!({ "type": ["string", "array", "null"] }), anything.clone(), Some(Done::Widened));
    becomes(json!({ "anyOf": [{ "type": "string" }, { "type": "boolean" }] }), anything.clone(), Some(Done::Widened));
    becomes(json!({ "type": "null" }), anything.clone(), Some(Done::Widened));
    becomes(json!({ "const": null }), anything, Some(Done::Widened));
    let mixed = json!({ "type": ["string", "object"], "properties": { "y": { "type": "string" } } });
    becomes(mixed.clone(), json!({ "json_schema": mixed }), Some(Done::CarriedWhole));
}

#[test]
fn a_tuple_is_a_list_where_one_says_the_same() {
    let text = json!({ "type": "string" });
    let texts = json!({ "list": text, "max_items": 2 });
    becomes(json!({ "type": "array", "prefixItems": [text, text], "items": false }), texts, None);
    let texts = json!({ "list": text });
    becomes(json!({ "type": "array", "prefixItems": [text] }), texts, Some(Done::Narrowed));
    let anything = json!({ "list": { "type": "json" } });
    let mixed = json!({ "type": "array", "prefixItems": [text, { "type": "boolean" }] });
    becomes(mixed, anything, Some(Done::Widened));
}

#[test]
fn a_reference_to_the_schema_of_schemas_takes_anything() {
    let reference = json!({ "$ref": "http://json-schema.org/draft-07/schema#" });
    becomes(reference, json!({ "type": "json" }), Some(Done::Widened));
}

#[test]
fn a_self_describing_schema_is_found_by_what_it_calls_itself() {
    let dialect = "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#";
    let identity = json!({ "vendor": "a", "name": "b", "format": "jsonschema", "version": "1-0-0" });
    let target = json!({ "$schema": dialect, "self": identity, "type": "object", "properties": { "y": true } });
    for name in ["iglu:a/b/jsonschema/1-0-0", "http://iglucentral.com/schemas/a/b/jsonschema/1-0-0#"] {
        let schema = json!({ "type": "object", "properties": { "x": { "$ref": name } } });
        assert_eq!(import(&[("a.b.json", schema), ("x/1-0-0", target.clone())]).refusals, [], "{name}");
    }
}

#[test]
fn a_reference_at_the_root_leads_to_the_event_in_every_draft() {
    for dialect in ["http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema"] {
        let schema = json!({ "$schema": dialect, "$ref": "#/definitions/Paid", "definitions": {
            "Paid": { "type": "object", "description": "Somebody paid.", "properties": {
                "a": { "type": "boolean", "title": "A" }, "b": { "enum": [1, "x"] },
            } },
        }});
        let import = import(&[("a.b.json", schema)]);
        assert_eq!(field(&import, "a"), json!({ "type": "boolean" }), "{dialect}");
        assert_eq!(serial::to_json(&import.catalog)["events"]["a.b"]["doc"], "Somebody paid.");
        let pointers: Vec<&str> = import.losses.iter().map(|loss| loss.pointer.as_str()).collect();
        assert_eq!(pointers, ["/definitions/Paid/properties/b"]);
    }
}
