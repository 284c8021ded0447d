//! Every rule has one page and one fixture, and every fixture breaks its rule and no other.
//!
//! `GROWSET_UPDATE=1 cargo test -p growset-tests` writes the reports anew; read them as you read code.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::growth;
use crate::lock;
use crate::workplace::{growset_in, repository};

fn fixtures() -> Vec<(String, PathBuf)> {
    let folder = repository().join("tests/fixtures/lints");
    let entries = std::fs::read_dir(&folder).expect("the fixtures can be read");
    let mut fixtures: Vec<(String, PathBuf)> = entries
        .map(|entry| entry.expect("the fixtures can be read"))
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .collect();
    fixtures.sort();
    fixtures
}

/// The expected report, or nothing after writing it.
fn differs(fixture: &Path, report: &str) -> Option<String> {
    let path = fixture.join("report.txt");
    let expected = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if expected == report {
        return None;
    }
    if std::env::var_os("GROWSET_UPDATE").is_some() {
        std::fs::write(&path, report).expect("the report can be written");
        return None;
    }
    let diff = similar::TextDiff::from_lines(expected.as_str(), report).unified_diff().to_string();
    Some(format!("{}:\n{diff}", path.display()))
}

#[test]
fn every_fixture_is_reported_as_before() {
    let differences: Vec<String> = fixtures()
        .into_iter()
        .filter_map(|(_, fixture)| differs(&fixture, &growset_in(&fixture, &["check", "--contracts", "contracts"]).out))
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_fixture_breaks_its_rule_and_no_other() {
    let mut wrong = Vec::new();
    for (id, fixture) in fixtures() {
        let answer = growset_in(&fixture, &["check", "--format", "json", "--contracts", "contracts"]);
        let report: Value = serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{id}: {error}"));
        let found: Vec<&Value> = report["diagnostics"].as_array().into_iter().flatten().collect();
        let rules: BTreeSet<&str> = found.iter().filter_map(|diagnostic| diagnostic["rule"].as_str()).collect();
        if rules != BTreeSet::from([id.as_str()]) {
            wrong.push(format!("{id} reports {rules:?}"));
        }
        let is_invalid = found.iter().any(|diagnostic| diagnostic["severity"] == "error");
        assert_eq!(answer.code, if is_invalid { 2 } else { 0 }, "{id}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_pages_and_fixtures_are_the_same_set() {
    let rules: BTreeSet<String> = growset_cli::all_rules().iter().map(|rule| rule.id.to_owned()).collect();
    let pages: BTreeSet<String> = growset_cli::rule_ids_with_page().map(str::to_owned).collect();
    let fixtures: BTreeSet<String> = fixtures()
        .into_iter()
        .map(|(id, _)| id)
        .chain(growth::rules_with_fixture())
        .chain(lock::RULES.map(str::to_owned))
        .collect();
    let missing = |from: &BTreeSet<String>| rules.difference(from).cloned().collect::<Vec<_>>();
    let orphans = |of: &BTreeSet<String>| of.difference(&rules).cloned().collect::<Vec<_>>();
    let wrong = [missing(&pages), orphans(&pages), missing(&fixtures), orphans(&fixtures)];
    assert!(
        wrong.iter().all(Vec::is_empty),
        "rules without page: {:?}\npages without rule: {:?}\nrules without fixture: {:?}\nfixtures without rule: {:?}",
        wrong[0],
        wrong[1],
        wrong[2],
        wrong[3]
    );
}

#[test]
fn every_page_bears_its_rule_and_shows_the_wrong_and_the_right_spelling() {
    for id in fixtures().into_iter().map(|(id, _)| id).chain(growth::rules_with_fixture()) {
        let page = growset_in(&repository(), &["explain", &id]).out;
        assert!(page.starts_with(&format!("# {id}\n")), "{id}");
        assert!(page.matches("```yaml").count() >= 2, "the page of {id} shows a wrong and a right example");
    }
}
