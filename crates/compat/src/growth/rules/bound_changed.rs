//! A looser limit sends what open pages refuse; a tighter one refuses what was recorded.

use growset_model::{Rule, Severity};

use crate::growth::change::LimitChange;
use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "bound-changed",
    severity: Severity::Error,
    summary: "a limit of a number is looser or tighter",
    lint: false,
};

pub(crate) fn judge(at: &str, limit: &LimitChange) -> Verdict {
    let promises: &[Promise] =
        if limit.loosened { &[Promise::OpenPages] } else { &[Promise::Replay, Promise::Publishers] };
    let LimitChange { end, old, new, .. } = limit;
    Verdict::breaking(
        &RULE,
        promises,
        Proof::Witness,
        format!("`{}` of {at} changed from {old} to {new}", end.as_str()),
    )
    .because("one side sends numbers that the other was promised never to see")
    .help("keep the limit")
}
