//! Validators of random contracts with payloads, most of them spoilt, and what the `jsonschema` crate says of each by
//! the schema for listeners. `tests/npm/validators.test.mjs` asks the validators the same.

use std::fs;

use anyhow::Context;
use growset_model::arbitrary::{catalog, event_payload};
use growset_model::{Catalog, Event, Language, SAFE_INTEGER, Sources, bare_payload_schema};
use proptest::prelude::Rng;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{TestRng, TestRunner};
use serde_json::{Map, Value, json};

use super::{fixtures, repository, typescript};
use crate::catalogs::read_folder;

const CATALOGS: usize = 40;
const PAYLOADS: usize = 12;
/// Of each payload.
const SPOILT: usize = 4;

#[test]
fn validators_and_judged_payloads_are_written_for_the_npm_tests() -> anyhow::Result<()> {
    let mut runner = TestRunner::deterministic();
    let mut cases = vec![
        ("everything".to_owned(), read_folder(&repository().join("tests/npm/fixtures/constructs"))?.catalog),
        ("platform".to_owned(), read_folder(&repository().join("contracts"))?.catalog),
    ];
    for number in 0..CATALOGS {
        let tree = catalog().new_tree(&mut runner).map_err(|reason| anyhow::anyhow!("{reason}"))?;
        cases.push((format!("case{number}"), tree.current()));
    }
    let folder = fixtures().join("validators");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut judged = Vec::new();
    for (case, catalog) in &cases {
        let mut modules: Vec<String> = Vec::new();
        for artifact in typescript(catalog, &Sources::default())? {
            let path = artifact.path.strip_prefix("typescript/").context("the target's own folder")?;
            if matches!(path, "listener/check.js" | "listener/known.js")
                || (path.starts_with("validate/") && path.ends_with(".js"))
            {
                let file = folder.join(case).join(path);
                fs::create_dir_all(file.parent().context("has a folder")?)?;
                fs::write(file, &artifact.text)?;
                modules.extend(path.starts_with("validate/").then(|| format!("{case}/{path}")));
            }
        }
        modules.sort();
        let events = catalog.events.values().filter(|event| event.retired.is_none() && event.record().is_some());
        for event in events {
            let module = format!("{case}/validate/{}.js", event.name.as_str().replace(':', "-"));
            // Two names that file systems do not tell apart share a file; the names of contracts are rarely so.
            if modules.contains(&module) {
                let schema = bare_payload_schema(catalog, event, Language::Reader);
                judged.push(json!({
                    "module": module,
                    // What is carried whole passes as it is, whatever its schema says.
                    "isWhole": schema.to_string().contains("x-growset-opaque"),
                    "payloads": payloads(&mut runner, catalog, event, &schema)?,
                }));
            }
        }
    }
    fs::write(folder.join("judged.json"), Value::from(judged).to_string())?;
    Ok(())
}

/// Of each payload, whether a listener must accept it, and whether the contract lists all that it holds: what is streamed
/// today holds nothing else, but has its derived fields, which a listener can do without.
fn payloads(runner: &mut TestRunner, catalog: &Catalog, event: &Event, schema: &Value) -> anyhow::Result<Vec<Value>> {
    let judge = jsonschema::validator_for(schema)?;
    let of_today = jsonschema::validator_for(&bare_payload_schema(catalog, event, Language::Wire))?;
    let of_publishers = jsonschema::validator_for(&bare_payload_schema(catalog, event, Language::Intake))?;
    let strategy = event_payload(catalog, &event.name, Language::Reader);
    let mut values: Vec<Value> = event.examples.iter().map(|example| example.value.clone()).collect();
    for _ in 0..PAYLOADS {
        values.push(strategy.new_tree(runner).map_err(|reason| anyhow::anyhow!("{reason}"))?.current());
    }
    let rng = runner.rng();
    for whole in values.clone() {
        for _ in 0..SPOILT {
            let mut value = whole.clone();
            spoil(&mut value, rng);
            values.push(value);
        }
    }
    values.iter_mut().for_each(as_javascript_reads);
    let is_listed = |value: &Value| of_today.is_valid(value) || of_publishers.is_valid(value);
    Ok(values.into_iter().map(|value| json!([value, judge.is_valid(&value), is_listed(&value)])).collect())
}

/// JavaScript reads every number as a double, so the judge is asked about what arrives.
fn as_javascript_reads(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(as_javascript_reads),
        Value::Object(members) => members.values_mut().for_each(as_javascript_reads),
        Value::Number(number) if number.as_i64().is_none_or(|whole| whole.abs() > SAFE_INTEGER) => {
            *value = number.as_f64().map_or(Value::Null, Value::from);
        }
        Value::Number(_) | Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// Changes one part, wherever it is.
fn spoil(value: &mut Value, rng: &mut TestRng) {
    let goes_down = !rng.next_u32().is_multiple_of(4);
    match value {
        Value::Object(members) if goes_down && !members.is_empty() => {
            let at = rng.next_u32() as usize % members.len();
            let key = members.keys().nth(at).cloned().unwrap_or_default();
            match rng.next_u32() % 6 {
                0 => _ = members.remove(&key),
                1 => _ = members.insert("constructor".to_owned(), Value::Null),
                _ => members.get_mut(&key).into_iter().for_each(|member| spoil(member, rng)),
            }
        }
        Value::Array(items) if goes_down && !items.is_empty() => {
            let at = rng.next_u32() as usize % items.len();
            match rng.next_u32() % 5 {
                0 => _ = items.remove(at),
                1 => items.push(items[at].clone()),
                _ => spoil(&mut items[at], rng),
            }
        }
        Value::String(text) if goes_down => match rng.next_u32() % 5 {
            0 => text.push('\n'),
            1 => text.push('🦀'),
            2 => *text = text.repeat(2),
            3 => *text = text.chars().skip(1).collect(),
            _ => *text = text.to_uppercase(),
        },
        Value::Number(number) if goes_down => {
            let changed = number.as_i64().map(|whole| Value::from(whole.wrapping_add(1)));
            *value = changed.unwrap_or_else(|| Value::from(-number.as_f64().unwrap_or_default()));
        }
        part => *part = other(rng),
    }
}

fn other(rng: &mut TestRng) -> Value {
    let others = [
        Value::Null,
        Value::Bool(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(9_007_199_254_740_992_i64),
        json!(""),
        json!("toString"),
        json!("2026-02-28"),
        json!([]),
        json!([null]),
        Value::Object(Map::new()),
        json!({ "__proto__": 1 }),
    ];
    others[rng.next_u32() as usize % others.len()].clone()
}
