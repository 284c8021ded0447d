//! A closed intake refuses what older services still send; a page that was promised the field misses it.

use growset_model::{Rule, Severity};

use crate::growth::change::FieldPresence;
use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "field-removed",
    severity: Severity::Error,
    summary: "a field of a released event is gone",
    lint: false,
};

pub(crate) fn judge(at: &str, presence: FieldPresence) -> Verdict {
    let (promises, reason): (&[Promise], _) = match presence {
        FieldPresence::Required => (
            &[Promise::OpenPages, Promise::Publishers],
            "services built before still send it, and a page that was promised it does not get it",
        ),
        FieldPresence::Optional | FieldPresence::Derived => (
            &[Promise::Publishers],
            "services built before still send it, and the intake refuses what it does not know",
        ),
    };
    Verdict::breaking(&RULE, promises, Proof::Witness, format!("{} field {at} was removed", presence.as_str()))
        .because(reason)
        .help("keep the field and mark it `deprecated:`")
}
