//! The wire stays; code that names the inline type does not compile.

use growset_model::{Rule, Severity, TypeName};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule =
    Rule { id: "type-extracted", severity: Severity::Note, summary: "an inline type got a name", lint: false };

pub(crate) fn judge(at: &str, name: &TypeName) -> Verdict {
    Verdict::of(&RULE, Class::Source, format!("{at} is now type {name}"))
        .because("code that names the inline type does not compile with the next package")
}
