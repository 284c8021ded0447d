//! Payloads that were carried over before and those carried over now disagree.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "mapping-changed",
    severity: Severity::Error,
    summary: "a field of a released second version is filled otherwise",
    lint: false,
};

pub(crate) fn judge(at: &str, old: &str, new: &str) -> Verdict {
    Verdict::of(&RULE, Class::Policy, format!("{at} is filled by {new} and no longer by {old}"))
        .because("payloads carried over from the first version before and those carried over now disagree")
        .help("keep the mapping")
}
