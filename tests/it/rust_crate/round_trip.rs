//! No data loss: payload → Rust → JSON is the payload again, and passes what the contract promises. The judge of
//! promises is the `jsonschema` crate.

use growset_codegen::{Artifact, Surroundings, generate};
use growset_model::arbitrary::{catalog, event_payload};
use growset_model::{Catalog, Event, Language, Sources, bare_payload_schema};
use jsonschema::Validator;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::driver::{Answer, Driver};
use super::fixture;
use crate::catalogs::read_folder;
use crate::workplace::repository;

const CATALOGS: usize = 12;
const PAYLOADS: usize = 40;

#[test]
fn payloads_of_random_contracts_survive_their_rust_types() -> anyhow::Result<()> {
    let mut runner = TestRunner::deterministic();
    let mut cases = vec![
        ("everything".to_owned(), read_folder(&fixture("everything").join("contracts"))?.catalog),
        ("platform".to_owned(), read_folder(&repository().join("contracts"))?.catalog),
    ];
    for number in 0..CATALOGS {
        let tree = catalog().new_tree(&mut runner).map_err(|reason| anyhow::anyhow!("{reason}"))?;
        cases.push((format!("case{number}"), tree.current()));
    }
    let crates = cases
        .iter()
        .map(|(case, catalog)| Ok((case.clone(), rust_crate_of(catalog)?)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let driver = Driver::build("random-types", &crates)?;
    let mut failures = Vec::new();
    for (case, catalog) in &cases {
        for event in catalog.events.values().filter(|event| event.retired.is_none()) {
            let found = check_event(&driver, &mut runner, case, catalog, event)?;
            failures.extend(found.into_iter().map(|failure| format!("{case} {}: {failure}", event.name)));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    Ok(())
}

fn rust_crate_of(catalog: &Catalog) -> anyhow::Result<Vec<Artifact>> {
    let targets = generate(catalog, &Sources::default(), &[], &Surroundings::default())?;
    Ok(targets.into_iter().filter(|(name, _)| *name == "rust").flat_map(|(_, artifacts)| artifacts).collect())
}

fn check_event(
    driver: &Driver,
    runner: &mut TestRunner,
    case: &str,
    catalog: &Catalog,
    event: &Event,
) -> anyhow::Result<Vec<String>> {
    let judge = |language| Judge::new(catalog, event, language);
    let (intake, reader) = (judge(Language::Intake)?, judge(Language::Reader)?);
    let mut failures = Vec::new();
    let examples: Vec<Value> = event.examples.iter().map(|example| example.value.clone()).collect();
    if let (Some(first), Some(answer)) = (examples.first(), driver.examples(&[(case, event.name.as_str())])?.first()) {
        failures.extend(lossless(first, answer).err().map(|reason| format!("example(): {reason}")));
    }
    for language in [Language::Intake, Language::Wire, Language::Reader] {
        let strategy = event_payload(catalog, &event.name, language);
        let mut payloads = if language == Language::Intake { examples.clone() } else { Vec::new() };
        // What is carried whole has no payloads but its examples.
        let wanted = if event.record().is_some() { PAYLOADS } else { 0 };
        for _ in 0..wanted {
            payloads.push(strategy.new_tree(runner).map_err(|reason| anyhow::anyhow!("{reason}"))?.current());
        }
        let asked: Vec<_> = payloads.iter().map(|payload| (case, event.name.as_str(), payload)).collect();
        for (payload, answer) in payloads.iter().zip(driver.pass(&asked)?) {
            let verdict = match language {
                Language::Intake => lossless(payload, &answer).and_then(|()| intake.passes(&answer)),
                Language::Wire => lossless(payload, &answer).and_then(|()| reader.passes(&answer)),
                // Unknown fields are not kept, so only the promise is left to compare.
                Language::Reader => reader.passes(&answer),
            };
            failures.extend(verdict.err().map(|reason| format!("{language:?} {payload}: {reason}")));
        }
    }
    Ok(failures)
}

struct Judge {
    validator: Validator,
}

impl Judge {
    fn new(catalog: &Catalog, event: &Event, language: Language) -> anyhow::Result<Self> {
        let schema = bare_payload_schema(catalog, event, language);
        let validator = jsonschema::validator_for(&schema).map_err(|error| anyhow::anyhow!("{error}"))?;
        Ok(Self { validator })
    }

    fn passes(&self, answer: &Answer) -> Result<(), String> {
        let payload = answer.as_ref().map_err(Clone::clone)?;
        self.validator.validate(payload).map_err(|error| format!("wrote {payload}, which is refused: {error}"))
    }
}

fn lossless(payload: &Value, answer: &Answer) -> Result<(), String> {
    let written = answer.as_ref().map_err(Clone::clone)?;
    if same(payload, written) { Ok(()) } else { Err(format!("came back as {written}")) }
}

/// Equal as JSON: `5` and `5.0` are one number, members have no order.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| same(left, right)))
        }
        _ => left == right, // Null, booleans, strings; and two kinds are never the same.
    }
}
