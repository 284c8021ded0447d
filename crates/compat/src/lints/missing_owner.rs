//! An event that no team answers for.

use growset_model::{Diagnostic, Rule, Severity};

use crate::context::Context;

pub(crate) const RULE: Rule =
    Rule { id: "missing-owner", severity: Severity::Warning, summary: "an event has no owner", lint: true };

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    let unowned = |owner: Option<&str>| owner.is_none_or(|owner| owner.trim().is_empty());
    for event in context.living_events().filter(|event| unowned(event.owner.as_deref())) {
        let message = format!("event {} has no `owner`; name the team that answers for it", event.name);
        diagnostics.push(Diagnostic::new(&RULE, event.place, message));
    }
}
