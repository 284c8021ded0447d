//! Who listened gets it no longer, and services built before publish to a target that is refused.

use growset_model::{Audience, Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "audience-changed",
    severity: Severity::Error,
    summary: "another group of listeners receives a released event",
    lint: false,
};

pub(crate) fn judge(at: &str, old: Audience, new: Audience) -> Verdict {
    let message = format!("the audience of {at} changed from {} to {}", old.as_str(), new.as_str());
    Verdict::breaking(&RULE, &Promise::ALL, Proof::Sample, message)
        .because("who listened before gets it no longer, and services built before publish to the audience of old")
        .help("keep the audience, and add an event for the new one")
}
