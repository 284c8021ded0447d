//! Every rule over the fixture that breaks it, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;

use growset_model::Severity;
use growset_syntax::{RULES, apply_fixes};

use crate::show::{folder, report};

#[test]
fn every_rule_has_a_fixture_that_breaks_it_alone() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/lints");
    let mut reports = String::new();
    for rule in RULES.iter().filter(|rule| rule.id != "unreadable-file") {
        let reading = growset_syntax::read(folder(&fixtures.join(rule.id).join("contracts")));
        let broken: BTreeSet<&str> = reading.diagnostics.iter().map(|diagnostic| diagnostic.rule.id).collect();
        assert_eq!(broken.into_iter().collect::<Vec<_>>(), [rule.id]);
        reports += &format!("# {}\n{}\n", rule.id, report(&reading));
    }
    insta::assert_snapshot!(reports);
}

#[test]
fn a_certain_fix_leaves_nothing_for_the_next_run() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/lints");
    for rule in ["ambiguous-scalar", "unknown-key", "wrong-shape"] {
        let mut inputs = folder(&fixtures.join(rule).join("contracts"));
        let reading = growset_syntax::read(inputs.clone());
        for (file, text) in apply_fixes(&reading.sources, &reading.diagnostics) {
            let shown = &reading.sources.file(file).expect("is a source").path;
            let input = inputs.iter_mut().find(|input| input.shown == *shown).expect("was read");
            input.bytes = text.into_bytes();
        }
        let problems = growset_syntax::read(inputs).diagnostics;
        assert!(problems.iter().all(|problem| problem.severity != Severity::Error), "{rule}: {problems:?}");
    }
}
