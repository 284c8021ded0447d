//! `policy` in `growset.yaml`: lints turned up, down or off. What is not a lint cannot be allowed away.

use std::collections::BTreeMap;

use growset_model::{Diagnostic, LintLevel, LintPolicy, Severity};

/// Drops what is allowed, and weighs the rest as told.
pub(crate) fn apply(policy: &BTreeMap<String, LintPolicy>, diagnostics: &mut Vec<Diagnostic>) {
    let level = |diagnostic: &Diagnostic| {
        let told = policy.get(diagnostic.rule.id).filter(|_| diagnostic.rule.lint);
        told.map(|told| told.level)
    };
    diagnostics.retain(|diagnostic| level(diagnostic) != Some(LintLevel::Allow));
    for diagnostic in diagnostics {
        match level(diagnostic) {
            Some(LintLevel::Deny) => diagnostic.severity = Severity::Error,
            Some(LintLevel::Warn) => diagnostic.severity = Severity::Warning,
            Some(LintLevel::Allow) | None => {}
        }
    }
}
