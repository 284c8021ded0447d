//! Recorded events keep the old value, so that one field means two things.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "derivation-changed",
    severity: Severity::Error,
    summary: "a derived field of a released event is computed otherwise",
    lint: false,
};

pub(crate) fn judge(at: &str, old: &str, new: &str) -> Verdict {
    Verdict::of(&RULE, Class::Policy, format!("derived field {at} is computed by {new} and no longer by {old}"))
        .because("recorded events keep what was computed before, so that one field means two things")
        .help("add a derived field under another name")
}
