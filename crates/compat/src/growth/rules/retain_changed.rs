//! Pages built before rely on what a new connection gets first.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "retain-changed",
    severity: Severity::Error,
    summary: "another last payload of a released event is kept",
    lint: false,
};

pub(crate) fn judge(at: &str, old: &str, new: &str) -> Verdict {
    Verdict::of(&RULE, Class::Policy, format!("`retain` of {at} changed from {old} to {new}"))
        .because("pages built before rely on what a new connection gets first")
        .help("keep `retain` as it was")
}
