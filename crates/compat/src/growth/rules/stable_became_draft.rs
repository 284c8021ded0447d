//! Drafts are not served unless asked for, and may change freely.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "stable-became-draft",
    severity: Severity::Error,
    summary: "a released event became a draft",
    lint: false,
};

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::breaking(&RULE, &Promise::ALL, Proof::Sample, format!("stable event {at} became a draft"))
        .because("a draft is not served unless asked for, and may change freely")
        .help("remove `stability: draft`")
}
