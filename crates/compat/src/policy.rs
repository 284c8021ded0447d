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

#[cfg(test)]
mod tests {
    use growset_model::{Place, Rule};

    use super::*;

    const ADVICE: Rule = Rule { id: "advice", severity: Severity::Warning, summary: "", lint: true };
    const CONDITION: Rule = Rule { id: "condition", severity: Severity::Error, summary: "", lint: false };

    fn severities(level: LintLevel) -> Vec<(&'static str, Severity)> {
        let told = LintPolicy { level, place: Place::NOWHERE };
        let policy = ["advice", "condition"].map(|id| (id.to_owned(), told)).into();
        let mut diagnostics = [&ADVICE, &CONDITION].map(|rule| Diagnostic::new(rule, Place::NOWHERE, "")).to_vec();
        apply(&policy, &mut diagnostics);
        diagnostics.iter().map(|diagnostic| (diagnostic.rule.id, diagnostic.severity)).collect()
    }

    #[test]
    fn advice_is_turned_up_and_off_and_a_condition_is_not() {
        assert_eq!(severities(LintLevel::Allow), [("condition", Severity::Error)]);
        assert_eq!(severities(LintLevel::Warn), [("advice", Severity::Warning), ("condition", Severity::Error)]);
        assert_eq!(severities(LintLevel::Deny), [("advice", Severity::Error), ("condition", Severity::Error)]);
    }
}
