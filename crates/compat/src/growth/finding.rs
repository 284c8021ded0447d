//! What a comparison reports: one finding for one edit, however many revisions, events and promises it concerns.

use std::collections::{BTreeMap, BTreeSet};

use growset_model::{Diagnostic, EventName, Place, Rule, Severity};
use serde_json::{Map, Value, json};

use super::path::{Path, Root};
use super::promise::Promise;
use super::verdict::Class;

/// Everything a comparison has to say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// What breaks a rule, in order of root, path and rule.
    pub findings: Vec<Finding>,
    /// What grows, and what changes nothing on the wire, in order of root and path.
    pub changes: Vec<Harmless>,
}

/// A change that breaks no rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Harmless {
    /// [`Class::Additive`] or [`Class::Unchanged`].
    pub class: Class,
    /// What `path` starts from.
    pub root: Root,
    /// Where below the root.
    pub path: Path,
    /// What happened, lower case, without a full stop.
    pub message: String,
    /// Where the new text has it.
    pub place: Place,
    /// The events whose payloads reach the root.
    pub carried_by: BTreeSet<EventName>,
    /// The labels of the revisions that it is news to.
    pub revisions: BTreeSet<String>,
}

/// One edit that breaks a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The heaviest that any revision makes of it.
    pub class: Class,
    /// What `path` starts from.
    pub root: Root,
    /// Where below the root.
    pub path: Path,
    /// What happened, said of the newest revision; lower case, without a full stop.
    pub message: String,
    /// Why that breaks someone, in one sentence.
    pub reason: &'static str,
    /// Ways out, the best one first.
    pub help: Vec<String>,
    /// Where the new text has it, or what it is missing from.
    pub place: Place,
    /// The same place in each revision, oldest first.
    pub baseline: Vec<Before>,
    /// The events whose payloads reach the root.
    pub carried_by: BTreeSet<EventName>,
    /// The promises that are broken, each with the revisions it was made by.
    pub broken: BTreeMap<Promise, Vec<Made>>,
    /// The promises that were neither shown to be broken nor to be kept, each with the revisions it was made by.
    pub undecided: BTreeMap<Promise, Vec<Made>>,
    /// What shows it.
    pub proof: Shown,
    /// What identifies the edit in a waiver: rule, root, path, old and new facet; never the message.
    pub fingerprint: String,
}

/// Where and how a revision has what changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Before {
    /// The revision's label.
    pub revision: String,
    /// Of this event.
    pub event: Option<EventName>,
    /// As the revision spells it; empty where there was nothing.
    pub facet: String,
    /// In the revision's own sources; nowhere when it has none.
    pub place: Place,
}

/// A revision that made a promise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Made {
    /// The revision's label.
    pub revision: String,
    /// Of this event.
    pub event: EventName,
}

/// What shows a finding.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// Payloads that one side sends and the other refuses, judged; one at least.
    Witnesses(Vec<Witness>),
    /// A payload that reaches the place and proves nothing; none when the event's type has no small value.
    Sample(Option<Value>),
    /// The rule says that a promise is broken, and no payload could be built to show it.
    Unproven {
        /// Why not, after "no payload shows it:".
        reason: &'static str,
    },
    /// A payload that should show it does not: the checker is wrong.
    Contradicted {
        /// What should have shown it.
        payload: Value,
        /// What the judge says instead.
        says: &'static str,
    },
}

/// A payload that breaks a promise. Its sender and its taker are those of the promise.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// Which one.
    pub promise: Promise,
    /// Made by this revision; other revisions break by the same payload where they spell the place alike.
    pub made: Made,
    /// Accepted by the sender's schema.
    pub payload: Value,
    /// What the taker's schema says to it.
    pub refusal: String,
}

impl Report {
    /// The heaviest of all changes; an empty report changes nothing.
    pub fn class(&self) -> Class {
        let findings = self.findings.iter().map(|finding| finding.class);
        findings.chain(self.changes.iter().map(|change| change.class)).max().unwrap_or(Class::Unchanged)
    }
}

impl Finding {
    /// How it is shown.
    pub fn severity(&self) -> Severity {
        self.rule.severity.min(self.class.severity())
    }

    /// The finding as a diagnostic, for every renderer of diagnostics.
    pub fn diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.rule, self.place, self.message.clone());
        diagnostic.severity = self.severity();
        diagnostic.label = self.reason.to_owned();
        for way_out in &self.help {
            diagnostic = diagnostic.help(way_out.clone());
        }
        diagnostic
    }
}

impl Finding {
    /// For programs: everything but the places, which only the owner of the sources can name.
    pub fn to_json(&self) -> Value {
        json!({
            "rule": self.rule.id,
            "class": self.class.as_str(),
            "severity": self.severity().as_str(),
            "fingerprint": self.fingerprint,
            "root": self.root.to_string(),
            "path": self.path.to_string(),
            "message": self.message,
            "reason": self.reason,
            "help": self.help,
            "carried_by": self.carried_by.iter().map(|event| event.as_str()).collect::<Vec<_>>(),
            "broken": by_promise(&self.broken),
            "undecided": by_promise(&self.undecided),
            "proof": self.proof.to_json(),
        })
    }
}

fn by_promise(promises: &BTreeMap<Promise, Vec<Made>>) -> Map<String, Value> {
    let of_made = |made: &Made| json!({ "revision": made.revision, "event": made.event.as_str() });
    let of_promise =
        |(promise, made): (&Promise, &Vec<Made>)| (promise.as_str().to_owned(), made.iter().map(of_made).collect());
    promises.iter().map(of_promise).collect()
}

impl Shown {
    fn to_json(&self) -> Value {
        match self {
            Self::Witnesses(witnesses) => {
                let witness = |witness: &Witness| {
                    json!({
                        "promise": witness.promise.as_str(),
                        "revision": witness.made.revision,
                        "event": witness.made.event.as_str(),
                        "payload": witness.payload,
                        "refusal": witness.refusal,
                    })
                };
                json!({ "witnesses": witnesses.iter().map(witness).collect::<Vec<_>>() })
            }
            Self::Sample(payload) => json!({ "sample": payload }),
            Self::Unproven { reason } => json!({ "unproven": reason }),
            Self::Contradicted { payload, says } => json!({ "contradicted": payload, "says": says }),
        }
    }
}

/// What identifies an edit whatever is said about it.
pub(super) fn fingerprint(rule: &Rule, root: &Root, path: &Path, old: &BTreeSet<String>, new: &str) -> String {
    let identity = json!([rule.id, root.to_string(), path.to_string(), old, new]);
    growset_model::digest(&identity).chars().take(16).collect()
}
