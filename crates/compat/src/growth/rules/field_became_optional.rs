//! A page built before reads the field without asking.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "field-became-optional",
    severity: Severity::Error,
    summary: "a field that was always there may be absent",
    lint: false,
};

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::breaking(&RULE, &[Promise::OpenPages], Proof::Witness, format!("required field {at} became optional"))
        .because("a page that was promised the field may not get it")
        .help("keep it under `fields:` and go on sending it")
}
