//! Nothing of it goes over the wire any more; code that names it does not compile.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule =
    Rule { id: "event-retired", severity: Severity::Note, summary: "a released event became a tombstone", lint: false };

pub(crate) fn judge(at: &str, early: bool) -> Verdict {
    if early {
        return Verdict::of(&RULE, Class::Policy, format!("event {at} was retired before its promised last day"))
            .because("a released event stays until the sunset that was released with it")
            .help(
                "take the tombstone back, release a `deprecated` with a sunset, and `growset retire` it after that day",
            );
    }
    Verdict::of(&RULE, Class::Source, format!("event {at} was retired"))
        .because("code that names it does not compile with the next package")
}
