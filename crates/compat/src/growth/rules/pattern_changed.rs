//! Texts that fit one pattern need not fit the other.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "pattern-changed",
    severity: Severity::Error,
    summary: "the pattern of a released text is another",
    lint: false,
};

pub(crate) fn judge(at: &str, old: Option<&str>, new: Option<&str>) -> Verdict {
    let message = match (old, new) {
        (Some(old), Some(new)) => format!("the pattern of {at} changed from `{old}` to `{new}`"),
        (None, Some(new)) => format!("{at} got the pattern `{new}`"),
        (Some(old), None) => format!("{at} lost the pattern `{old}`"),
        (None, None) => format!("{at} has no pattern"),
    };
    Verdict::breaking(&RULE, &Promise::ALL, Proof::Search, message)
        .because("texts that fit one of the two need not fit the other")
        .help("keep the pattern")
}
