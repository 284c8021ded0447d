//! `null` and absent are different things, and a page handles only what it was promised.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "nullability-changed",
    severity: Severity::Error,
    summary: "null became a value, or is one no longer",
    lint: false,
};

pub(crate) fn judge(at: &str, nullable: bool) -> Verdict {
    if nullable {
        Verdict::breaking(&RULE, &[Promise::OpenPages], Proof::Witness, format!("{at} became nullable"))
            .because("a page built before does not expect `null` there")
            .help("leave the field out where there is no value, if it is optional")
    } else {
        let promises = [Promise::Replay, Promise::Publishers];
        Verdict::breaking(&RULE, &promises, Proof::Witness, format!("{at} is no longer nullable"))
            .because("recorded events and services built before may say `null` there")
            .help("keep it nullable")
    }
}
