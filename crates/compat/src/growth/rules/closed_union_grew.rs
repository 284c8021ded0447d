//! Pages switch over a closed union without a default.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule =
    Rule { id: "closed-union-grew", severity: Severity::Error, summary: "a closed union got a case", lint: false };

pub(crate) fn judge(at: &str, value: &str) -> Verdict {
    Verdict::breaking(
        &RULE,
        &[Promise::OpenPages],
        Proof::Witness,
        format!("case `{value}` was added to {at}, which was closed"),
    )
    .because("pages switch over a closed union without a default")
    .help("a union that may ever grow should be open from its first release")
}
