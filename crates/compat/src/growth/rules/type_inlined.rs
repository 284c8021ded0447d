//! The wire stays; code that names the type does not compile.

use growset_model::{Rule, Severity, TypeName};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "type-inlined",
    severity: Severity::Note,
    summary: "a named type is spelled out where it was used",
    lint: false,
};

pub(crate) fn judge(at: &str, name: &TypeName) -> Verdict {
    Verdict::of(&RULE, Class::Source, format!("{at} spells out what was type {name}"))
        .because("code that names the type does not compile with the next package")
        .help(format!("use {name} again"))
}
