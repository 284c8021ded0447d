//! Nothing of it goes over the wire any more; code that names it does not compile.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule =
    Rule { id: "event-retired", severity: Severity::Note, summary: "a released event became a tombstone", lint: false };

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::of(&RULE, Class::Source, format!("event {at} was retired"))
        .because("code that names it does not compile with the next package")
}
