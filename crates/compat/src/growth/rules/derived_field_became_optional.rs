//! No payload breaks, but services built before never send it, so that pages lose it.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "derived-field-became-optional",
    severity: Severity::Error,
    summary: "a field that the server filled in is left to publishers",
    lint: false,
};

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::of(&RULE, Class::Policy, format!("derived field {at} became optional"))
        .because("services built before never send it, so that pages which show it go blank")
        .help("keep it derived")
}
