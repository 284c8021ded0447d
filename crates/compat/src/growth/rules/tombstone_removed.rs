//! Without it the name could come to mean something else.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "tombstone-removed",
    severity: Severity::Error,
    summary: "the tombstone of a retired event is gone",
    lint: false,
};

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::of(&RULE, Class::Policy, format!("the tombstone of {at} was removed"))
        .because("without it the name could come to mean something else to pages that still listen to it")
        .help("restore the file")
}
