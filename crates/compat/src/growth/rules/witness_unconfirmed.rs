//! The checker contradicts itself: the judge does not see what a rule says is broken. Reported, never dropped.

use growset_model::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "witness-unconfirmed",
    severity: Severity::Error,
    summary: "the payload that should show a break does not: the checker is wrong",
    lint: false,
};
