//! What a catalog says of an event that arrived.
//!
//! What a listener must accept and does not get is a violation. What listeners ignore, because the contract does not
//! declare it, is told apart: nothing breaks, but nobody may rely on it either.

use std::collections::BTreeMap;

use growset_compat::{PayloadJudge, Problem};
use growset_model::{Catalog, Event as Contract, Language, RESERVED_EVENT_PREFIX};
use serde_json::Value;

use crate::remote::Event;

/// What is said of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The stream speaks of itself.
    Control,
    /// There is no catalog to hold it against.
    Unjudged,
    /// As the contract says.
    Fits,
    /// Listeners get along with it, but the contract does not declare all of it.
    Undeclared(Vec<Problem>),
    /// Listeners built from the contract break.
    Violates(Vec<Problem>),
    /// The catalog has no such event.
    Unknown,
}

pub(super) struct Inspector<'a> {
    judges: Option<BTreeMap<String, Judges<'a>>>,
}

/// Of one event, compiled when it first arrives.
struct Judges<'a> {
    catalog: &'a Catalog,
    contract: &'a Contract,
    compiled: Option<[Option<PayloadJudge<'a>>; 2]>,
}

impl<'a> Inspector<'a> {
    pub(super) fn new(catalog: Option<&'a Catalog>) -> Self {
        let judges = catalog.map(|catalog| {
            let contracts = catalog.events.values();
            let judges =
                contracts.map(|contract| (contract.name.to_string(), Judges { catalog, contract, compiled: None }));
            judges.collect()
        });
        Self { judges }
    }

    pub(super) fn inspect(&mut self, event: &Event) -> Verdict {
        if event.name.starts_with(RESERVED_EVENT_PREFIX) {
            return Verdict::Control;
        }
        let Some(judges) = &mut self.judges else {
            return Verdict::Unjudged;
        };
        let Some(judges) = judges.get_mut(&event.name) else {
            return Verdict::Unknown;
        };
        let payload: Value = match serde_json::from_str(&event.data) {
            Ok(payload) => payload,
            Err(error) => {
                let message = format!("no JSON: {error}");
                return Verdict::Violates(vec![Problem { pointer: String::new(), message, missing: Vec::new() }]);
            }
        };
        judges.judge(&payload)
    }
}

impl Judges<'_> {
    fn judge(&mut self, payload: &Value) -> Verdict {
        let (catalog, contract) = (self.catalog, self.contract);
        let compile = |language| PayloadJudge::new(catalog, contract, language);
        let [reader, wire] = self.compiled.get_or_insert_with(|| [compile(Language::Reader), compile(Language::Wire)]);
        let problems = |judge: &Option<PayloadJudge>| judge.as_ref().map(|judge| judge.problems(payload));
        match (problems(reader).unwrap_or_default(), problems(wire).unwrap_or_default()) {
            (violations, _) if !violations.is_empty() => Verdict::Violates(violations),
            (_, undeclared) if !undeclared.is_empty() => Verdict::Undeclared(undeclared),
            _ => Verdict::Fits, // Both are content.
        }
    }
}
