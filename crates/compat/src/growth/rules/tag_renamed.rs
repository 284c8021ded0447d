//! Nothing that one side sends is a case to the other.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "tag-renamed",
    severity: Severity::Error,
    summary: "the cases of a released union are told apart by another property",
    lint: false,
};

pub(crate) fn judge(at: &str, old: &str, new: &str) -> Verdict {
    Verdict::breaking(
        &RULE,
        &Promise::ALL,
        Proof::Search,
        format!("the tag of {at} was renamed from `{old}` to `{new}`"),
    )
    .because("nothing that one side sends is a case to the other")
    .help(format!("keep the tag `{old}`"))
}
