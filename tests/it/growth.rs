//! Growth rules over pairs of contracts: the text diff first, then the verdict, then the payload that proves it.
//!
//! A case is a folder of folders: `new`, and one for each released revision, oldest first. A folder without a
//! `growset.yaml` gets a plain one. `GROWSET_UPDATE=1 cargo test -p growset-tests` writes the reports anew; read them
//! as you read code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use growset_compat::growth::{Baseline, Class, Finding, GROWTH_RULES, Promise, Report, Shown, Witness, growth};
use growset_model::{Place, Severity};
use growset_syntax::{Input, Reading};
use serde_json::Value;
use similar::TextDiff;

use crate::workplace::repository;

/// Folders of cases about no single rule.
const OTHER_FOLDERS: [&str; 5] = ["corpus", "harmless", "reach", "recursion", "revisions"];

/// No contract can show that the checker is wrong.
const WITHOUT_FIXTURE: [&str; 1] = ["witness-unconfirmed"];

/// A row of `corpus/verdicts.json`: 54 changes as JSON Schema pairs, with verdicts made without this checker. Forward
/// is the new writer to the old reader (open pages), backward the old writer to the new reader (replay). Their enums and
/// unions are closed.
struct Row {
    case: String,
    broken: Vec<Promise>,
    rules: Vec<String>,
    is_sayable: bool,
}

const SETTINGS: &str = "growset: 1
title: Orders
schema_base: https://events.example.com/schemas
npm: { name: \"@example/events\" }
rust: { name: example-events }
";

type Files = BTreeMap<String, String>;

/// A case, read: its text diff and what the checker says.
pub(crate) struct Case {
    texts: Vec<(String, Files)>,
    new: Reading,
    pub(crate) report: Report,
}

impl Case {
    pub(crate) fn read(folder: &Path) -> Self {
        let mut sides: Vec<String> = folders_in(folder);
        sides.retain(|side| side != "new");
        sides.push("new".to_owned());
        let texts: Vec<(String, Files)> =
            sides.into_iter().map(|side| (side.clone(), files_below(&folder.join(&side)))).collect();
        let mut readings: Vec<Reading> = texts.iter().map(|(side, files)| read(folder, side, files)).collect();
        let new = readings.pop().expect("every case has a new side");
        let mut baseline = Baseline { promised: Some(BTreeMap::new()), ..Baseline::default() };
        for ((side, _), reading) in texts.iter().zip(&readings) {
            let of_side = Baseline::of_catalog(side, &reading.catalog);
            baseline.settings = of_side.settings;
            baseline.revisions.extend(of_side.revisions);
        }
        let report = growth(&baseline, &new.catalog);
        Self { texts, new, report }
    }

    /// What a person reviews.
    fn text(&self) -> String {
        let mut text = String::new();
        for pair in self.texts.windows(2) {
            let [(old_side, old), (new_side, new)] = pair else { continue };
            for path in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
                let [before, after] = [old, new].map(|files| files.get(path).map_or("", String::as_str));
                if before != after {
                    let diff = TextDiff::from_lines(before, after);
                    let (from, to) = (format!("{old_side}/{path}"), format!("{new_side}/{path}"));
                    let _ = write!(text, "{}", diff.unified_diff().context_radius(1).header(&from, &to));
                }
            }
        }
        for change in &self.report.changes {
            let _ = writeln!(text, "\n{}: {}{}", change.class.as_str(), change.message, self.at(change.place));
        }
        for finding in &self.report.findings {
            self.write_finding(finding, &mut text);
        }
        if self.report.changes.is_empty() && self.report.findings.is_empty() {
            text.push_str("\nnothing changed\n");
        }
        text
    }

    fn at(&self, place: Place) -> String {
        self.new
            .sources
            .locate(place)
            .map_or_else(String::new, |at| format!(" ({}:{}:{})", at.path, at.line, at.column))
    }

    fn write_finding(&self, finding: &Finding, text: &mut String) {
        let mut line = |words: String| {
            let _ = writeln!(text, "{words}");
        };
        line(format!(
            "\n{}[{}]: {}{}",
            finding.class.as_str(),
            finding.rule.id,
            finding.message,
            self.at(finding.place)
        ));
        line(format!("  because {}", finding.reason));
        for (promise, made) in &finding.broken {
            let made: Vec<String> = made.iter().map(|made| format!("{} {}", made.event, made.revision)).collect();
            line(format!("  breaks {promise} of {}", made.join(", ")));
        }
        for promise in finding.undecided.keys() {
            line(format!("  not shown to keep {promise}"));
        }
        if finding.carried_by.len() > 1 {
            let events: Vec<String> = finding.carried_by.iter().map(ToString::to_string).collect();
            line(format!("  carried by {}", events.join(", ")));
        }
        match &finding.proof {
            Shown::Witnesses(witnesses) => {
                for Witness { promise, payload, refusal, .. } in witnesses {
                    line(format!("  {promise}: {payload}\n    refused: {refusal}"));
                }
            }
            Shown::Sample(Some(payload)) => line(format!("  sample: {payload}")),
            Shown::Sample(None) => (),
            Shown::Unproven { reason } => line(format!("  no payload shows it: {reason}")),
            Shown::Contradicted { payload, says } => line(format!("  {says}: {payload}")),
        }
        for way_out in &finding.help {
            line(format!("  help: {way_out}"));
        }
    }
}

fn read(folder: &Path, side: &str, files: &Files) -> Reading {
    let settings = (!files.contains_key("growset.yaml")).then(|| ("growset.yaml".to_owned(), SETTINGS.to_owned()));
    let inputs = files.clone().into_iter().chain(settings).map(|(path, text)| Input {
        shown: format!("{side}/{path}"),
        path,
        bytes: text.into_bytes(),
    });
    let reading = growset_syntax::read(inputs.collect());
    let errors: Vec<&str> = reading
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    assert!(errors.is_empty(), "{}/{side}: {errors:?}", folder.display());
    reading
}

fn folders_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder of fixtures can be read");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("a fixture can be read"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn files_below(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(inside) = waiting.pop() {
        for entry in std::fs::read_dir(&inside).expect("a folder of fixtures can be read") {
            let path = entry.expect("a fixture can be read").path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let below = path.strip_prefix(folder).expect("is below").to_string_lossy().replace('\\', "/");
            files.insert(below, std::fs::read_to_string(&path).expect("a fixture is text").replace("\r\n", "\n"));
        }
    }
    files
}

pub(crate) fn fixtures() -> PathBuf {
    repository().join("tests/fixtures/growth")
}

/// The rules that a folder of cases is named after. `lints` holds them equal to the rules and their pages.
pub(crate) fn rules_with_fixture() -> impl Iterator<Item = String> {
    let folders = folders_in(&fixtures()).into_iter().filter(|folder| !OTHER_FOLDERS.contains(&folder.as_str()));
    folders.chain(WITHOUT_FIXTURE.map(str::to_owned))
}

/// Every case with its folder's name, in order.
fn cases() -> Vec<(String, PathBuf)> {
    let cases_of = |folder: String| {
        let path = fixtures().join(&folder);
        folders_in(&path).into_iter().map(move |case| (folder.clone(), path.join(case)))
    };
    folders_in(&fixtures()).into_iter().flat_map(cases_of).collect()
}

#[test]
fn every_change_is_judged_as_before() {
    let mut differences = Vec::new();
    for (_, folder) in cases() {
        let found = Case::read(&folder).text();
        let path = folder.join("expected.txt");
        let expected = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        if expected == found {
            continue;
        }
        if std::env::var_os("GROWSET_UPDATE").is_some() {
            std::fs::write(&path, found).expect("the report can be written");
        } else {
            let diff = TextDiff::from_lines(expected.as_str(), &found).unified_diff().to_string();
            differences.push(format!("{}:\n{diff}", path.display()));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_growth_fixture_breaks_its_rule_by_a_place_in_the_new_text() {
    for (rule, folder) in cases().into_iter().filter(|(rule, _)| !OTHER_FOLDERS.contains(&rule.as_str())) {
        let case = Case::read(&folder);
        let found: Vec<&Finding> = case.report.findings.iter().filter(|finding| finding.rule.id == rule).collect();
        assert!(!found.is_empty(), "{} does not break {rule}", folder.display());
        let has_no_text = ["event-removed", "tombstone-removed", "package-renamed", "schema-base-changed"];
        if !has_no_text.contains(&rule.as_str()) {
            assert!(found.iter().all(|finding| finding.place.file().is_some()), "{}", folder.display());
        }
    }
}

#[test]
fn growth_rules_are_sorted() {
    assert!(GROWTH_RULES.is_sorted_by_key(|rule| rule.id), "{GROWTH_RULES:?}");
}

#[test]
fn what_only_grows_is_no_finding() {
    for (_, folder) in cases().into_iter().filter(|(rule, _)| rule == "harmless") {
        let report = Case::read(&folder).report;
        assert!(report.findings.is_empty() && report.class() <= Class::Additive, "{}", folder.display());
    }
}

fn corpus() -> Vec<Row> {
    let text = std::fs::read_to_string(fixtures().join("corpus/verdicts.json")).expect("the table can be read");
    let rows: Vec<Value> = serde_json::from_str(&text).expect("the table is JSON");
    let row = |row: &Value| {
        let directions =
            [("forward", Promise::OpenPages), ("backward", Promise::Replay), ("publishers", Promise::Publishers)];
        Row {
            case: row["case"].as_str().unwrap_or_default().to_owned(),
            broken: directions.into_iter().filter(|(key, _)| row[key] == "break").map(|(_, promise)| promise).collect(),
            rules: row["rules"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|id| Some(id.as_str()?.to_owned()))
                .collect(),
            is_sayable: row["unsayable"].is_null(),
        }
    };
    rows.iter().map(row).collect()
}

#[test]
fn the_corpus_agrees_in_both_directions() {
    let rows = corpus();
    let folders: BTreeSet<String> = folders_in(&fixtures().join("corpus")).into_iter().collect();
    let sayable: BTreeSet<String> = rows.iter().filter(|row| row.is_sayable).map(|row| row.case.clone()).collect();
    assert_eq!((rows.len(), sayable.len()), (54, 45));
    assert_eq!(folders, sayable);
    for row in rows.iter().filter(|row| row.is_sayable) {
        let report = Case::read(&fixtures().join("corpus").join(&row.case)).report;
        let broken: BTreeSet<Promise> =
            report.findings.iter().flat_map(|finding| finding.broken.keys().copied()).collect();
        let rules: BTreeSet<&str> = report.findings.iter().map(|finding| finding.rule.id).collect();
        assert_eq!(broken.into_iter().collect::<Vec<_>>(), row.broken, "{}", row.case);
        assert_eq!(rules.into_iter().collect::<Vec<_>>(), row.rules, "{}", row.case);
    }
}
