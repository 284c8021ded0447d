//! Contracts against what was released: findings as diagnostics, waivers applied.

use std::collections::BTreeMap;

use growset_compat::growth::{Before, Class, Finding, Harmless, Made, Report, Shown, growth};
use growset_model::{Catalog, Date, Diagnostic, EventName, Place, Sources, Waiver};

use crate::baseline::Compared;
use crate::rules::{WAIVER_EXPIRED, WAIVER_UNUSED};

/// What a comparison came to.
pub(crate) struct Growth {
    /// What it was made with.
    pub baseline: String,
    /// How many revisions that holds.
    pub revisions: usize,
    /// The newest of each event.
    newest: BTreeMap<EventName, String>,
    /// Findings that nobody waived, and every change that breaks no rule.
    pub report: Report,
    /// Where the baseline has what changed.
    pub places: BTreeMap<Before, String>,
    /// Findings that a waiver in force covers.
    pub waived: Vec<Waived>,
    /// One for each finding, and for each waiver that is not in order.
    pub diagnostics: Vec<Diagnostic>,
}

/// A finding that a team decided to live with.
pub(crate) struct Waived {
    /// What breaks.
    pub finding: Finding,
    /// Why that is right, who answers for it, and until when.
    pub waiver: Waiver,
    /// The finding as it would be reported.
    pub diagnostic: Diagnostic,
}

/// Compares a catalog, and sets waived findings aside.
pub(crate) fn compare(compared: &Compared, catalog: &Catalog, waivers: &[Waiver], today: Date) -> Growth {
    let mut report = growth(&compared.baseline, catalog);
    let by_fingerprint: BTreeMap<&str, &Waiver> =
        waivers.iter().map(|waiver| (waiver.fingerprint.as_str(), waiver)).collect();
    let mut diagnostics = Vec::new();
    let mut waived = Vec::new();
    let mut used = Vec::new();
    let mut findings = Vec::new();
    for finding in std::mem::take(&mut report.findings) {
        let waiver = by_fingerprint.get(finding.fingerprint.as_str()).copied();
        used.extend(waiver.map(|waiver| waiver.fingerprint.as_str()));
        match waiver {
            Some(waiver) if waiver.expires >= today => {
                let diagnostic = diagnostic(&finding, compared);
                waived.push(Waived { finding, waiver: waiver.clone(), diagnostic });
            }
            _ => findings.push(finding), // Not waived, or no longer.
        }
    }
    for waiver in waivers {
        if !used.contains(&waiver.fingerprint.as_str()) {
            // Waivers speak of what was released; beside another baseline they may have nothing to waive.
            diagnostics.extend(compared.is_lock.then(|| unused(waiver)));
        } else if waiver.expires < today {
            diagnostics.push(expired(waiver));
        }
    }
    diagnostics.extend(findings.iter().map(|finding| diagnostic(finding, compared)));
    report.findings = findings;
    let known = report.findings.iter().chain(waived.iter().map(|waived| &waived.finding));
    let places = known
        .flat_map(|finding| &finding.baseline)
        .filter_map(|before| Some((before.clone(), place_of(before, compared)?)))
        .collect();
    let revisions = &compared.baseline.revisions;
    // A later one is a newer one.
    let newest = revisions.iter().map(|revision| (revision.name.clone(), revision.label.clone())).collect();
    Growth { baseline: compared.name.clone(), revisions: revisions.len(), newest, places, report, waived, diagnostics }
}

impl Growth {
    /// The heaviest of all changes, waived ones included: what the next version has to say.
    pub(crate) fn class(&self) -> Class {
        let waived = self.waived.iter().map(|waived| waived.finding.class);
        waived.chain([self.report.class()]).max().unwrap_or(Class::Unchanged)
    }

    /// How many changes are growth since an event's newest revision; what an older one lacks was told by then.
    pub(crate) fn additions(&self) -> usize {
        let is_new = |change: &&Harmless| {
            let mut newest = change.carried_by.iter().filter_map(|event| self.newest.get(event));
            change.revisions.is_empty() || newest.any(|revision| change.revisions.contains(revision))
        };
        self.report.changes.iter().filter(|change| change.class == Class::Additive).filter(is_new).count()
    }
}

fn unused(waiver: &Waiver) -> Diagnostic {
    let message = format!("no finding has the fingerprint {}; remove the waiver", waiver.fingerprint);
    Diagnostic::new(&WAIVER_UNUSED, first_line(waiver.place), message).label("waives nothing")
}

fn expired(waiver: &Waiver) -> Diagnostic {
    let message = format!(
        "the waiver of finding {} by {} expired on {}; undo the break, or give the waiver a later day",
        waiver.fingerprint, waiver.owner, waiver.expires
    );
    Diagnostic::new(&WAIVER_EXPIRED, first_line(waiver.place), message).label("no longer in force")
}

/// The start of a waiver, so that no caret underlines half a file.
fn first_line(place: Place) -> Place {
    let start = place.range().start;
    place.file().map_or(Place::NOWHERE, |file| Place::new(file, start..start))
}

/// A finding with all that shows it, for every renderer of diagnostics.
pub(crate) fn diagnostic(finding: &Finding, compared: &Compared) -> Diagnostic {
    let mut diagnostic = finding.diagnostic();
    for (promise, made) in &finding.broken {
        diagnostic = diagnostic.note(format!("breaks {promise}, promised by {}", listed(made)));
    }
    for (promise, made) in &finding.undecided {
        diagnostic = diagnostic.note(format!("not shown to keep {promise}, promised by {}", listed(made)));
    }
    diagnostic = match &finding.proof {
        Shown::Witnesses(witnesses) => witnesses.iter().fold(diagnostic, |diagnostic, witness| {
            diagnostic
                .note(format!("witness for {} of {}: {}", witness.promise, witness.made.revision, witness.payload))
                .note(format!("refused by the {}: {}", taker(witness.promise), witness.refusal))
        }),
        Shown::Sample(Some(payload)) => diagnostic.note(format!("such a payload is {payload}")),
        Shown::Sample(None) => diagnostic,
        Shown::Unproven { reason } => diagnostic.note(format!("no payload shows it: {reason}")),
        Shown::Contradicted { payload, says } => diagnostic.note(format!("{payload} should show it, and {says}")),
    };
    for before in baseline_places(finding, compared) {
        diagnostic = diagnostic.note(before);
    }
    let is_told = finding.carried_by.len() == 1
        && finding.carried_by.iter().all(|event| finding.root.to_string() == event.to_string());
    if !is_told && !finding.carried_by.is_empty() {
        let events: Vec<&str> = finding.carried_by.iter().map(|event| event.as_str()).collect();
        diagnostic = diagnostic.note(format!("carried by {}", events.join(", ")));
    }
    if matches!(finding.class, Class::Breaking | Class::Policy) {
        diagnostic = diagnostic.help(format!(
            "or waive it, with a reason and a last day, in waivers.yaml: `fingerprint: \"{}\"`",
            finding.fingerprint
        ));
    }
    diagnostic
}

fn taker(promise: growset_compat::growth::Promise) -> &'static str {
    use growset_compat::growth::Promise;
    match promise {
        Promise::OpenPages => "pages built then",
        Promise::Replay => "pages built now",
        Promise::Publishers => "intake now",
    }
}

fn listed(made: &[Made]) -> String {
    let mut names: Vec<String> = made.iter().map(|made| format!("{} of {}", made.revision, made.event)).collect();
    names.dedup();
    names.join(", ")
}

/// Where each revision has what changed, and how it spells it.
pub(crate) fn baseline_places(finding: &Finding, compared: &Compared) -> Vec<String> {
    let mut places = Vec::new();
    for before in &finding.baseline {
        let at = place_of(before, compared);
        let facet = if before.facet.is_empty() { String::new() } else { format!(" it was `{}`", before.facet) };
        let place = match (&at, facet.is_empty()) {
            (Some(at), true) => format!("in the baseline: {at}"),
            (Some(at), false) => format!("in the baseline{facet}: {at}"),
            (None, false) => format!("in the baseline {}{facet}", before.revision),
            (None, true) => continue,
        };
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// `origin/main:contracts/order.created.yaml:7:3`, or the line of the lock.
pub(crate) fn place_of(before: &Before, compared: &Compared) -> Option<String> {
    if let Some(at) = located(&compared.sources, before.place) {
        return Some(at);
    }
    let event = before.event.as_ref()?.to_string();
    let line = compared.lines.get(&(event, before.revision.clone()))?;
    Some(format!("{}:{line}", compared.name))
}

fn located(sources: &Sources, place: Place) -> Option<String> {
    let at = sources.locate(place)?;
    Some(format!("{}:{}:{}", at.path, at.line, at.column))
}
