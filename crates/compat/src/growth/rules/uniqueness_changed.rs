//! A page built before keys by the items; recorded lists may repeat them.

use growset_model::{Rule, Severity};

use crate::growth::promise::Promise;
use crate::growth::verdict::{Proof, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "uniqueness-changed",
    severity: Severity::Error,
    summary: "a list may hold equal items, or may no longer",
    lint: false,
};

pub(crate) fn judge(at: &str, unique: bool) -> Verdict {
    // A list of at most one item is unique anyway, which the search finds out.
    if unique {
        let promises = [Promise::Replay, Promise::Publishers];
        Verdict::breaking(&RULE, &promises, Proof::Search, format!("{at} became `unique`"))
            .because("recorded lists, and those of services built before, may repeat an item")
            .help("keep it as it was")
    } else {
        Verdict::breaking(&RULE, &[Promise::OpenPages], Proof::Search, format!("{at} is no longer `unique`"))
            .because("a page built before may use the items as keys")
            .help("keep `unique: true`")
    }
}
