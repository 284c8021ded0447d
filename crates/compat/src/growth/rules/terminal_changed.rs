//! Pages built before rely on when a subscription ends.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "terminal-changed",
    severity: Severity::Error,
    summary: "a released event ends subscriptions, or does so no longer",
    lint: false,
};

pub(crate) fn judge(at: &str, terminal: bool) -> Verdict {
    let message = if terminal { format!("{at} became terminal") } else { format!("{at} is no longer terminal") };
    Verdict::of(&RULE, Class::Policy, message)
        .because("pages built before rely on when a subscription ends")
        .help("keep `terminal` as it was")
}
