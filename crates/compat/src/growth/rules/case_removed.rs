//! The intake takes known cases only, which older services still send.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule =
    Rule { id: "case-removed", severity: Severity::Error, summary: "a case of a released union is gone", lint: false };

pub(crate) fn judge(at: &str, value: &str, closed: bool) -> Verdict {
    let promises: &[Promise] = if closed { &[Promise::Replay, Promise::Publishers] } else { &[Promise::Publishers] };
    Verdict::breaking(&RULE, promises, Proof::Witness, format!("case `{value}` was removed from {at}"))
        .because(if closed {
            "services built before still send it, and so do recorded events, which no page would understand"
        } else {
            "services built before still send it, and the intake takes listed ones only"
        })
        .help(format!("keep `{value}` and mark it `deprecated:`"))
}
