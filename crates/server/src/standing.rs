//! How one catalog stands to the admitted one: the same, newer, older, or diverged, and then with every reason.
//!
//! Growth is transitive, so that what grows from the admitted catalog grows from everything before it.

use std::collections::BTreeSet;
use std::fmt;

use growset_compat::growth::{Baseline, Finding, Report, Shown, growth};
use growset_model::{Catalog, EventName, Severity, fingerprint};
use serde_json::Value;

use crate::admission::{Admission, Served};

/// How a candidate stands to the admitted catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is the admitted one.
    Same,
    /// It grows from the admitted one, and takes its place.
    Newer {
        /// Events whose unreleased shape changed: their history means nothing any more.
        forgotten: BTreeSet<EventName>,
    },
    /// Every shape of it is in the admitted one's history, which goes on being served.
    Older,
}

/// Why a catalog does not grow from the admitted one.
#[derive(Debug, Clone, PartialEq)]
pub struct Divergence {
    findings: Vec<Finding>,
}

impl Divergence {
    /// For programs: every finding, with its witness.
    pub fn to_json(&self) -> Value {
        self.findings.iter().map(Finding::to_json).collect()
    }

    /// The ids of the rules that are broken.
    pub fn rules(&self) -> impl Iterator<Item = &'static str> {
        self.findings.iter().map(|finding| finding.rule.id)
    }
}

impl std::error::Error for Divergence {}

impl fmt::Display for Divergence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the catalog does not grow from the one that is served")?;
        for finding in &self.findings {
            write!(formatter, "\n  {}: {}", finding.rule.id, finding.message)?;
            let payload = match &finding.proof {
                Shown::Witnesses(witnesses) => witnesses.first().map(|witness| &witness.payload),
                Shown::Sample(_) | Shown::Unproven { .. } | Shown::Contradicted { .. } => None,
            };
            match payload {
                Some(payload) => write!(formatter, ", as {payload} shows: {}", finding.reason)?,
                None => write!(formatter, ": {}", finding.reason)?,
            }
        }
        Ok(())
    }
}

impl Standing {
    /// Judges a candidate. Under `--dev` released shapes alone are held to.
    pub(crate) fn of(candidate: &Admission, admitted: &Admission) -> Result<Self, Divergence> {
        if candidate.json() == admitted.json() {
            return Ok(Self::Same);
        }
        let report = growth(&baseline(candidate, admitted), candidate.catalog());
        let findings = breaks(report);
        if findings.is_empty() {
            return Ok(Self::Newer { forgotten: forgotten(candidate, admitted) });
        }
        if is_history(candidate.catalog(), admitted) { Ok(Self::Older) } else { Err(Divergence { findings }) }
    }
}

/// What the candidate has to grow from: every admitted shape that was not broken under a waiver since, drafts left out.
fn baseline(candidate: &Admission, admitted: &Admission) -> Baseline {
    let mut baseline = Baseline::of_catalog("the admitted catalog", admitted.catalog());
    // Names of packages are no matter of the wire.
    baseline.settings = None;
    baseline.revisions.retain(|revision| {
        let event = revision.contract.event();
        let digest = fingerprint(admitted.catalog(), &event).digest;
        let is_binding = match candidate.served() {
            Served::Released => !event.is_draft(),
            Served::Everything => {
                candidate.released().holds(&event.name, &digest) || admitted.released().holds(&event.name, &digest)
            }
        };
        is_binding && !candidate.released().broke(&event.name, &digest)
    });
    baseline
}

fn breaks(report: Report) -> Vec<Finding> {
    report.findings.into_iter().filter(|finding| finding.severity() == Severity::Error).collect()
}

/// Whether every stable shape of a catalog was released before, by the admitted one's own account.
fn is_history(catalog: &Catalog, admitted: &Admission) -> bool {
    let mut stable = catalog.events.values().filter(|event| !event.is_draft());
    stable.all(|event| {
        let digest = fingerprint(catalog, event).digest;
        admitted.released().holds(&event.name, &digest) || admitted.released().broke(&event.name, &digest)
    })
}

/// Events whose admitted shape was never released and is gone.
fn forgotten(candidate: &Admission, admitted: &Admission) -> BTreeSet<EventName> {
    let shape = |admission: &Admission, name: &EventName| {
        let event = admission.catalog().events.get(name)?;
        Some(fingerprint(admission.catalog(), event).digest)
    };
    let changed = admitted.catalog().events.keys().filter(|name| {
        let old = shape(admitted, name);
        let was_released = old
            .as_ref()
            .is_some_and(|digest| admitted.released().holds(name, digest) || candidate.released().holds(name, digest));
        !was_released && shape(candidate, name) != old
    });
    changed.cloned().collect()
}
