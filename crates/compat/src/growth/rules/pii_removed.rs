//! What was kept out of logs and masked in tools would show.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule =
    Rule { id: "pii-removed", severity: Severity::Error, summary: "personal data is called so no longer", lint: false };

pub(crate) fn judge(at: &str) -> Verdict {
    Verdict::of(&RULE, Class::Policy, format!("{at} is no longer marked as personal data"))
        .because("what was kept out of logs and masked in tools would show, recorded values included")
        .help("keep `pii: true`")
}
