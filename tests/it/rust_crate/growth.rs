//! A contract that grows takes nothing from those who still have the types of an earlier revision.

use serde_json::json;

use super::driver::Driver;
use super::{fixture, rust_crate};

#[test]
fn types_of_an_older_revision_read_what_a_newer_one_sends() -> anyhow::Result<()> {
    let old = rust_crate(&fixture("grown").join("old"))?;
    let new = rust_crate(&fixture("grown").join("new"))?;
    let driver = Driver::build("grown-types", &[("old".to_owned(), old), ("new".to_owned(), new)])?;

    let recorded = json!({ "id": "a", "status": "paid", "cause": { "kind": "user", "name": "x" }, "lines": [] });
    let sent = json!({
        "id": "a",
        "status": "shipped",
        "cause": { "kind": "robot", "model": 7, "parts": [1.5, null] },
        "lines": [{ "sku": "a", "gift": true }],
        "note": null,
        "total": "5 EUR",
    });
    // An unknown value and an unknown case are kept as they came; an unknown field has nowhere to be kept.
    let read_by_old = json!({
        "id": "a",
        "status": "shipped",
        "cause": { "kind": "robot", "model": 7, "parts": [1.5, null] },
        "lines": [{ "sku": "a" }],
    });
    let read_by_new = json!({
        "id": "a",
        "status": "shipped",
        "cause": { "kind": "robot", "model": 7 },
        "lines": [{ "sku": "a", "gift": true }],
        "note": null,
        "total": "5 EUR",
    });
    let answers = driver.pass(&[
        ("old", "order.created", &sent),
        ("new", "order.created", &sent),
        ("new", "order.created", &recorded),
    ])?;
    assert_eq!(answers, [Ok(read_by_old), Ok(read_by_new), Ok(recorded)]);
    Ok(())
}

#[test]
fn what_a_contract_forbids_is_refused_by_its_types() -> anyhow::Result<()> {
    let driver =
        Driver::build("choice-types", &[("choice".to_owned(), rust_crate(&fixture("choice").join("contracts"))?)])?;
    let good = json!({
        "id": "a", "status": "new", "side": "buy", "cause": { "kind": "new" }, "shape": { "kind": "dot" },
    });
    let with = |field: &str, value| {
        let mut payload = good.clone();
        payload[field] = value;
        payload
    };
    let bad = [
        with("side", json!("hold")),
        with("side", json!(1)),
        with("shape", json!({ "kind": "line" })),
        // A case that is known has to be that case: it is never taken for an unknown one.
        with("cause", json!({ "kind": "user" })),
        with("cause", json!({ "kind": 1 })),
        with("cause", json!({})),
    ];
    let payloads: Vec<_> =
        std::iter::once(&good).chain(&bad).map(|payload| ("choice", "choice.made", payload)).collect();
    let answers = driver.pass(&payloads)?;
    assert_eq!(answers[0], Ok(good.clone()));
    assert!(answers[1..].iter().all(Result::is_err), "{answers:?}");
    Ok(())
}
