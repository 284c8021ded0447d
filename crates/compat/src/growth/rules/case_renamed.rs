//! To everyone else a rename is a removal and an addition.

use growset_model::{Rule, Severity};

use crate::growth::rules::renamed;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "case-renamed",
    severity: Severity::Error,
    summary: "a case of a released union is spelled otherwise",
    lint: false,
};

pub(crate) fn judge(at: &str, old: &str, new: &str, was_closed: bool, is_closed: bool) -> Verdict {
    Verdict::breaking(
        &RULE,
        &renamed(was_closed, is_closed),
        Proof::Witness,
        format!("case `{old}` of {at} was renamed to `{new}`"),
    )
    .because("services built before still send the old case, which the intake does not know")
    .help(format!("keep `{old}`, mark it `deprecated:`, and add `{new}` beside it"))
}
