//! The intake takes listed values only, which older services still send.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "enum-value-removed",
    severity: Severity::Error,
    summary: "a value of a released enum is gone",
    lint: false,
};

pub(crate) fn judge(at: &str, value: &str, closed: bool) -> Verdict {
    let promises: &[Promise] = if closed { &[Promise::Replay, Promise::Publishers] } else { &[Promise::Publishers] };
    Verdict::breaking(&RULE, promises, Proof::Witness, format!("value `{value}` was removed from {at}"))
        .because(if closed {
            "services built before still send it, and so do recorded events, which no page would understand"
        } else {
            "services built before still send it, and the intake takes listed ones only"
        })
        .help(format!("keep `{value}` and mark it `deprecated:`"))
}
