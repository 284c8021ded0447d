//! Listeners see it as optional, so no payload breaks; pages that show it go blank.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "derived-field-removed",
    severity: Severity::Error,
    summary: "a derived field of a released event is gone",
    lint: false,
};

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::of(&RULE, Class::Policy, format!("derived field {at} was removed"))
        .because("no listener may rely on an optional field, but pages that show it go blank")
        .help("keep the field and mark it `deprecated:`")
}
