//! Random catalogs of the model's own making, through every room that reads one.

use growset_model::{Catalog, Event, Severity, arbitrary, serial};
use growset_syntax::Input;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The contracts that say what a catalog says. JSON is YAML, so the serialised form is taken apart, and that is all.
fn contracts(catalog: &Catalog) -> Vec<Input> {
    let mut settings = serial::to_json(catalog).as_object().cloned().unwrap_or_default();
    let events = settings.remove("events");
    let types = settings.remove("types");
    let mut files = vec![
        ("growset.yaml".to_owned(), Value::Object(settings)),
        ("all.types.yaml".to_owned(), json!({ "types": types })),
    ];
    for (name, event) in events.as_ref().and_then(Value::as_object).into_iter().flatten() {
        let mut contract = Map::from_iter([("event".to_owned(), Value::from(name.as_str()))]);
        contract.extend(event.as_object().cloned().unwrap_or_default());
        let source = contract.remove("source").and_then(|source| source.as_str().map(str::to_owned));
        files.push((source.unwrap_or_default(), Value::Object(contract)));
    }
    let input = |(path, value): (String, Value)| {
        // YAML takes a delete character only in its escaped form (YAML 1.2.2, c-printable); JSON leaves it as it is.
        let bytes = value.to_string().replace('\u{7f}', "\\u007f").into_bytes();
        Input { shown: path.clone(), path, bytes }
    };
    files.into_iter().map(input).collect()
}

/// The contracts as a person would write them.
fn written(catalog: &Catalog) -> Vec<Input> {
    let input =
        |path: &str, text: String| Input { path: path.to_owned(), shown: path.to_owned(), bytes: text.into_bytes() };
    let mut files = vec![
        input("growset.yaml", growset_syntax::write_settings(catalog)),
        input("all.types.yaml", growset_syntax::write_types(catalog.types.values())),
    ];
    files.extend(catalog.events.values().map(|event| input(&event.source, growset_syntax::write_event(event))));
    files
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_serialised_catalog_is_a_contract_too(catalog in arbitrary::catalog()) {
        let reading = growset_syntax::read(contracts(&catalog));
        let problems: Vec<String> = reading.diagnostics.iter().map(|diagnostic| format!("{}: {}", diagnostic.rule.id, diagnostic.message)).collect();
        prop_assert_eq!(problems, Vec::<String>::new());
        prop_assert_eq!(serial::to_json(&reading.catalog), serial::to_json(&catalog));
    }

    #[test]
    fn a_written_catalog_is_read_back_the_same(catalog in arbitrary::catalog()) {
        let files = written(&catalog);
        let reading = growset_syntax::read(files.clone());
        let problems: Vec<String> = reading.diagnostics.iter().map(|found| format!("{}: {}", found.rule.id, found.message)).collect();
        let texts: Vec<_> = files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect();
        prop_assert_eq!(problems, Vec::<String>::new(), "{}", texts.join("\n---\n"));
        prop_assert_eq!(serial::to_json(&reading.catalog), serial::to_json(&catalog), "{}", texts.join("\n---\n"));
    }

    #[test]
    fn a_contract_rewritten_to_another_says_the_other(catalog in arbitrary::catalog()) {
        for (before, other) in catalog.events.values().zip(catalog.events.values().skip(1)) {
            let after = Event { name: before.name.clone(), source: before.source.clone(), ..other.clone() };
            for files in [written(&catalog), contracts(&catalog)] {
                let own = files.iter().find(|file| file.path == before.source).map(|file| file.bytes.clone());
                let own = String::from_utf8(own.unwrap_or_default()).expect("is UTF-8");
                let rewritten = growset_syntax::rewrite_event(&own, before, &after).expect("is a contract");
                let said = |text: &str| {
                    let file = |file: &Input| {
                        if file.path == before.source { Input { bytes: text.into(), ..file.clone() } } else { file.clone() }
                    };
                    let reading = growset_syntax::read(files.iter().map(file).collect());
                    reading.catalog.events.get(&before.name).map(serial::event_to_json)
                };
                let anew = growset_syntax::write_event(&after);
                prop_assert_eq!(said(&rewritten), said(&anew), "{}\n---\n{}\n---\n{}", own, rewritten, anew);
            }
        }
    }

    #[test]
    fn a_random_catalog_breaks_no_rule_that_makes_it_invalid(catalog in arbitrary::catalog()) {
        let errors: Vec<String> = growset_compat::lint(&catalog, growset_derive::BUILT_IN, growset_compat::RULES)
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .map(|diagnostic| format!("{}: {}", diagnostic.rule.id, diagnostic.message))
            .collect();
        prop_assert_eq!(errors, Vec::<String>::new());
    }
}
