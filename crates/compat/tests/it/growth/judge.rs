//! What the judge says of a report: every witness holds, and every promise that is not called broken is kept.

use std::collections::BTreeMap;

use growset_compat::growth::{Baseline, Class, Promise, Report, Shown, Side, growth};
use growset_model::arbitrary::event_payload;
use growset_model::{Catalog, EventName, Language, fingerprint, payload_schema};
use jsonschema::Validator;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

/// How many payloads speak for each promise of each event.
const PAYLOADS: usize = 6;

/// Compares, and holds the report against the judge.
pub(super) fn judged(old: &Catalog, new: &Catalog) -> Result<Report, String> {
    let report = growth(&Baseline::of_catalog("released", old), new);
    let mut judges = Judges { old, new, compiled: BTreeMap::new() };
    witnesses_hold(&mut judges, &report)?;
    for (name, event) in &old.events {
        let Some(current) = new.events.get(name) else {
            continue;
        };
        if event.is_draft() || event.retired.is_some() || current.retired.is_some() {
            continue; // Nothing is promised of it, or nothing sent.
        }
        if fingerprint(old, event) == fingerprint(new, current) {
            continue; // What one contract sends, the same one takes.
        }
        for promise in Promise::ALL {
            if !is_named(&report, name, promise) {
                kept(&mut judges, name, promise).map_err(|problem| format!("{problem}\n{report:#?}"))?;
            }
        }
    }
    Ok(report)
}

/// The judges of both sides, each compiled when it is first asked: that is most of what these tests take.
struct Judges<'c> {
    old: &'c Catalog,
    new: &'c Catalog,
    compiled: BTreeMap<(Side, EventName, Language), Validator>,
}

impl<'c> Judges<'c> {
    fn catalog(&self, side: Side) -> &'c Catalog {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    fn takes(&mut self, (side, language): (Side, Language), event: &EventName, payload: &Value) -> bool {
        let catalog = self.catalog(side);
        let judge = self.compiled.entry((side, event.clone(), language));
        judge.or_insert_with(|| judge_of(catalog, event, language)).is_valid(payload)
    }
}

/// Whether a finding names the promise, as broken or as one that nobody can vouch for.
fn is_named(report: &Report, event: &EventName, promise: Promise) -> bool {
    report.findings.iter().any(|finding| {
        let named = finding.broken.get(&promise).into_iter().chain(finding.undecided.get(&promise));
        named.flatten().any(|made| made.event == *event)
    })
}

fn kept(judges: &mut Judges, event: &EventName, promise: Promise) -> Result<(), String> {
    let (sends, sent_in) = promise.producer();
    let (takes, taken_in) = promise.consumer();
    // What the taker has in mind is often what just misses, or just fits, what the sender does.
    let of_taker = payloads(judges.catalog(takes), event, taken_in);
    for payload in payloads(judges.catalog(sends), event, sent_in).into_iter().chain(of_taker) {
        if judges.takes((sends, sent_in), event, &payload) && !judges.takes(promise.consumer(), event, &payload) {
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

fn witnesses_hold(judges: &mut Judges, report: &Report) -> Result<(), String> {
    for finding in &report.findings {
        let about = || format!("{} at {} of {}: {}", finding.rule.id, finding.path, finding.root, finding.message);
        match &finding.proof {
            Shown::Witnesses(witnesses) => {
                for witness in witnesses {
                    let event = &witness.made.event;
                    if !judges.takes(witness.promise.producer(), event, &witness.payload) {
                        return Err(format!("{}: nobody sends {}", about(), witness.payload));
                    }
                    if judges.takes(witness.promise.consumer(), event, &witness.payload) {
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
fn judge_of(catalog: &Catalog, event: &EventName, language: Language) -> Validator {
    let schema = payload_schema(catalog, &catalog.events[event], language);
    jsonschema::draft202012::new(&schema).expect("a rendered schema compiles")
}
