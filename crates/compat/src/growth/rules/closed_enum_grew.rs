//! Pages switch over a closed enum without a default.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule =
    Rule { id: "closed-enum-grew", severity: Severity::Error, summary: "a closed enum got a value", lint: false };

pub(crate) fn judge(at: &str, value: &str) -> Verdict {
    Verdict::breaking(
        &RULE,
        &[Promise::OpenPages],
        Proof::Witness,
        format!("value `{value}` was added to {at}, which was closed"),
    )
    .because("pages switch over a closed enum without a default")
    .help("an enum that may ever grow should be open from its first release")
}
