//! A service built before publishes what was meant for fewer eyes.

use growset_model::{Audience, Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "audience-widened",
    severity: Severity::Error,
    summary: "a released event reaches listeners who were never meant to see it",
    lint: false,
};

pub(crate) fn judge(at: &str, old: Audience, new: Audience) -> Verdict {
    let message = format!("{at} was for {} and reaches {} now", old.as_str(), new.as_str());
    Verdict::of(&RULE, Class::Breaking, message)
        .because("services built before publish what was meant for fewer eyes, and recorded events reach them as well")
        .help("keep the audience, and add an event that carries only what the new one may see")
}
