//! The wire stays; who imports the package has to change.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "package-renamed",
    severity: Severity::Note,
    summary: "a generated package has another name",
    lint: false,
};

pub(crate) fn judge(old: &str, new: &str) -> Verdict {
    Verdict::of(&RULE, Class::Source, format!("package `{old}` is now `{new}`"))
        .because("who imports the package has to change")
}
