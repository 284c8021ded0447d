//! A finding while revisions are still being compared.

use std::collections::{BTreeMap, BTreeSet};

use growset_model::{EventName, Rule};
use serde_json::Value;

use super::change::{Change, ChangeKind};
use super::comparison::Edit;
use super::finding::{Before, Finding, Made, Shown, Witness, fingerprint};
use super::path::Root;
use super::promise::Promise;
use super::rules::witness_unconfirmed;
use super::verdict::{Class, Proof, Verdict};

/// Said of a change that might break someone and was not seen to.
const UNSHOWN: &str =
    "no payload was found that one side sends and the other refuses, but a released shape stays as it is";

/// One edit, as far as it is known.
pub(super) struct Draft {
    rule: &'static Rule,
    latest: Option<(Change, Verdict)>,
    /// The class of what no payload has to show.
    class: Class,
    baseline: Vec<Before>,
    carried_by: BTreeSet<EventName>,
    broken: BTreeMap<Promise, Vec<Made>>,
    undecided: BTreeMap<Promise, Vec<Made>>,
    witnesses: Vec<Witness>,
    /// Which promise is proven for which old facet.
    proven: BTreeSet<(Promise, String)>,
    sample: Option<Option<Value>>,
    unproven: Option<&'static str>,
    contradicted: Option<(Value, &'static str)>,
}

impl Draft {
    pub(super) fn new(rule: &'static Rule) -> Self {
        Self {
            rule,
            latest: None,
            class: Class::Unchanged,
            baseline: Vec::new(),
            carried_by: BTreeSet::new(),
            broken: BTreeMap::new(),
            undecided: BTreeMap::new(),
            witnesses: Vec::new(),
            proven: BTreeSet::new(),
            sample: None,
            unproven: None,
            contradicted: None,
        }
    }

    /// The same edit as one more revision sees it.
    pub(super) fn add(&mut self, change: &Change, verdict: &Verdict, label: Option<&str>) {
        // Whether a promise is broken is known when it is shown.
        let class = if verdict.proof == Proof::Sample { verdict.class } else { Class::Policy };
        self.class = self.class.max(class);
        self.carried_by.extend(change.event.clone());
        let (facet, _) = change.kind.facets();
        let revision = label.unwrap_or_default().to_owned();
        let before = Before { revision, event: change.event.clone(), facet, place: change.old_place };
        if !self.baseline.contains(&before) {
            self.baseline.push(before);
        }
        self.latest = Some((change.clone(), verdict.clone()));
    }

    pub(super) fn break_promise(&mut self, promise: Promise, made: Made) {
        self.class = Class::Breaking;
        let list = self.broken.entry(promise).or_default();
        if !list.contains(&made) {
            list.push(made);
        }
    }

    /// Neither a payload that breaks the promise was found, nor a proof that there is none.
    pub(super) fn leave_open(&mut self, promise: Promise, made: Made) {
        let list = self.undecided.entry(promise).or_default();
        if !list.contains(&made) {
            list.push(made);
        }
    }

    pub(super) fn witness(&mut self, promise: Promise, made: Made, old: String, payload: Value, refusal: String) {
        self.break_promise(promise, made.clone());
        self.proven.insert((promise, old));
        if self.witnesses.iter().all(|known| known.promise != promise || known.payload != payload) {
            self.witnesses.push(Witness { promise, made, payload, refusal });
        }
    }

    pub(super) fn is_proven(&self, promise: Promise, old: &str) -> bool {
        self.proven.iter().any(|(proven, facet)| *proven == promise && facet == old)
    }

    pub(super) fn has_sample(&self) -> bool {
        self.sample.is_some()
    }

    pub(super) fn sample(&mut self, sample: Option<Value>) {
        self.sample = Some(sample);
    }

    pub(super) fn unproven(&mut self, reason: &'static str) {
        self.unproven = Some(reason);
    }

    pub(super) fn contradicted(&mut self, payload: Value, says: &'static str) {
        self.contradicted = Some((payload, says));
    }

    /// Whether this breaks a promise that a revision of the event made.
    pub(super) fn breaks(&self, event: &EventName) -> bool {
        self.class == Class::Breaking && self.carried_by.contains(event)
    }

    /// The finding, and a second one when the checker contradicts itself.
    pub(super) fn finish(self, edit: Edit) -> Vec<Finding> {
        let Some((change, verdict)) = self.latest else {
            return Vec::new();
        };
        let (_, new) = change.kind.facets();
        let old: BTreeSet<String> = self.baseline.iter().map(|before| before.facet.clone()).collect();
        let mut help = verdict.help;
        if matches!(self.class, Class::Policy | Class::Breaking) && has_next_version(&change.kind) {
            help.extend(next_version(&edit.root, &self.carried_by));
        }
        // A rule that breaks promises, and no payload that tells the two shapes apart.
        let is_shapeless = self.class == Class::Policy && verdict.class == Class::Breaking;
        let reason = if is_shapeless { UNSHOWN } else { verdict.reason };
        let unproven = self.unproven.or(self.contradicted.as_ref().map(|(_, says)| *says));
        let proof = match (unproven, self.sample) {
            _ if !self.witnesses.is_empty() => Shown::Witnesses(self.witnesses),
            (Some(reason), _) => Shown::Unproven { reason },
            (None, sample) => Shown::Sample(sample.flatten()),
        };
        let finding = Finding {
            rule: self.rule,
            class: self.class,
            message: verdict.message,
            reason,
            help,
            place: change.new_place,
            baseline: self.baseline,
            carried_by: self.carried_by,
            broken: self.broken,
            undecided: self.undecided,
            proof,
            fingerprint: fingerprint(self.rule, &edit.root, &edit.path, &old, &new),
            root: edit.root,
            path: edit.path,
        };
        let bug = self.contradicted.map(|(payload, says)| unconfirmed(&finding, payload, says));
        std::iter::once(finding).chain(bug).collect()
    }
}

/// An event that is gone, or was, has no next version.
fn has_next_version(kind: &ChangeKind) -> bool {
    let gone =
        matches!(kind, ChangeKind::EventRemoved { .. } | ChangeKind::EventUnretired | ChangeKind::TombstoneReused);
    !gone && !matches!(kind, ChangeKind::StableBecameDraft)
}

/// A way out that every released shape has.
fn next_version(root: &Root, carriers: &BTreeSet<EventName>) -> Option<String> {
    match (root, carriers.first()) {
        (Root::Event(name), _) => Some(format!("write the next version instead: `growset bump {name}`")),
        (Root::Type(name), Some(event)) if carriers.len() == 1 => {
            Some(format!("write the next version instead: `growset bump {event}` forks {name} for it"))
        }
        (Root::Type(name), Some(event)) => Some(format!(
            "write the next version instead: `growset bump {event}` forks {name} for it, `--carriers` for all {}",
            carriers.len()
        )),
        (Root::Type(_) | Root::Catalog, _) => None,
    }
}

/// The finding that the checker is wrong about another one.
fn unconfirmed(finding: &Finding, payload: Value, says: &'static str) -> Finding {
    let rule = &witness_unconfirmed::RULE;
    let old = BTreeSet::from([finding.fingerprint.clone()]);
    Finding {
        rule,
        class: Class::Breaking,
        message: format!("the checker contradicts itself on {}: {}, and {says}", finding.rule.id, finding.message),
        reason: "a finding without a witness that holds is a defect of the checker",
        help: vec!["report the two contracts as a defect of growset".to_owned()],
        proof: Shown::Contradicted { payload, says },
        fingerprint: fingerprint(rule, &finding.root, &finding.path, &old, ""),
        ..finding.clone()
    }
}

#[cfg(test)]
mod tests {
    use growset_model::{FieldName, Place};

    use super::*;
    use crate::growth::change::FieldPresence;
    use crate::growth::path::{Path, Step};
    use crate::growth::verdict::verdict;

    #[test]
    fn a_payload_that_does_not_show_what_it_should_is_a_finding_of_its_own() {
        let event = EventName::parse("order.created").expect("is a name");
        let root = Root::Event(event.clone());
        let kind = ChangeKind::FieldAdded { presence: FieldPresence::Required };
        let mut change = Change::of(Some(&event), root.clone(), kind, Place::NOWHERE);
        change.path = Path(vec![Step::Field(FieldName::parse("total").expect("is a name"))]);
        let verdict = verdict(&change);
        let rule = verdict.rule.expect("a required field breaks a rule");
        let mut draft = Draft::new(rule);
        draft.add(&change, &verdict, Some("1.0.0"));
        draft.break_promise(Promise::Replay, Made { revision: "1.0.0".to_owned(), event });
        draft.contradicted(Value::Null, "the taking side does not refuse it for this");
        let edit = Edit { root, path: change.path.clone(), rule: rule.id, subject: String::new() };
        let found: Vec<(&str, Class)> =
            draft.finish(edit).iter().map(|finding| (finding.rule.id, finding.class)).collect();
        assert_eq!(found, [("required-field-added", Class::Breaking), ("witness-unconfirmed", Class::Breaking)]);
    }
}
