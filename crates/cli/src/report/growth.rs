//! What a comparison with a baseline adds to a report: waivers in force, and how much was compared.

use growset_compat::growth::{Finding, Harmless};
use growset_model::Sources;
use serde_json::{Value, json};

use crate::comparison::{Growth, Waived};
use crate::report::counted;
use crate::report::json::place;

/// For people: one line per waiver in force, one for the comparison. Nothing where nothing was released.
pub(super) fn lines(growth: &Growth) -> String {
    let mut lines = String::new();
    for Waived { finding, waiver, .. } in &growth.waived {
        lines.push_str(&format!(
            "waived until {} by {}: {} ({})\n",
            waiver.expires, waiver.owner, finding.message, waiver.reason
        ));
    }
    if growth.revisions > 0 {
        let findings = match growth.report.findings.len() {
            0 => "nothing breaks".to_owned(),
            number => counted(number, "finding"),
        };
        lines.push_str(&format!(
            "compared with {} in {}: {findings}, {}\n",
            counted(growth.revisions, "revision"),
            growth.baseline,
            counted(growth.additions(), "addition")
        ));
    }
    lines
}

/// For programs: everything that the comparison knows, each finding with its witness and fingerprint.
pub(super) fn json(sources: &Sources, growth: &Growth) -> Value {
    let waived = growth.waived.iter().map(|Waived { finding: found, waiver, .. }| {
        let mut object = finding(sources, growth, found);
        object["waiver"] = json!({
            "reason": waiver.reason, "owner": waiver.owner, "expires": waiver.expires.to_string(),
        });
        object
    });
    json!({
        "baseline": growth.baseline,
        "revisions": growth.revisions,
        "class": growth.class().as_str(),
        "findings": growth.report.findings.iter().map(|found| finding(sources, growth, found)).collect::<Vec<_>>(),
        "waived": waived.collect::<Vec<_>>(),
        "changes": growth.report.changes.iter().map(|found| change(sources, found)).collect::<Vec<_>>(),
    })
}

fn finding(sources: &Sources, growth: &Growth, finding: &Finding) -> Value {
    let before = finding.baseline.iter().map(|before| {
        json!({
            "revision": before.revision,
            "event": before.event.as_ref().map(|event| event.as_str()),
            "facet": before.facet,
            "at": growth.places.get(before),
        })
    });
    let mut object = finding.to_json();
    object["place"] = place(sources, finding.place);
    object["baseline"] = before.collect();
    object
}

fn change(sources: &Sources, change: &Harmless) -> Value {
    json!({
        "class": change.class.as_str(),
        "root": change.root.to_string(),
        "path": change.path.to_string(),
        "message": change.message,
        "place": place(sources, change.place),
        "carried_by": change.carried_by.iter().map(|event| event.as_str()).collect::<Vec<_>>(),
    })
}
