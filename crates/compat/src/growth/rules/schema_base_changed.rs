//! The wire stays; who refers to a schema by its `$id` has to change.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "schema-base-changed",
    severity: Severity::Note,
    summary: "the published schemas have other addresses",
    lint: false,
};

pub(crate) fn judge(old: &str, new: &str) -> Verdict {
    Verdict::of(&RULE, Class::Source, format!("`schema_base` changed from {old} to {new}"))
        .because("who refers to a schema by its `$id` has to change")
}
