//! The same values go over the wire, so no payload breaks yet; what may be added later, and how pages switch, is another promise.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "openness-changed",
    severity: Severity::Error,
    summary: "a released enum or union was opened or closed",
    lint: false,
};

pub(crate) fn judge(at: &str, closed: bool) -> Verdict {
    Verdict::of(&RULE, Class::Policy, format!("{at} was {}", if closed { "closed" } else { "opened" }))
        .because("the values are the same today, but pages built on either promise switch over them differently")
        .help("keep it as it was")
}
