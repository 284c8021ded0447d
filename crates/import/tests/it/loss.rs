//! Nothing that a source schema accepts is refused by what was imported, unless the report says so.

use growset_import::{Document, Options, Sampler, json_schema};
use growset_model::{Audience, Language, bare_payload_schema};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Schemas that contracts can mean without narrowing anything.
fn harmless() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({ "type": "string" })),
        (0u64..3, 3u64..9).prop_map(|(min, max)| json!({ "type": "string", "minLength": min, "maxLength": max })),
        Just(json!({ "type": "string", "pattern": "^[a-z]{1,4}(-[0-9]+)?$" })),
        Just(json!({ "type": ["string", "null"], "maxLength": 4 })),
        Just(json!({ "type": "boolean" })),
        Just(json!({ "type": "null" })),
        (-9i64..0, 0i64..9).prop_map(|(min, max)| json!({ "type": "integer", "minimum": min, "maximum": max })),
        Just(json!({ "type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 12.5 })),
        Just(json!({ "type": "number", "minimum": -1, "multipleOf": 0.5 })),
        Just(json!({ "type": ["string", "boolean", "null"], "maxLength": 3 })),
        Just(json!({ "enum": ["a", "b-c", "d"] })),
        Just(json!({ "enum": ["a", "A", null] })),
        Just(json!({ "enum": [1, 2, 3] })),
        Just(json!({ "enum": [1, "a", true, null] })),
        Just(json!({ "const": true })),
        Just(json!(true)),
        Just(json!({ "$ref": "#/definitions/shared" })),
        Just(json!({ "$ref": "#/definitions/tree" })),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|items| json!({ "type": "array", "items": items, "maxItems": 3 })),
            (inner.clone(), inner.clone()).prop_map(|(one, two)| json!({ "type": "array", "prefixItems": [one, two] })),
            inner.clone().prop_map(|values| json!({ "type": "object", "additionalProperties": values })),
            inner.clone().prop_map(|values| {
                json!({ "type": "object", "patternProperties": { "^x": values }, "additionalProperties": false })
            }),
            object(inner.clone()),
            inner.clone().prop_map(|one| json!({ "anyOf": [one, { "type": "null" }] })),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|cases| json!({ "anyOf": with_one_object(cases) })),
            prop::collection::vec(object(inner.clone()), 2..4).prop_map(|cases| json!({ "oneOf": tagged(cases) })),
            (object(inner.clone()), object(inner)).prop_map(|(one, two)| json!({ "allOf": [one, two] })),
        ]
    })
}

fn object(inner: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> + Clone {
    let property = ("[a-e]", inner, any::<bool>());
    (prop::collection::vec(property, 0..4), any::<bool>()).prop_map(|(all, is_closed)| {
        let required: Vec<&String> = all.iter().filter(|(.., required)| *required).map(|(name, ..)| name).collect();
        let required: std::collections::BTreeSet<&String> = required.into_iter().collect();
        let properties: Map<String, Value> =
            all.iter().map(|(name, schema, _)| (name.clone(), schema.clone())).collect();
        let mut schema = json!({ "type": "object", "properties": properties, "required": required });
        if is_closed {
            schema["additionalProperties"] = false.into();
        }
        schema
    })
}

/// Several objects without a tag are laid together, and may hold a property to the type that one of them gives it.
fn with_one_object(cases: Vec<Value>) -> Vec<Value> {
    let is_object = |case: &Value| [r#""object""#, "$ref"].iter().any(|word| case.to_string().contains(word));
    let first = cases.iter().position(is_object);
    let cases = cases.iter().enumerate().filter(|(at, case)| first == Some(*at) || !is_object(case));
    cases.map(|(_, case)| case.clone()).collect()
}

/// Cases that each require a tag of their own.
fn tagged(cases: Vec<Value>) -> Vec<Value> {
    let cases = cases.into_iter().enumerate().map(|(at, mut case)| {
        case["properties"]["kind"] = json!({ "const": format!("case {at}") });
        if let Some(required) = case["required"].as_array_mut() {
            required.push("kind".into());
        }
        case
    });
    cases.collect()
}

/// Schemas of the open field: what they say can mean less in a contract.
fn any_schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({ "type": "integer" })),
        Just(json!({ "type": "integer", "maximum": 1e300 })),
        Just(json!({ "type": "string", "format": "date-time" })),
        Just(json!({ "type": "string", "format": "uuid", "maxLength": 40 })),
        Just(json!({ "format": "email" })),
        Just(json!({ "minimum": 3 })),
        Just(json!({ "maxLength": 3 })),
        Just(json!({ "type": "string", "pattern": "^.+$" })),
        Just(json!({ "type": "string", "pattern": "^\\S+$" })),
        Just(json!({ "properties": { "a": { "type": "string" } } })),
        Just(json!({ "required": ["a"] })),
        Just(json!({ "type": "array", "prefixItems": [{ "type": "string" }] })),
        // Known to some drafts alone.
        Just(json!({ "dependencies": { "a": ["b"] } })),
        Just(json!({ "dependentRequired": { "a": ["b"] } })),
        Just(json!({ "dependentSchemas": { "a": { "required": ["b"] } } })),
        Just(json!({ "type": "array", "contains": { "type": "string" } })),
        Just(json!({ "if": { "required": ["a"] }, "then": { "required": ["b"] } })),
        Just(json!({ "propertyNames": { "maxLength": 1 } })),
        // One of several ways to say what a value is, beside another.
        Just(json!({ "type": "integer", "format": "int32" })),
        Just(json!({ "enum": ["a", "abcd", 5], "maxLength": 3 })),
        Just(json!({ "type": "string", "enum": ["a", "b"], "not": { "enum": ["a"] } })),
        Just(json!({ "anyOf": [{ "type": "string" }, { "enum": [null] }] })),
        Just(json!({ "$ref": "#/definitions/shared", "nullable": true })),
        Just(json!({ "allOf": [{ "$ref": "#/definitions/tree" }], "nullable": true })),
        Just(
            json!({ "type": "string", "oneOf": [{ "maxLength": 3 }, { "minLength": 5 }], "anyOf": [{ "pattern": "^a" }, { "pattern": "^b" }] })
        ),
        // Engines do not agree on it.
        Just(json!({ "type": "string", "pattern": "^(?!a)" })),
        harmless(),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            inner.clone().prop_map(|items| json!({ "items": items })),
            inner.clone().prop_map(|values| json!({ "not": values })),
            object(inner.clone()),
            maybe_untyped(inner.clone()),
            prop::collection::vec(maybe_untyped(inner.clone()), 2..4).prop_map(|cases| json!({ "oneOf": cases })),
            prop::collection::vec(maybe_untyped(inner.clone()), 2..4).prop_map(|cases| json!({ "anyOf": tagged(cases) })),
            (maybe_untyped(inner.clone()), prop::collection::vec(maybe_untyped(inner.clone()), 1..3)).prop_map(
                |(mut base, cases)| {
                    base["anyOf"] = cases.into();
                    base
                }
            ),
            (object(inner.clone()), inner.clone()).prop_map(|(mut mixed, values)| {
                mixed["type"] = json!(["object", "string", "integer"]);
                mixed["not"] = values;
                mixed
            }),
            (object(inner.clone()), inner.clone(), inner.clone()).prop_map(|(mut mixed, test, values)| {
                mixed["type"] = json!(["object", "string", "integer"]);
                mixed["if"] = test;
                mixed["then"] = values;
                mixed
            }),
            (object(inner.clone()), prop::collection::vec(inner.clone(), 2..4)).prop_map(|(mut mixed, cases)| {
                mixed["type"] = json!(["object", "string", "integer"]);
                mixed["oneOf"] = cases.into();
                mixed
            }),
            maybe_untyped(inner.clone()).prop_map(|case| json!({
                "oneOf": [case, { "patternProperties": { "^[a-c]": { "type": "boolean" } }, "additionalProperties": false }]
            })),
            (inner.clone(), inner).prop_map(|(one, two)| json!({ "allOf": [one, two] })),
        ]
    })
}

/// An object schema that may not say so: then it accepts whatever is no object, too.
fn maybe_untyped(inner: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> + Clone {
    (object(inner), any::<bool>()).prop_map(|(mut schema, is_typed)| {
        if !is_typed && let Some(members) = schema.as_object_mut() {
            members.remove("type");
        }
        schema
    })
}

const DIALECTS: [&str; 5] = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
];
const FOUR: usize = 0;
const TWENTY: usize = 4;

/// A schema of 2020-12 as a draft spells it.
fn spelled(schema: &Value, dialect: usize) -> Value {
    match schema {
        Value::Object(members) => {
            let mut spelled: Map<String, Value> =
                members.iter().map(|(key, value)| (key.clone(), self::spelled(value, dialect))).collect();
            if dialect < TWENTY
                && let Some(first) = spelled.remove("prefixItems")
            {
                spelled.insert("items".to_owned(), first);
            }
            if dialect == FOUR {
                if let Some(constant) = spelled.remove("const") {
                    spelled.insert("enum".to_owned(), json!([constant]));
                }
                if let Some(limit) = spelled.get("exclusiveMinimum").cloned() {
                    spelled.insert("minimum".to_owned(), limit);
                    spelled.insert("exclusiveMinimum".to_owned(), true.into());
                }
                // `true` is a schema since draft-06.
                let properties = spelled.get_mut("properties").and_then(Value::as_object_mut);
                let inside = properties.into_iter().flat_map(|properties| properties.values_mut());
                inside.filter(|schema| **schema == json!(true)).for_each(|schema| *schema = json!({}));
                let single = ["items", "not", "if", "then", "contains"]
                    .iter()
                    .filter_map(|key| Some((*key, spelled.get(*key)?.clone())));
                for (key, _) in single.filter(|(_, schema)| *schema == json!(true)).collect::<Vec<_>>() {
                    spelled.insert(key.to_owned(), json!({}));
                }
                for key in ["items", "anyOf", "oneOf", "allOf"] {
                    let cases = spelled.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten();
                    cases.filter(|case| **case == json!(true)).for_each(|case| *case = json!({}));
                }
            }
            Value::Object(spelled)
        }
        Value::Array(items) => items.iter().map(|item| self::spelled(item, dialect)).collect(),
        plain => plain.clone(),
    }
}

fn document(payload: Value, dialect: usize) -> Document {
    let mut value = payload;
    value["definitions"] = json!({
        "shared": { "type": "object", "properties": { "id": { "type": "string" } }, "required": ["id"] },
        "tree": { "type": "object", "properties": { "left": { "$ref": "#/definitions/tree" }, "leaf": { "type": "boolean" } } },
    });
    let mut value = spelled(&value, dialect);
    value["$schema"] = DIALECTS[dialect].into();
    Document { path: "a.b.json".to_owned(), value }
}

/// What an import refuses of payloads that the source accepts, and why.
#[derive(Default)]
struct Refused {
    /// Where and for the reason that the report names.
    named: usize,
    /// In silence.
    silent: Vec<String>,
}

fn refused(document: Document, seed: u64) -> Refused {
    let documents = [document];
    let options = Options { name: None, audience: Audience::Org, owner: None, draft: None };
    let import = json_schema(&documents, &options);
    let mut refused = Refused::default();
    let Some(event) = import.catalog.events.values().next() else { return refused };
    let schema = bare_payload_schema(&import.catalog, event, Language::Reader);
    let judge = jsonschema::draft202012::new(&schema).expect("what is generated is a schema");
    let sampler = Sampler::new(&documents, None);
    for payload in sampler.payloads(0, 12, seed) {
        for error in judge.iter_errors(&payload) {
            if sampler.names(&import.losses, 0, &error) {
                refused.named += 1;
            } else {
                refused.silent.push(format!("{payload}: {error} at {}", error.instance_path()));
            }
        }
    }
    refused
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_can_be_said_is_never_narrowed(payload in object(harmless().boxed()), dialect in 0..5usize, seed in any::<u64>()) {
        let refused = refused(document(payload, dialect), seed);
        prop_assert_eq!((refused.named, refused.silent), (0, vec![]));
    }

    #[test]
    fn what_is_narrowed_is_told_of(payload in object(any_schema().boxed()), dialect in 0..5usize, seed in any::<u64>()) {
        let refused = refused(document(payload, dialect), seed);
        prop_assert!(refused.silent.is_empty(), "refused without a word: {:#?}", refused.silent);
    }
}

/// Otherwise the properties above could hold because nothing was ever sampled.
#[test]
fn most_schemas_of_every_draft_give_payloads() {
    let schema =
        json!({ "type": "object", "properties": { "a": { "type": "number", "exclusiveMinimum": 0 }, "b": true } });
    for (dialect, uri) in DIALECTS.iter().enumerate() {
        let documents = [document(schema.clone(), dialect)];
        assert!(Sampler::new(&documents, None).payloads(0, 40, 1).len() > 20, "{uri}");
    }
}
