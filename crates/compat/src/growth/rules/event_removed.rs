//! Services still publish it and pages still listen to it.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "event-removed",
    severity: Severity::Error,
    summary: "a released event is gone without a tombstone",
    lint: false,
};

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::breaking(&RULE, &[Promise::Replay, Promise::Publishers], Proof::Sample, format!("event {at} was removed"))
        .because("services built before still publish it, and recorded ones are not understood any more")
        .help(format!("restore the contract and retire it: `growset retire {at}`"))
}
