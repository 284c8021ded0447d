//! Places that payloads reach by several ways, some of them closed.

use std::collections::BTreeMap;

use growset_compat::growth::{Baseline, Made, Promise, Report, growth};
use growset_model::arbitrary::catalog;
use growset_model::{Catalog, List, Payload, Place, Presence, Type, TypeKind, TypeName, serial};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::edit::{Tape, edited, field};

/// Which promises each edit breaks, or leaves open, and to whom.
type Promises = BTreeMap<String, [BTreeMap<Promise, Vec<Made>>; 2]>;

fn promises(report: &Report) -> Promises {
    let findings = report.findings.iter().filter(|finding| !finding.broken.is_empty() || !finding.undecided.is_empty());
    let of = |finding: &growset_compat::growth::Finding| [finding.broken.clone(), finding.undecided.clone()];
    findings.map(|finding| (finding.fingerprint.clone(), of(finding))).collect()
}

/// Lists without items of types that a payload reaches on both sides, before every other field.
fn with_closed_ways(catalog: &Catalog, other: &Catalog) -> Catalog {
    let mut closed = catalog.clone();
    for (name, event) in &mut closed.events {
        let (Some(here), Some(there)) = (catalog.events.get(name), other.events.get(name)) else { continue };
        let Payload::Record(record) = &mut event.payload else { continue };
        let reached = other.reachable(&there.payload);
        let shared: Vec<TypeName> =
            catalog.reachable(&here.payload).into_keys().filter(|name| reached.contains_key(name)).cloned().collect();
        for (index, name) in shared.into_iter().enumerate() {
            let items = Box::new(Type { kind: TypeKind::Named(name), place: Place::NOWHERE });
            let list = List { items, min_items: None, max_items: Some(0), unique: false };
            record.fields.insert(index, field(&format!("closed{index}"), Presence::Optional, TypeKind::List(list)));
        }
    }
    closed
}

proptest! {
    #![proptest_config({
        let default = ProptestConfig::default();
        ProptestConfig { failure_persistence: None, max_shrink_iters: 200, ..default }
    })]

    #[test]
    fn a_closed_way_beside_an_open_one_hides_nothing(old in catalog(), words in vec(any::<u16>(), 24)) {
        let new = words.chunks(8).fold(old.clone(), |catalog, words| edited(&catalog, &mut Tape::new(words)));
        let plain = growth(&Baseline::of_catalog("released", &old), &new);
        let released = Baseline::of_catalog("released", &with_closed_ways(&old, &new));
        let closed = growth(&released, &with_closed_ways(&new, &old));
        prop_assert_eq!(promises(&plain), promises(&closed));
    }
}

fn of_types(types: &Value, optional: &Value) -> Catalog {
    let event = json!({ "source": "a.yaml", "audience": "org", "fields": {}, "optional": optional });
    let json = json!({
        "growset": 1, "title": "T", "schema_base": "", "npm": { "name": "" }, "rust": { "name": "" },
        "types": types, "events": { "a.b": event },
    });
    serial::from_json(&json).expect("is a catalog")
}

fn broken(old: &Catalog, new: &Catalog) -> Vec<Promise> {
    let report = growth(&Baseline::of_catalog("released", old), new);
    assert_eq!(report.findings.len(), 1, "{report:#?}");
    let finding = &report.findings[0];
    assert!(finding.undecided.is_empty(), "{finding:#?}");
    finding.broken.keys().copied().collect()
}

/// A type behind a record that cannot be, and perhaps behind one that can.
fn behind(never: &Value, also: Option<Value>) -> impl Fn(u64) -> Catalog {
    let mut optional = json!({ "first": never });
    if let Some(also) = also {
        optional["second"] = also;
    }
    move |longest| of_types(&json!({ "Shared": { "type": "string", "max_length": longest } }), &optional)
}

#[test]
fn what_stands_beside_a_value_that_cannot_be_is_reached_another_way() {
    let nothing = json!({ "list": { "type": "boolean" }, "min_items": 3, "unique": true });
    let never = json!({ "fields": { "it": { "type": "Shared" }, "nothing": nothing } });
    let alone = behind(&never, None);
    assert_eq!(broken(&alone(5), &alone(4)), []);
    let also = behind(&never, Some(json!({ "type": "Shared" })));
    assert_eq!(broken(&also(5), &also(4)), [Promise::Replay, Promise::Publishers]);
}

#[test]
fn what_stands_in_a_case_that_cannot_be_is_reached_another_way() {
    let nothing = json!({ "list": { "type": "boolean" }, "min_items": 3, "unique": true });
    let record = |fields: Value| json!({ "fields": fields });
    let never = json!({ "union": "kind", "closed": true, "cases": {
        "never": record(json!({ "it": { "type": "Shared" }, "nothing": nothing })),
        "always": record(json!({})),
    } });
    let alone = behind(&never, None);
    assert_eq!(broken(&alone(5), &alone(4)), []);
    let also = behind(&never, Some(json!({ "nullable": { "map": { "type": "Shared" } } })));
    assert_eq!(broken(&also(5), &also(4)), [Promise::Replay, Promise::Publishers]);
}

#[test]
fn what_is_spelled_out_on_one_side_is_reached_another_way() {
    // `Inner` is compared with the record that took its place where `Outer` is met first, and there alone.
    let types = |kind: &str| {
        let inline = json!({ "fields": {}, "optional": { "deep": { "fields": { "text": { "type": kind } } } } });
        json!({ "One": { "fields": {}, "optional": { "inner": inline } } })
    };
    let old = json!({
        "Inner": { "fields": {}, "optional": { "deep": { "type": "Deep" } } },
        "Deep": { "fields": { "text": { "type": "string" } } },
        "One": { "fields": {}, "optional": { "inner": { "type": "Inner" } } },
        "Two": { "fields": {}, "optional": { "inner": { "type": "Inner" } } },
    });
    let closed = json!({ "list": { "type": "One" }, "max_items": 0 });
    let old = of_types(&old, &json!({ "first": closed, "second": { "type": "Two" } }));
    let new = of_types(&types("integer"), &json!({ "first": closed, "second": { "type": "One" } }));
    let report = growth(&Baseline::of_catalog("released", &old), &new);
    let found = report.findings.iter().find(|finding| finding.rule.id == "type-changed").expect("is told");
    assert_eq!(found.broken.keys().copied().collect::<Vec<_>>(), Promise::ALL, "{report:#?}");
}
