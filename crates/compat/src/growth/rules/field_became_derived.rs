//! The intake refuses a derived field, which older services still send.

use growset_model::{Rule, Severity};

use crate::growth::change::FieldPresence;
use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "field-became-derived",
    severity: Severity::Error,
    summary: "a field that publishers send is filled in by the server",
    lint: false,
};

pub(crate) fn judge(at: &str, old: FieldPresence) -> Verdict {
    let promises: &[Promise] = match old {
        FieldPresence::Required => &[Promise::OpenPages, Promise::Publishers],
        FieldPresence::Optional | FieldPresence::Derived => &[Promise::Publishers],
    };
    Verdict::breaking(&RULE, promises, Proof::Witness, format!("{} field {at} became derived", old.as_str()))
        .because("services built before still send it, and the intake refuses a derived field")
        .help("keep it, and add the derived field under another name")
}
