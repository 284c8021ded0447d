//! I, W and R judged by an independent validator.

use growset_model::{
    Bounds, Catalog, Derivation, Event, Language, Place, Presence, Text, TypeKind, bare_payload_schema, payload_schema,
};
use serde_json::{Value, json};

use crate::build::{cause, choice, event, field, name};

#[test]
fn a_reader_accepts_what_grew_and_an_intake_does_not() {
    let catalog = Catalog::default();
    let event = event(vec![
        field("status", Presence::Required, choice(&["paid", "sent"], false)),
        field("cause", Presence::Required, cause(false)),
    ]);
    let sent = json!({ "status": "paid", "cause": { "kind": "user", "userId": "u" } });
    let grown = json!({
        "status": "lost", "cause": { "kind": "robot", "model": 7 }, "extra": { "deep": [] }
    });
    for (language, payload, expected) in [
        (Language::Intake, &sent, true),
        (Language::Wire, &sent, true),
        (Language::Reader, &sent, true),
        (Language::Intake, &grown, false),
        (Language::Wire, &grown, false),
        (Language::Reader, &grown, true),
    ] {
        assert_eq!(accepts(&catalog, &event, language, payload), expected, "{language:?} {payload}");
    }
}

#[test]
fn a_reader_holds_a_known_case_to_its_shape() {
    let event = event(vec![field("cause", Presence::Required, cause(false))]);
    let broken = json!({ "cause": { "kind": "user", "userId": 7 } });
    let more = json!({ "cause": { "kind": "user", "userId": "u", "more": 1 } });
    let untagged = json!({ "cause": { "userId": "u" } });
    assert!(!accepts(&Catalog::default(), &event, Language::Reader, &broken));
    assert!(accepts(&Catalog::default(), &event, Language::Reader, &more));
    assert!(!accepts(&Catalog::default(), &event, Language::Reader, &untagged));
}

#[test]
fn closed_enums_and_unions_stay_closed_for_readers() {
    let event = event(vec![
        field("side", Presence::Required, choice(&["buy"], true)),
        field("cause", Presence::Optional, cause(true)),
    ]);
    let good = json!({ "side": "buy", "cause": { "kind": "user", "userId": "u", "more": 1 } });
    assert!(accepts(&Catalog::default(), &event, Language::Reader, &good));
    for bad in [json!({ "side": "hold" }), json!({ "side": "buy", "cause": { "kind": "robot" } })] {
        assert!(!accepts(&Catalog::default(), &event, Language::Reader, &bad), "{bad}");
    }
}

#[test]
fn derived_fields_are_the_servers_to_fill_in() {
    let derivation = Derivation { function: "money".into(), inputs: vec![name("amount")], place: Place::NOWHERE };
    let event = event(vec![
        field("amount", Presence::Required, TypeKind::Integer(Bounds { min: Some(0), max: None })),
        field("display", Presence::Derived(Box::new(derivation)), TypeKind::Text(Text::default())),
    ]);
    let published = json!({ "amount": 1 });
    let streamed = json!({ "amount": 1, "display": "EUR 0.01" });
    assert!(accepts(&Catalog::default(), &event, Language::Intake, &published));
    assert!(!accepts(&Catalog::default(), &event, Language::Intake, &streamed));
    assert!(accepts(&Catalog::default(), &event, Language::Wire, &streamed));
    assert!(accepts(&Catalog::default(), &event, Language::Reader, &published));
}

#[test]
fn an_integer_is_js_safe_even_where_the_contract_sets_no_bound() {
    let event = event(vec![field("n", Presence::Required, TypeKind::Integer(Bounds::default()))]);
    assert!(accepts(&Catalog::default(), &event, Language::Reader, &json!({ "n": 9_007_199_254_740_991_i64 })));
    assert!(!accepts(&Catalog::default(), &event, Language::Reader, &json!({ "n": 9_007_199_254_740_992_i64 })));
}

#[test]
fn a_schema_that_is_carried_whole_keeps_its_own_references() {
    let schema = json!({ "$ref": "#/$defs/Id", "$defs": { "Id": { "type": "string" } } });
    let event = event(vec![field("raw", Presence::Required, TypeKind::Opaque(schema))]);
    assert!(accepts(&Catalog::default(), &event, Language::Reader, &json!({ "raw": "x" })));
    assert!(!accepts(&Catalog::default(), &event, Language::Reader, &json!({ "raw": 1 })));
}

/// Judges by the bare and by the annotated schema, which have to agree.
fn accepts(catalog: &Catalog, event: &Event, language: Language, payload: &Value) -> bool {
    let bare = verdict(&bare_payload_schema(catalog, event, language), payload);
    let annotated = verdict(&payload_schema(catalog, event, language), payload);
    assert_eq!(bare, annotated, "annotations changed a verdict on {payload}");
    bare
}

fn verdict(schema: &Value, payload: &Value) -> bool {
    jsonschema::draft202012::meta::validate(schema).expect("a rendered schema is valid");
    jsonschema::draft202012::new(schema).expect("a rendered schema compiles").is_valid(payload)
}
