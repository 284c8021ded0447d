//! Two such schemas are compared by their text, and by values that one of them takes and the other refuses.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "opaque-changed",
    severity: Severity::Error,
    summary: "a JSON Schema that is carried whole is another",
    lint: false,
};

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::breaking(&RULE, &Promise::ALL, Proof::Search, format!("the JSON Schema of {at} changed"))
        .because("what one of two schemas takes, the other may refuse, and nothing else is known of their difference")
        .help("say the payload in the contract language, where every difference has a meaning")
}
