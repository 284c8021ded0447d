//! What changed between two catalogs, a line per change, and what each release brought.

use std::collections::BTreeSet;

use growset_codegen::{Release, ReleasedChange};
use growset_compat::growth::{Baseline, Class, Report, growth};
use growset_model::lock::Lock;
use growset_model::{Catalog, EventName, Version};

/// The heaviest first, as a reader wants to know of them.
const CLASSES: [(Class, &str); 6] = [
    (Class::Breaking, "Breaking"),
    (Class::Policy, "Against the policy of released events"),
    (Class::Source, "For code that uses the packages"),
    (Class::Warning, "To know"),
    (Class::Additive, "Added"),
    (Class::Unchanged, "Documentation and settings"),
];

/// One change, whatever kind it is of.
pub(crate) struct Line<'a> {
    pub class: Class,
    pub root: String,
    pub path: String,
    pub message: &'a str,
    pub rule: Option<&'static str>,
    pub carried_by: Vec<&'a str>,
    /// The promises of which nobody knows whether they are kept.
    pub undecided: Vec<&'static str>,
}

/// What each release brought, and what is not released yet, the newest first.
pub(crate) fn of(lock: &Lock, catalog: &Catalog) -> Vec<Release> {
    let mut before = Catalog::default();
    let mut history = Vec::new();
    // Two branches may have made one version; their merge is one release.
    let mut versions: Vec<Version> = lock.releases.iter().map(|release| release.version).collect();
    versions.dedup();
    for version in versions {
        let after = lock.catalog_at(version);
        let date = lock.releases.iter().rfind(|release| release.version == version).map(|release| release.date);
        history.push(Release { version: Some(version.to_string()), date, changes: changes(&before, &after) });
        before = after;
    }
    if !history.is_empty() && !lock.holds(catalog) {
        let changes = changes(&before, catalog);
        history.extend((!changes.is_empty()).then_some(Release { version: None, date: None, changes }));
    }
    history.reverse();
    history
}

fn changes(before: &Catalog, after: &Catalog) -> Vec<ReleasedChange> {
    let mut report = growth(&Baseline::of_catalog("the release before", before), after);
    if before.events.is_empty() {
        // Everything is new, and nothing of it is a change of settings.
        report.findings.clear();
    }
    let lines = lines(&report);
    let mut changes = Vec::new();
    for (kind, of_class) in grouped(&lines) {
        changes.extend(of_class.into_iter().map(|line| {
            let names = line.carried_by.iter().copied().chain([line.root.as_str()]);
            let events = names.filter_map(|name| EventName::parse_any_style(name).ok());
            let events = events.filter(|name| after.events.contains_key(name)).collect();
            ReleasedChange { kind, message: line.message.to_owned(), events }
        }));
    }
    changes
}

/// Every change of a report.
pub(crate) fn lines(report: &Report) -> Vec<Line<'_>> {
    let findings = report.findings.iter().map(|finding| Line {
        class: finding.class,
        root: finding.root.to_string(),
        path: finding.path.to_string(),
        message: &finding.message,
        rule: Some(finding.rule.id),
        carried_by: names(&finding.carried_by),
        undecided: finding.undecided.keys().map(|promise| promise.as_str()).collect(),
    });
    let changes = report.changes.iter().map(|change| Line {
        class: change.class,
        root: change.root.to_string(),
        path: change.path.to_string(),
        message: &change.message,
        rule: None,
        carried_by: names(&change.carried_by),
        undecided: Vec::new(),
    });
    findings.chain(changes).collect()
}

fn names(events: &BTreeSet<EventName>) -> Vec<&str> {
    events.iter().map(EventName::as_str).collect()
}

/// The lines of each class that has some.
pub(crate) fn grouped<'a, 'l>(lines: &'l [Line<'a>]) -> impl Iterator<Item = (&'static str, Vec<&'l Line<'a>>)> {
    CLASSES.into_iter().filter_map(move |(class, heading)| {
        let of_class: Vec<&Line> = lines.iter().filter(|line| line.class == class).collect();
        (!of_class.is_empty()).then_some((heading, of_class))
    })
}
