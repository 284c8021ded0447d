//! A looser limit sends what open pages refuse; a tighter one refuses what was recorded.

use growset_model::{Rule, Severity};

use crate::growth::change::LimitChange;
use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "length-changed",
    severity: Severity::Error,
    summary: "a limit of a text's length is looser or tighter",
    lint: false,
};

pub(crate) fn judge(at: &str, limit: &LimitChange, patterned: bool) -> Verdict {
    let promises: &[Promise] =
        if limit.loosened { &[Promise::OpenPages] } else { &[Promise::Replay, Promise::Publishers] };
    let LimitChange { end, old, new, .. } = limit;
    // A pattern may allow no text of the length in question.
    let proof = if patterned { Proof::Search } else { Proof::Witness };
    Verdict::breaking(&RULE, promises, proof, format!("`{}_length` of {at} changed from {old} to {new}", end.as_str()))
        .because("one side sends texts of a length that the other was promised never to see")
        .help("keep the limit")
}
