//! Pages built before go on assuming the old one.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "default-changed",
    severity: Severity::Warning,
    summary: "listeners are told to assume another default",
    lint: false,
};

pub(crate) fn judge(at: &str, old: &str, new: &str) -> Verdict {
    Verdict::of(&RULE, Class::Warning, format!("the default of {at} changed from {old} to {new}"))
        .because("pages built before go on assuming the old one when the field is absent")
        .help("send the value instead of leaving the field out")
}
