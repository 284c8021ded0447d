//! A shared type that breaks, with carriers that it breaks and others that it does not.

use growset_compat::growth::{Baseline, Made, Promise, growth};
use growset_model::{Catalog, serial};
use serde_json::{Value, json};

fn catalog(longest: u64) -> Catalog {
    let event = |fields: Value, optional: Value| json!({ "source": "a.yaml", "audience": "org", "fields": fields, "optional": optional });
    let shared = json!({ "type": "Shared" });
    let json = json!({
        "growset": 1, "title": "T", "schema_base": "", "npm": { "name": "" }, "rust": { "name": "" },
        "types": { "Shared": { "fields": { "text": { "type": "string", "max_length": longest } } } },
        "events": {
            "a.first": event(json!({ "it": shared }), json!({})),
            "a.never": event(json!({}), json!({ "them": { "list": shared, "max_items": 0 } })),
            "a.other": event(json!({}), json!({ "by_name": { "map": shared } })),
        },
    });
    serial::from_json(&json).expect("is a catalog")
}

#[test]
fn what_breaks_one_carrier_is_not_said_of_one_that_it_never_reaches() {
    let report = growth(&Baseline::of_catalog("released", &catalog(5)), &catalog(4));
    let [finding] = report.findings.as_slice() else { panic!("{report:#?}") };
    assert_eq!(finding.carried_by.len(), 3, "{finding:#?}");
    for promise in [Promise::Replay, Promise::Publishers] {
        let names: Vec<&str> = finding.broken[&promise].iter().map(|made: &Made| made.event.as_str()).collect();
        assert_eq!(names, ["a.first", "a.other"], "{promise}");
    }
}
