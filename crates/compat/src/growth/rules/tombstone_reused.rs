//! Recorded events and old pages know the name with another payload.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "tombstone-reused",
    severity: Severity::Error,
    summary: "the name of a retired event means another event",
    lint: false,
};

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::breaking(
        &RULE,
        &[Promise::OpenPages, Promise::Replay],
        Proof::Sample,
        format!("{at} is a retired event, and its name is used again"),
    )
    .because("recorded events and old pages know the name with another payload")
    .help("take another name, or restore the tombstone")
}
