//! Two such schemas are compared by their text; what a difference means is not known.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "opaque-changed",
    severity: Severity::Error,
    summary: "a JSON Schema that is carried whole is another",
    lint: false,
};

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::of(&RULE, Class::Policy, format!("the JSON Schema of {at} changed"))
        .because("schemas that are carried whole are compared by their text, and what a difference means is not known")
        .help("say the payload in the contract language, where every difference has a meaning")
}
