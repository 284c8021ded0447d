//! Texts that fit one format do not fit another.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "format-changed",
    severity: Severity::Error,
    summary: "a text of a released event has another format",
    lint: false,
};

pub(crate) fn judge(at: &str, old: &str, new: &str) -> Verdict {
    Verdict::breaking(&RULE, &Promise::ALL, Proof::Search, format!("{at} changed from {old} to {new}"))
        .because("texts that fit one format do not fit the other")
        .help("keep it, and add an optional field of the new format")
}
