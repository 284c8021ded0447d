//! A history of schemas, judged one revision after the other, and as a lock. Does not know how it is shown.

use std::collections::{BTreeMap, BTreeSet};

use growset_compat::growth::{Baseline, Class, Report, growth};
use growset_import::{Comparison, Difference, Import, Loss};
use growset_model::lock::Lock;
use growset_model::{Catalog, Date, EventName};

use crate::{baseline, version};

/// One revision of an event beside the one before it.
pub(crate) struct Step {
    pub event: EventName,
    /// The document of the older one.
    pub from: String,
    /// The document of the newer one.
    pub to: String,
    /// What changed, as far as contracts can say it.
    pub report: Report,
    /// What changed in the schemas and is lost on the way; where nothing else changed, whatever differs in them.
    pub unjudged: Vec<Unjudged>,
}

/// A difference that no comparison of contracts sees.
pub(crate) struct Unjudged {
    pub difference: Difference,
    /// Why.
    pub loss: Option<Loss>,
}

impl Step {
    /// The verdict in words. What the import lost may have changed all the same.
    pub(crate) fn verdict(&self) -> &'static str {
        match self.report.class() {
            Class::Unchanged if !self.unjudged.is_empty() => "unchanged as far as a contract can say",
            class => class.as_str(),
        }
    }
}

/// Every step of every event, by event, oldest first.
pub(crate) fn steps(releases: &[Import], comparison: &Comparison) -> Vec<Step> {
    let losses = releases.last().map(|newest| newest.losses.as_slice()).unwrap_or_default();
    let mut steps = Vec::new();
    for pair in releases.windows(2) {
        let [before, after] = pair else { continue };
        for (event, to) in &after.documents {
            let Some(from) = before.documents.get(event).filter(|from| *from != to) else { continue };
            let old = Baseline { settings: None, ..Baseline::of_catalog(from, &alone(&before.catalog, event)) };
            let report = growth(&old, &alone(&after.catalog, event));
            let is_all = report.class() == Class::Unchanged;
            let unjudged = comparison.differences(from, to).into_iter().filter_map(|difference| {
                let loss = losses.iter().find(|loss| difference.is_lost_by(loss)).cloned();
                (is_all || loss.is_some()).then_some(Unjudged { difference, loss })
            });
            let unjudged = unjudged.collect();
            steps.push(Step { event: event.clone(), from: from.clone(), to: to.clone(), report, unjudged });
        }
    }
    // Stable, so that the steps of one event stay in their order.
    steps.sort_by(|left, right| left.event.cmp(&right.event));
    steps
}

/// The releases as a lock, oldest first. What broke, broke long ago: it is written down and compared no more.
pub(crate) fn lock(releases: &[Import], date: Date) -> Lock {
    let mut lock = Lock::default();
    for release in releases {
        let compared = baseline::of_lock(&lock, "the history");
        let report = growth(&compared.baseline, &release.catalog);
        let mut breaks: BTreeMap<EventName, (BTreeSet<String>, String)> = BTreeMap::new();
        for finding in report.findings.iter().filter(|finding| finding.class >= Class::Policy) {
            for name in &finding.carried_by {
                let standing = lock.standing().into_iter().filter(|entry| entry.name == *name);
                let digests = standing.map(|entry| entry.digest.clone()).collect();
                let path = release.documents.get(name).map_or("", String::as_str);
                breaks.entry(name.clone()).or_insert((digests, format!("imported history: {path} changed it so")));
            }
        }
        let version = version::next(&lock, &release.catalog);
        lock.release(&release.catalog, version, date, &breaks);
    }
    lock
}

/// One event with the types that it reaches.
fn alone(catalog: &Catalog, event: &EventName) -> Catalog {
    let Some(event) = catalog.events.get(event) else { return Catalog::default() };
    let types = catalog.reachable(&event.payload).into_iter().map(|(name, named)| (name.clone(), named.clone()));
    Catalog {
        types: types.collect(),
        events: BTreeMap::from([(event.name.clone(), event.clone())]),
        ..Catalog::default()
    }
}
