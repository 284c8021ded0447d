//! The growth checker beside jsoncompat: no contradiction, and ours always decides. `PROPTEST_CASES=20000` is for a
//! night.
//!
//! A pair is a random catalog and itself with one field of an event taken away, retyped, made optional or required.
//! jsoncompat may answer that it cannot tell; where it is certain, it has to agree.

use growset_compat::growth::{Baseline, Promise, Shown, Side, growth};
use growset_model::arbitrary::catalog;
use growset_model::{Catalog, EventName, Payload, Presence, bare_payload_schema, serial};
use jsoncompat_peer::{Answer, contained};
use proptest::prelude::*;

/// The catalog after an edit of one field of one event.
fn edited(catalog: &Catalog, words: &[usize; 3]) -> Catalog {
    let mut catalog = catalog.clone();
    let count = catalog.events.len().max(1);
    let Some(event) = catalog.events.values_mut().nth(words[0] % count) else { return catalog };
    let Payload::Record(record) = &mut event.payload else { return catalog };
    if record.fields.is_empty() {
        return catalog;
    }
    let at = words[1] % record.fields.len();
    match words[2] % 4 {
        0 => drop(record.fields.remove(at)),
        1 => record.fields[at].presence = Presence::Optional,
        2 => record.fields[at].presence = Presence::Required,
        _ => {
            // Another field's type under this one's name.
            let other = record.fields[(at + 1) % record.fields.len()].ty.clone();
            record.fields[at].ty = other;
        }
    }
    catalog
}

/// What both say of every promise of every event.
fn compared(old: &Catalog, new: &Catalog) -> Result<(), String> {
    let report = growth(&Baseline::of_catalog("released", old), new);
    // What a schema that is carried whole takes is beyond what contracts say.
    let carries_schemas =
        [old, new].iter().any(|catalog| serial::to_json(catalog).to_string().contains("\"json_schema\""));
    for finding in &report.findings {
        if (!finding.undecided.is_empty() && !carries_schemas)
            || matches!(finding.proof, Shown::Unproven { .. } | Shown::Contradicted { .. })
        {
            return Err(format!("ours is undecided: {finding:#?}"));
        }
    }
    for (name, event) in &old.events {
        let Some(current) = new.events.get(name) else { continue };
        if event.is_draft() || event.retired.is_some() || current.retired.is_some() {
            continue; // Nothing is promised of it, or nothing sent.
        }
        // Schemas that are carried whole are compared by their text, which claims no containment.
        if report.findings.iter().any(|finding| finding.rule.id == "opaque-changed") {
            continue;
        }
        for promise in Promise::ALL {
            let broken = report.findings.iter().any(|finding| {
                finding.broken.get(&promise).is_some_and(|made| made.iter().any(|made| made.event == *name))
                    && matches!(&finding.proof, Shown::Witnesses(_))
            });
            let by_definition = report.findings.iter().any(|finding| {
                finding.carried_by.contains(name)
                    && finding.broken.contains_key(&promise)
                    && !matches!(finding.proof, Shown::Witnesses(_))
            });
            agree(old, new, name, promise, broken, by_definition)?;
        }
    }
    Ok(())
}

fn agree(
    old: &Catalog,
    new: &Catalog,
    name: &EventName,
    promise: Promise,
    broken: bool,
    by_definition: bool,
) -> Result<(), String> {
    let schema = |(side, language)| {
        let catalog = if side == Side::Old { old } else { new };
        bare_payload_schema(catalog, &catalog.events[name], language)
    };
    let (producer, consumer) = (schema(promise.producer()), schema(promise.consumer()));
    match contained(&producer, &consumer) {
        Answer::Contained if broken => Err(format!("{promise} of {name}: ours has a witness, jsoncompat a proof")),
        Answer::Refuted(payload) if !broken && !by_definition && is_payload(&producer, &consumer, &payload) => {
            Err(format!("{promise} of {name} is said to hold, and does not: {payload}"))
        }
        Answer::Contained | Answer::Refuted(_) | Answer::Undecided | Answer::Failed => Ok(()),
    }
}

/// A counterexample counts when the judge confirms it, as ours do.
fn is_payload(producer: &serde_json::Value, consumer: &serde_json::Value, payload: &serde_json::Value) -> bool {
    let judge = |schema| jsonschema::draft202012::new(schema).expect("a rendered schema compiles");
    judge(producer).is_valid(payload) && !judge(consumer).is_valid(payload)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 100, ..ProptestConfig::default() })]

    #[test]
    fn no_pair_is_judged_differently(old in catalog(), words in any::<[usize; 3]>()) {
        let new = edited(&old, &words);
        for (one, other) in [(&old, &new), (&new, &old), (&old, &old)] {
            compared(one, other).map_err(TestCaseError::fail)?;
        }
    }
}
