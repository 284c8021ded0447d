//! The wire stays; code that passes the one type where the other is expected does not compile.

use growset_model::{Rule, Severity, TypeName};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "type-replaced",
    severity: Severity::Note,
    summary: "another named type of the same shape is used",
    lint: false,
};

pub(crate) fn judge(old: &TypeName, new: &TypeName) -> Verdict {
    Verdict::of(&RULE, Class::Source, format!("type {new} is used where {old} was"))
        .because("code that holds the one type where the other is expected does not compile with the next package")
        .help(format!("use {old} again"))
}
