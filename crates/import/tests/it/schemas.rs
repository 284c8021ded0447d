//! Schemas that others wrote.

use growset_import::{Api, Document, Done, Import, Loss, Options, Refusal, api, json_schema};
use growset_model::{Audience, serial};
use serde_json::{Value, json};

/// Without the losses of open objects, which nearly every schema has.
fn import(schemas: &[(&str, Value)]) -> Import {
    let mut import = whole(schemas);
    import.losses.retain(|loss| loss.construct != "additionalProperties");
    import
}

fn whole(schemas: &[(&str, Value)]) -> Import {
    let documents = schemas.iter().map(|(path, value)| Document { path: (*path).to_owned(), value: value.clone() });
    let options = Options { name: None, audience: Audience::Org, owner: None, draft: None };
    json_schema(&documents.collect::<Vec<_>>(), &options)
}

/// Place, construct and what was done, of every loss.
fn told(import: &Import) -> Vec<String> {
    let line = |loss: &Loss| format!("{} {} {}", loss.pointer, loss.construct, loss.done);
    import.losses.iter().map(line).collect()
}

/// The losses of a property of that schema.
#[track_caller]
fn told_of(schema: Value) -> Vec<String> {
    let import = import(&[("a.b.json", json!({ "type": "object", "properties": { "x": schema } }))]);
    assert_eq!(import.refusals, []);
    told(&import).into_iter().map(|line| line.replacen("/properties/x", "", 1).trim().to_owned()).collect()
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
        "e": { "anyOf": [{ "type": "boolean" }, { "const": null }] },
        "f": { "anyOf": [{ "enum": [null] }, { "type": "boolean" }] },
        "g": { "anyOf": [{ "type": "boolean" }, { "$ref": "#/$defs/Nothing" }] },
        "h": { "type": "boolean", "x-nullable": true },
        "i": { "$ref": "#/$defs/Flag", "nullable": true },
        "j": { "allOf": [{ "$ref": "#/$defs/Flag" }], "nullable": true },
        "k": { "oneOf": [{ "$ref": "#/$defs/Flag" }], "nullable": true },
    }, "$defs": { "Nothing": { "type": "null" }, "Flag": { "type": "boolean" } } });
    let import = import(&[("a.b.json", schema)]);
    for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        assert_eq!(field(&import, name), json!({ "nullable": { "type": "boolean" } }), "{name}");
    }
    for name in ["i", "j", "k"] {
        assert_eq!(field(&import, name), json!({ "nullable": { "type": "Flag" } }), "{name}");
    }
    let expected = ["d", "h", "i", "j", "k"].map(|name| format!("/properties/{name} nullable widened"));
    assert_eq!(told(&import), expected);
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
    let reference = json!({ "$ref": "#/properties/y" });
    let import = import(&[(
        "a.b.json",
        json!({ "type": "object", "properties": {
        "x": { "anyOf": [reference, { "type": "boolean" }] }, "y": { "type": "string" } } }),
    )]);
    assert_eq!(
        (field(&import, "x"), told(&import)),
        (anything.clone(), vec!["/properties/x anyOf widened".to_owned()])
    );
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

#[test]
fn a_case_without_a_type_is_told_of_where_it_stands() {
    let case = |tag: &str| json!({ "properties": { "kind": { "const": tag } }, "required": ["kind"] });
    let mut typed = case("card");
    typed["type"] = "object".into();
    assert_eq!(told_of(json!({ "anyOf": [typed, case("cash")] })), ["/anyOf/1 type narrowed"]);
    let tagless =
        json!({ "oneOf": [{ "properties": { "q": { "type": "string" } } }, { "properties": {}, "type": "object" }] });
    let expected = ["oneOf widened", "/oneOf/0 type narrowed", "/oneOf/0/properties/q oneOf narrowed"];
    assert_eq!(told_of(tagless), expected);
    let around = json!({ "properties": { "q": true }, "anyOf": [{ "required": ["q"] }, { "required": ["r"] }] });
    assert!(told_of(around).contains(&"/anyOf/0 type narrowed".to_owned()));
}

#[test]
fn losses_of_a_definition_are_told_of_in_every_file_that_has_it() {
    let schema = |name: &str| {
        let money = json!({ "type": "object", "additionalProperties": false,
            "properties": { "n": { "type": "integer" }, "c": { "const": { "a": 1 } } }, "examples": [7] });
        json!({ "title": name, "definitions": { "Money": money },
            "type": "object", "properties": { "m": { "$ref": "#/definitions/Money" } } })
    };
    let import = import(&[("1.json", schema("a.b")), ("2.json", schema("a.c"))]);
    assert_eq!(import.catalog.types.len(), 1);
    let of = |file: &str| {
        let losses = import.losses.iter().filter(|loss| loss.file == file);
        losses.map(|loss| (loss.pointer.clone(), loss.construct.clone())).collect::<Vec<_>>()
    };
    assert_eq!(of("1.json").len(), 3, "{:?}", of("1.json"));
    assert_eq!(of("1.json"), of("2.json"));
}

#[test]
fn alike_losses_have_each_their_place() {
    let schema = json!({ "type": "object", "additionalProperties": false,
        "properties": { "d": { "type": "string", "format": "duration" }, "t": { "type": "string", "format": "time" } } });
    let expected = ["/properties/d format widened", "/properties/t format widened"];
    assert_eq!(told(&whole(&[("a.b.json", schema)])), expected);
}

#[test]
fn what_only_says_something_is_told_of_when_it_is_left_out() {
    let schema = json!({ "type": "string", "examples": ["x", "y"], "readOnly": true, "$comment": "C.",
        "contentMediaType": "text/html", "x-enum-varnames": ["A"] });
    let expected = [
        "$comment dropped",
        "contentMediaType dropped",
        "examples dropped",
        "readOnly dropped",
        "x-enum-varnames dropped",
    ];
    assert_eq!(told_of(schema), expected);
    assert_eq!(
        told_of(json!({ "type": "array", "items": { "type": "string", "description": "D." } })),
        ["/items description dropped"]
    );
    let open = whole(&[("a.b.json", json!({ "type": "object", "properties": { "a": { "type": "boolean" } } }))]);
    assert_eq!(told(&open), [" additionalProperties dropped"]);
}

#[test]
fn what_no_validator_would_take_is_refused_at_its_place() {
    for (schema, pointer) in [
        (json!({ "$ref": 5 }), "/properties/x"),
        (json!({ "properties": [1] }), "/properties/x"),
        (json!({ "properties": { "c": 5 } }), "/properties/x/properties/c"),
        (json!({ "anyOf": [{}, "x"] }), "/properties/x/anyOf/1"),
        (json!({ "oneOf": [] }), "/properties/x"),
        (json!({ "enum": "x" }), "/properties/x"),
        (json!({ "type": 7 }), "/properties/x"),
        (json!({ "type": "strng" }), "/properties/x"),
        (json!({ "required": "a" }), "/properties/x"),
        (json!({ "minLength": -1 }), "/properties/x"),
        (json!({ "items": "string" }), "/properties/x/items"),
    ] {
        let import = import(&[("a.b.json", json!({ "type": "object", "properties": { "x": schema } }))]);
        let places: Vec<&str> = import.refusals.iter().map(|refusal| refusal.pointer.as_str()).collect();
        assert_eq!(places, [pointer], "{schema}");
    }
    assert!(Document::is_schema(&json!({ "title": "A", "type": "strng" })));
    assert!(!Document::is_schema(&json!({ "name": "package", "type": "module" })));
}

#[test]
fn a_pattern_that_no_judge_runs_is_left_out_of_what_is_carried() {
    let schema =
        json!({ "type": ["object", "string"], "properties": { "x": { "type": "string", "pattern": "^(?!x)" } } });
    assert_eq!(told_of(schema), ["type carried-whole", "/properties/x pattern widened"]);
}

#[test]
fn a_choice_of_nothing_but_null_is_json() {
    let nulls = json!({ "oneOf": [{ "type": "null" }, { "type": "null" }] });
    becomes(nulls, json!({ "type": "json" }), Some(Done::Widened));
}

#[test]
fn losses_are_called_by_the_keyword_that_is_there() {
    assert_eq!(told_of(json!({ "type": "number", "exclusiveMaximum": 3 })), ["exclusiveMaximum widened"]);
    assert_eq!(told_of(json!({ "const": { "a": 1 } })), ["const carried-whole"]);
    assert_eq!(told_of(json!({ "const": null })), ["const widened"]);
    assert_eq!(told_of(json!({ "enum": [] })), ["enum widened"]);
}

#[test]
fn references_to_events_that_are_not_there_are_left_out_with_a_word() {
    let schema = json!({ "x-growset-event": "a.b.v2", "x-growset-replaces": "a.b", "type": "object",
        "properties": { "x": { "type": "boolean", "x-growset-from": "y" } }, "required": ["x"] });
    let import = import(&[("a.b.v2.json", schema)]);
    assert_eq!(told(&import), [" x-growset-replaces dropped", "/properties/x x-growset-from dropped"]);
    let event = &serial::to_json(&import.catalog)["events"]["a.b.v2"];
    assert_eq!((event.get("replaces"), event["fields"]["x"].get("from")), (None, None));
}

#[test]
fn what_is_known_to_be_bad_is_left_out_of_an_api() {
    let payload = json!({ "type": "object", "properties": { "a": { "type": "boolean" } } });
    let messages = json!({ "a.b": { "payload": payload, "summary": "S.", "description": "D.", "tags": [] }, "a.c": { "payload": payload } });
    let value = json!({ "asyncapi": "3.0.0", "channels": {}, "components": { "messages": messages } });
    let documents = [Document { path: "api.json".to_owned(), value }];
    let options = Options { name: None, audience: Audience::Org, owner: None, draft: None };
    assert_eq!(api(Api::Async, &documents, &options, &[]).catalog.events.len(), 2);
    let (file, pointer) = ("api.json".to_owned(), "/components/messages/a.c".to_owned());
    let known = Refusal { file, pointer, message: "is bad".to_owned() };
    let import = api(Api::Async, &documents, &options, std::slice::from_ref(&known));
    assert_eq!((import.catalog.events.len(), import.refusals), (1, vec![known]));
    let words = import.losses.iter().map(|loss| loss.construct.as_str()).filter(|name| *name != "additionalProperties");
    assert_eq!(words.collect::<Vec<_>>(), ["summary", "tags"]);
}

#[test]
fn properties_that_would_be_spelled_alike_leave_the_others_as_they_are() {
    let schema = json!({ "type": "object", "additionalProperties": false, "required": ["user_id"],
        "properties": { "userId": { "type": "string" }, "user_id": { "type": "string" }, "other": { "type": "boolean" } } });
    let import = whole(&[("a.b.json", schema)]);
    assert_eq!(told(&import), ["/properties/userId properties widened"]);
    assert_eq!((field(&import, "user_id"), field(&import, "userId")), (json!({ "type": "string" }), Value::Null));
    assert_eq!(field(&import, "other"), json!({ "type": "boolean" }));
}

#[test]
fn what_a_list_says_twice_counts_once_with_a_word() {
    let object = json!({ "type": "object", "properties": { "a": { "type": "boolean" } }, "required": ["a", "a"] });
    assert_eq!(told_of(object), ["required dropped"]);
    becomes(json!({ "enum": [1, 2, 3.0] }), json!({ "type": "integer", "min": 1, "max": 3 }), None);
    assert_eq!(told_of(json!({ "enum": ["a", "b", "a"] })), ["enum dropped"]);
}

#[test]
fn what_stands_beside_a_reference_is_told_by_its_keyword() {
    let schema = |dialect: &str| {
        json!({ "$schema": dialect, "type": "object", "additionalProperties": false,
            "properties": { "x": { "$ref": "#/definitions/Code", "maxLength": 2 } },
            "definitions": { "Code": { "type": "string" } } })
    };
    for (dialect, expected) in [
        ("http://json-schema.org/draft-07/schema#", "/properties/x maxLength dropped"),
        ("https://json-schema.org/draft/2020-12/schema", "/properties/x maxLength widened"),
    ] {
        assert_eq!(told(&whole(&[("a.b.json", schema(dialect))])), [expected]);
    }
}

#[test]
fn a_definition_keeps_the_name_that_it_states() {
    let definitions =
        json!({ "money": { "type": "string" }, "Money": { "type": "boolean" }, "Geldbetr\u{e4}ge": { "enum": ["a"] } });
    let refer = |name: &str| json!({ "$ref": format!("#/definitions/{name}") });
    let schema = json!({ "type": "object", "definitions": definitions, "properties": {
        "a": refer("money"), "b": refer("Money"), "c": refer("Geldbetr\u{e4}ge") } });
    let import = import(&[("a.b.json", schema)]);
    assert_eq!(field(&import, "b"), json!({ "type": "Money" }));
    assert_eq!(field(&import, "a"), json!({ "type": "ABMoney" }));
    assert_eq!(field(&import, "c"), json!({ "type": "Geldbetrage" }));
}

#[test]
fn a_file_counts_what_it_loses_by_another_one() {
    let using = json!({ "type": "object", "additionalProperties": false,
        "properties": { "x": { "$ref": "common.json#/$defs/Code" }, "y": { "$ref": "common.json#/$defs/Fine" } } });
    let common = json!({ "$defs": { "Fine": { "type": "boolean" }, "Code": { "$ref": "#/$defs/Mixed" },
        "Mixed": { "enum": [1, "a"] } } });
    let import = whole(&[("a.b.json", using), ("common.json", common)]);
    let lines: Vec<String> = import
        .losses
        .iter()
        .map(|loss| format!("{}#{}: {} `{}` {}", loss.file, loss.pointer, loss.done, loss.construct, loss.note))
        .collect();
    assert_eq!(
        lines,
        [
            "a.b.json#/properties/x: carried-whole `$ref` leads to common.json, where it is told what is lost",
            "common.json#/$defs/Mixed: carried-whole `enum` holds values that are no texts, and have no names",
        ]
    );
}

#[test]
fn the_range_that_a_format_names_holds_an_integer() {
    let int32 = json!({ "type": "integer", "min": i32::MIN, "max": i32::MAX });
    becomes(json!({ "type": "integer", "format": "int32" }), int32, Some(Done::Narrowed));
    let within = json!({ "type": "integer", "format": "uint8", "minimum": 1, "maximum": 9 });
    becomes(within, json!({ "type": "integer", "min": 1, "max": 9 }), None);
    assert_eq!(told_of(json!({ "type": "number", "format": "double" })), [""; 0]);
    assert_eq!(told_of(json!({ "type": "number", "format": "money" })), ["format dropped"]);
    assert_eq!(told_of(json!({ "type": "boolean", "format": "switch" })), ["format dropped"]);
}

#[test]
fn values_are_those_that_fit_what_stands_beside_them() {
    let texts = json!({ "enum": { "a": {}, "bc": {} } });
    becomes(json!({ "enum": ["a", "bc", "def"], "maxLength": 2 }), texts.clone(), None);
    becomes(json!({ "enum": ["a", "bc"], "not": { "const": "a" } }), texts, Some(Done::Widened));
    assert_eq!(told_of(json!({ "const": "a", "minLength": 4 })), ["const widened"]);
}

#[test]
fn one_choice_beside_another_is_told_of() {
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    let two = json!({ "oneOf": [text("^a"), text("^b")], "anyOf": [text("c$"), text("d$")] });
    assert_eq!(told_of(two), ["anyOf widened", "oneOf widened"]);
    let case = |tag: &str| json!({ "type": "object", "additionalProperties": false, "required": ["k"], "properties": { "k": { "const": tag } } });
    let mut inside = case("x");
    inside["anyOf"] = json!([{ "required": ["a"] }, { "required": ["b"] }]);
    assert_eq!(told_of(json!({ "oneOf": [inside, case("y")] })), ["/oneOf/0 anyOf widened"]);
}

#[test]
fn what_stands_around_cases_is_required_of_each() {
    let case = |name: &str| json!({ "type": "object", "properties": { name: { "type": "boolean" } } });
    let import = import(&[(
        "a.b.json",
        json!({ "type": "object", "properties": { "x": { "type": "object", "required": ["k"], "anyOf": [case("a"), case("b")] } } }),
    )]);
    assert_eq!(field(&import, "x")["fields"], json!({ "k": { "type": "json" } }));
}

#[test]
fn words_that_give_way_are_told_of_where_they_stand() {
    let base = json!({ "type": "object", "additionalProperties": false, "description": "A base.", "properties": { "q": true } });
    let schema = json!({ "type": "object", "properties": { "x": { "description": "Mine.", "allOf": [
        { "$ref": "#/$defs/Base" }, { "description": "Another.", "properties": { "r": true } }] } }, "$defs": { "Base": base } });
    let expected = ["/$defs/Base description dropped", "/properties/x/allOf/1 description dropped"];
    assert_eq!(told(&import(&[("a.b.json", schema)])), expected);
    let several =
        json!({ "oneOf": [{ "enum": ["a", "b"], "description": "Both." }, { "const": "c", "description": "C." }] });
    assert_eq!(told_of(several), ["/oneOf/0 description dropped"]);
}

#[test]
fn a_reference_to_an_anchor_that_is_not_there_leads_to_nothing() {
    let schema = json!({ "type": "object", "properties": { "x": { "$ref": "#nope" }, "y": { "$ref": "#there" } },
        "$defs": { "There": { "$dynamicAnchor": "there", "type": "boolean" } } });
    let [refusal] = &import(&[("a.b.json", schema)]).refusals[..] else { panic!("one refusal") };
    assert_eq!(refusal.message, r##"`$ref` "#nope" leads to nothing: no schema there has the anchor "nope""##);
}
