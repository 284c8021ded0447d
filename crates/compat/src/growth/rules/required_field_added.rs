//! Recorded payloads lack the field, and so does what older services publish.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "required-field-added",
    severity: Severity::Error,
    summary: "a released event got a field that has to be there",
    lint: false,
};

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::breaking(
        &RULE,
        &[Promise::Replay, Promise::Publishers],
        Proof::Witness,
        format!("required field {at} was added"),
    )
    .because("recorded events lack it, and services built before do not send it")
    .help("move it to `optional:`")
}
