//! Listeners were told that it is gone for good.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule =
    Rule { id: "event-unretired", severity: Severity::Error, summary: "a retired event came back", lint: false };

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::of(&RULE, Class::Policy, format!("{at} was retired, and is an event again"))
        .because("listeners were told that it is gone for good")
        .help("restore the tombstone, and add an event under another name")
}
