//! Neither side understands what the other sends.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "type-changed",
    severity: Severity::Error,
    summary: "a value of a released event is of another kind",
    lint: false,
};

pub(crate) fn judge(at: &str, old: &str, new: &str) -> Verdict {
    Verdict::breaking(&RULE, &Promise::ALL, Proof::Search, format!("{at} changed from {old} to {new}"))
        .because("what one kind of value says, the other cannot")
        .help("keep it, and add an optional field of the new type")
}
