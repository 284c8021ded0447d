//! Whatever the bytes: no panic, no hang, and every place inside its text on character boundaries.

use std::path::Path;

use growset_model::{Place, Sources};
use growset_syntax::{Reading, apply_fixes};
use proptest::prelude::*;

use crate::show::{folder, input};

/// The bytes as each kind of file at once.
fn read_as_everything(bytes: &[u8]) -> Reading {
    let paths = ["growset.yaml", "shared.types.yaml", "order.created.yaml"];
    growset_syntax::read(paths.map(|path| input(path, bytes)).to_vec())
}

fn check_places(reading: &Reading) {
    let inside = |sources: &Sources, place: Place| place.file().is_none() || sources.text(place).is_some();
    for diagnostic in &reading.diagnostics {
        let related = diagnostic.related.iter().map(|label| label.place);
        let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.place);
        for place in related.chain(edits).chain([diagnostic.place]) {
            assert!(inside(&reading.sources, place), "{diagnostic:?}");
        }
        assert!(!diagnostic.message.is_empty());
    }
    for event in reading.catalog.events.values() {
        assert!(inside(&reading.sources, event.place));
        assert!(event.examples.iter().all(|example| inside(&reading.sources, example.place)));
    }
    apply_fixes(&reading.sources, &reading.diagnostics);
}

#[test]
fn the_corpus_of_the_fuzzer_is_read_to_its_end() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/read");
    let mut count = 0;
    for entry in std::fs::read_dir(corpus).expect("the corpus is in the repository") {
        let path = entry.expect("is readable").path();
        let bytes = std::fs::read(&path).expect("is readable");
        let reading = read_as_everything(&bytes);
        assert!(!reading.diagnostics.is_empty(), "{} is hostile and passes", path.display());
        check_places(&reading);
        count += 1;
    }
    assert!(count > 40);
}

#[test]
fn one_broken_file_hides_nothing_in_the_others() {
    let good = "event: a.b\naudience: org\nfields:\n  one: Money\n  two: strng\n";
    let reading = crate::show::read(&[("a.b.yaml", good), ("money.types.yaml", "types:\n  Money: \"torn")]);
    let rules: Vec<&str> = reading.diagnostics.iter().map(|diagnostic| diagnostic.rule.id).collect();
    // `Money` may well be defined in the torn file, so it is not called unknown.
    assert_eq!(rules, ["unknown-type", "yaml-syntax"]);
}

#[test]
fn a_contract_may_be_as_large_as_the_limit() {
    let padding = "#".repeat((1 << 20) - "event: a.b\naudience: org\nfields: {}\n".len());
    let text = format!("event: a.b\naudience: org\nfields: {{}}\n{padding}");
    assert_eq!(crate::show::report(&crate::show::read(&[("a.b.yaml", &text)])), "");
    let larger = format!("{text}#");
    assert!(crate::show::report(&crate::show::read(&[("a.b.yaml", &larger)])).starts_with("error[file-too-large]"));
}

fn contracts() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let mut texts: Vec<(String, Vec<u8>)> = folder(&root).into_iter().map(|input| (input.path, input.bytes)).collect();
    texts.sort();
    texts.into_iter().map(|(_, bytes)| bytes).collect()
}

/// One change of some bytes.
#[derive(Debug, Clone)]
enum Mutation {
    Replace(prop::sample::Index, u8),
    Remove(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    Repeat(prop::sample::Index, u8),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let telling = prop::sample::select(b"\n\t :,{}[]<>&*!|%@`'\"#-?~=0123no\\\xff\xc3\0".to_vec());
    let token = prop::sample::select(vec![
        "- ",
        ": ",
        "<<: ",
        "&a ",
        "*a",
        "!!str ",
        "|\n",
        "é",
        "\u{2028}",
        "list<",
        "from: ",
        "fields:\n",
    ]);
    prop_oneof![
        (any::<prop::sample::Index>(), telling).prop_map(|(at, byte)| Mutation::Replace(at, byte)),
        (any::<prop::sample::Index>(), 1..40u8).prop_map(|(at, count)| Mutation::Remove(at, count)),
        (any::<prop::sample::Index>(), token).prop_map(|(at, text)| Mutation::Insert(at, text.into())),
        (any::<prop::sample::Index>(), 1..40u8).prop_map(|(at, count)| Mutation::Repeat(at, count)),
    ]
}

fn apply(bytes: &mut Vec<u8>, mutation: Mutation) {
    if bytes.is_empty() {
        return;
    }
    let length = bytes.len();
    match mutation {
        Mutation::Replace(at, byte) => bytes[at.index(length)] = byte,
        Mutation::Remove(at, count) => {
            let start = at.index(length);
            bytes.drain(start..length.min(start + usize::from(count)));
        }
        Mutation::Insert(at, text) => {
            let at = at.index(length);
            bytes.splice(at..at, text);
        }
        Mutation::Repeat(at, count) => {
            let start = at.index(length);
            let part = bytes[start..length.min(start + usize::from(count))].to_vec();
            bytes.splice(start..start, part);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_contract_never_breaks_the_reader(
        contract in prop::sample::select(contracts()),
        mutations in prop::collection::vec(mutation(), 1..8),
    ) {
        let mut bytes = contract;
        for mutation in mutations {
            apply(&mut bytes, mutation);
        }
        check_places(&read_as_everything(&bytes));
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check_places(&read_as_everything(&bytes));
    }
}

#[test]
fn a_message_never_carries_what_would_disturb_a_terminal() {
    let text = format!("event: a.b\naudience: org\nfields: {{}}\n\"{}\\e[31m\u{202e}\": x\n", "k".repeat(5000));
    let long = read_as_everything(text.as_bytes());
    let escape = read_as_everything("event: a.b\n\"\\e[31m\u{202e}\": x\n".as_bytes());
    for diagnostic in long.diagnostics.iter().chain(&escape.diagnostics) {
        assert!(diagnostic.message.len() < 1000, "{}", diagnostic.message);
        assert!(!diagnostic.message.contains(['\u{1b}', '\u{202e}']), "{:?}", diagnostic.message);
    }
}
