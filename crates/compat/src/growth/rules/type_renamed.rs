//! The wire stays; code that names the type does not compile.

use growset_model::{Rule, Severity, TypeName};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule =
    Rule { id: "type-renamed", severity: Severity::Note, summary: "a named type has another name", lint: false };

pub(crate) fn judge(old: &TypeName, new: &TypeName) -> Verdict {
    Verdict::of(&RULE, Class::Source, format!("type {old} is now {new}"))
        .because("code that names the type does not compile with the next package")
        .help(format!("write `was: [{old}]` on {new}, which keeps the old name as a deprecated alias"))
}
