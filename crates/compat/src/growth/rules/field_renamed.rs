//! To everyone else a rename is a removal and an addition.

use growset_model::{Rule, Severity};

use crate::growth::change::FieldPresence;
use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "field-renamed",
    severity: Severity::Error,
    summary: "a field of a released event has another name",
    lint: false,
};

pub(crate) fn judge(at: &str, old: &str, presence: FieldPresence) -> Verdict {
    let promises: &[Promise] = match presence {
        FieldPresence::Required => &Promise::ALL,
        FieldPresence::Optional | FieldPresence::Derived => &[Promise::Publishers],
    };
    Verdict::breaking(&RULE, promises, Proof::Witness, format!("field `{old}` is now {at}"))
        .because("under its old name nobody finds it any more, and under its new one nobody expects it")
        .help(format!("keep `{old}` and add the new name under `optional:`"))
}
