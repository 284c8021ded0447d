//! The growth checker beside jsoncompat: no contradiction, and ours always decides. `PROPTEST_CASES=20000` takes minutes.
//!
//! A pair is a random catalog and itself with one field of an event taken away, retyped, made optional or required.
//! jsoncompat may answer that it cannot tell; where it is certain, it has to agree.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::thread;

use growset_compat::growth::{Baseline, Promise, Shown, Side, growth};
use growset_model::arbitrary::catalog;
use growset_model::{Catalog, EventName, Language, Payload, Presence, bare_payload_schema, serial};
use jsoncompat_peer::{Answer, contained};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::Value;

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

/// What jsoncompat said, by producer and consumer. Most events of a catalog are not edited, so that each direction asks
/// the same of them; asking is most of what a case takes.
type Answers = BTreeMap<(String, String), Answer>;

/// What both say of every promise of every event.
fn compared(old: &Catalog, new: &Catalog, answers: &mut Answers) -> Result<(), String> {
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
            let [producer, consumer] = [promise.producer(), promise.consumer()].map(|end| schema(old, new, name, end));
            agree(&producer, &consumer, answers, broken, by_definition)
                .map_err(|problem| format!("{promise} of {name}: {problem}"))?;
        }
    }
    Ok(())
}

fn agree(
    producer: &Value,
    consumer: &Value,
    answers: &mut Answers,
    broken: bool,
    by_definition: bool,
) -> Result<(), String> {
    let answer = answers.entry((producer.to_string(), consumer.to_string()));
    match answer.or_insert_with(|| contained(producer, consumer)) {
        Answer::Contained if broken => Err("ours has a witness, jsoncompat a proof".to_owned()),
        Answer::Refuted(payload) if !broken && !by_definition && is_payload(producer, consumer, payload) => {
            Err(format!("is said to hold, and does not: {payload}"))
        }
        Answer::Contained | Answer::Refuted(_) | Answer::Undecided | Answer::Failed => Ok(()),
    }
}

fn schema(old: &Catalog, new: &Catalog, name: &EventName, (side, language): (Side, Language)) -> Value {
    let catalog = if side == Side::Old { old } else { new };
    bare_payload_schema(catalog, &catalog.events[name], language)
}

/// A counterexample counts when the judge confirms it, as ours do.
fn is_payload(producer: &Value, consumer: &Value, payload: &Value) -> bool {
    let judge = |schema| jsonschema::draft202012::new(schema).expect("a rendered schema compiles");
    judge(producer).is_valid(payload) && !judge(consumer).is_valid(payload)
}

/// Some of the cases, from a seed of their own where one is given.
fn judge(cases: u32, nth: u64) {
    let default = ProptestConfig::default();
    let rng_seed = match default.rng_seed {
        RngSeed::Fixed(seed) => RngSeed::Fixed(seed.wrapping_add(nth)),
        RngSeed::Random => RngSeed::Random,
    };
    let config = ProptestConfig { cases, rng_seed, failure_persistence: None, max_shrink_iters: 100, ..default };
    let judged = TestRunner::new(config).run(&(catalog(), any::<[usize; 3]>()), |(old, words)| {
        let new = edited(&old, &words);
        let mut answers = Answers::new();
        for (one, other) in [(&old, &new), (&new, &old), (&old, &old)] {
            compared(one, other, &mut answers).map_err(TestCaseError::fail)?;
        }
        Ok(())
    });
    if let Err(error) = judged {
        panic!("{error}");
    }
}

#[test]
fn no_pair_is_judged_differently() {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get() as u32);
    let cases = ProptestConfig::default().cases.div_ceil(cores);
    // Far apart, so that the seed after this one is none of the others here.
    let judges: Vec<_> = (0..cores).map(|nth| thread::spawn(move || judge(cases, u64::from(nth) << 32))).collect();
    for judge in judges {
        judge.join().unwrap_or_else(|panic| resume_unwind(panic));
    }
}
