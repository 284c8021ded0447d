//! What the judge says of a report: every witness holds, and every promise that is not called broken is kept.

use growset_compat::growth::{Baseline, Class, Promise, Report, Shown, Side, growth};
use growset_model::arbitrary::event_payload;
use growset_model::{Catalog, EventName, Language, payload_schema};
use jsonschema::Validator;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

/// How many payloads speak for each promise of each event.
const PAYLOADS: usize = 6;

/// Compares, and holds the report against the judge.
pub(super) fn judged(old: &Catalog, new: &Catalog) -> Result<Report, String> {
    let report = growth(&Baseline::of_catalog("released", old), new);
    witnesses_hold(old, new, &report)?;
    for (name, event) in &old.events {
        let Some(current) = new.events.get(name) else {
            continue;
        };
        if event.is_draft() || event.retired.is_some() || current.retired.is_some() {
            continue; // Nothing is promised of it, or nothing sent.
        }
        for promise in Promise::ALL {
            if !is_broken(&report, name, promise) {
                kept(old, new, name, promise).map_err(|problem| format!("{problem}\n{report:#?}"))?;
            }
        }
    }
    Ok(report)
}

fn is_broken(report: &Report, event: &EventName, promise: Promise) -> bool {
    report.findings.iter().any(|finding| {
        // What is carried whole is compared by its text, and a difference claims nothing.
        let opaque = finding.rule.id == "opaque-changed" && finding.carried_by.contains(event);
        opaque || finding.broken.get(&promise).is_some_and(|made| made.iter().any(|made| made.event == *event))
    })
}

fn kept(old: &Catalog, new: &Catalog, event: &EventName, promise: Promise) -> Result<(), String> {
    let (sends, sent_in) = promise.producer();
    let (takes, taken_in) = promise.consumer();
    let side = |side| match side {
        Side::Old => old,
        Side::New => new,
    };
    let (sender, taker) = (judge(side(sends), event, sent_in), judge(side(takes), event, taken_in));
    for payload in payloads(side(sends), event, sent_in) {
        if sender.is_valid(&payload) && !taker.is_valid(&payload) {
            return Err(format!("{event} is said to keep {promise}, and does not: {payload}"));
        }
    }
    Ok(())
}

fn payloads(catalog: &Catalog, event: &EventName, language: Language) -> Vec<Value> {
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let strategy = event_payload(catalog, event, language);
    (0..PAYLOADS).filter_map(|_| Some(strategy.new_tree(&mut runner).ok()?.current())).collect()
}

fn witnesses_hold(old: &Catalog, new: &Catalog, report: &Report) -> Result<(), String> {
    for finding in &report.findings {
        let about = || format!("{} at {} of {}: {}", finding.rule.id, finding.path, finding.root, finding.message);
        match &finding.proof {
            Shown::Witnesses(witnesses) => {
                for witness in witnesses {
                    let side = |side| match side {
                        Side::Old => old,
                        Side::New => new,
                    };
                    let ((sends, sent_in), (takes, taken_in)) =
                        (witness.promise.producer(), witness.promise.consumer());
                    let event = &witness.made.event;
                    if !judge(side(sends), event, sent_in).is_valid(&witness.payload) {
                        return Err(format!("{}: nobody sends {}", about(), witness.payload));
                    }
                    if judge(side(takes), event, taken_in).is_valid(&witness.payload) {
                        return Err(format!("{}: nobody refuses {}", about(), witness.payload));
                    }
                }
            }
            Shown::Contradicted { payload, says } => return Err(format!("{}: {says}: {payload}", about())),
            Shown::Unproven { reason } => return Err(format!("{}: {reason}", about())),
            Shown::Sample(_) => {
                let by_definition = finding.path.is_root();
                if finding.class == Class::Breaking && !by_definition {
                    return Err(format!("{}: breaking without a witness", about()));
                }
            }
        }
        if finding.class == Class::Breaking && finding.broken.is_empty() && finding.rule.id != "audience-widened" {
            return Err(format!("{}: breaks nobody", about()));
        }
    }
    Ok(())
}

/// Judged by the published schema, annotations included.
fn judge(catalog: &Catalog, event: &EventName, language: Language) -> Validator {
    let schema = payload_schema(catalog, &catalog.events[event], language);
    jsonschema::draft202012::new(&schema).expect("a rendered schema compiles")
}
