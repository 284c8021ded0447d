//! A line of `policy` that turns nothing up or down.

use growset_model::{Diagnostic, Rule, Severity};

use crate::context::Context;
use crate::lints::{LINTS, Lint};
use crate::nearest::did_you_mean;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-lint",
    severity: Severity::Error,
    summary: "`policy` names a rule that is no lint",
    lint: false,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for (id, policy) in &context.catalog.settings.policy {
        let message = match context.rules.iter().find(|rule| rule.id == id) {
            Some(rule) if rule.lint => continue,
            Some(_) => format!("`{id}` is no advice but a condition of a sound catalog; it cannot be turned down"),
            None => format!("no lint is called `{id}`{}", did_you_mean(id, LINTS.iter().filter_map(advice))),
        };
        diagnostics.push(Diagnostic::new(&RULE, policy.place, message));
    }
}

fn advice(lint: &Lint) -> Option<&'static str> {
    lint.rule.lint.then_some(lint.rule.id)
}
