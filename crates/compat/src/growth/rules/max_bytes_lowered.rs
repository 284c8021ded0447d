//! Older services may get 413 for what was taken before.

use growset_model::{Rule, Severity};

use crate::growth::verdict::{Class, Verdict};

pub(crate) static RULE: Rule = Rule {
    id: "max-bytes-lowered",
    severity: Severity::Warning,
    summary: "a released event has a smaller limit",
    lint: false,
};

pub(crate) fn judge(at: &str, old: Option<u64>, new: Option<u64>) -> Option<Verdict> {
    let new = new.filter(|new| old.is_none_or(|old| *new < old))?;
    let old = old.map_or_else(|| "no limit".to_owned(), |old| old.to_string());
    let message = format!("`max_bytes` of {at} was lowered from {old} to {new}");
    let verdict = Verdict::of(&RULE, Class::Warning, message)
        .because("services built before may publish more and get 413")
        .help("keep the limit");
    Some(verdict)
}
