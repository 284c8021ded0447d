//! Recorded payloads may lack it, and so may what older services publish.

use growset_model::{Rule, Severity};

use crate::growth::change::FieldPresence;
use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "field-became-required",
    severity: Severity::Error,
    summary: "a field that could be absent has to be there",
    lint: false,
};

pub(crate) fn judge(at: &str, old: FieldPresence) -> Verdict {
    Verdict::breaking(
        &RULE,
        &[Promise::Replay, Promise::Publishers],
        Proof::Witness,
        format!("{} field {at} became required", old.as_str()),
    )
    .because("recorded events may lack it, and services built before may leave it out")
    .help("keep it as it was")
}
