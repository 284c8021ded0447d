//! A deprecation that leaves listeners without a way on.

use growset_model::{Diagnostic, Rule, Severity};

use crate::context::Context;

pub(crate) const RULE: Rule = Rule {
    id: "deprecated-without-successor",
    severity: Severity::Warning,
    summary: "a deprecated event does not say what to listen to instead",
    lint: true,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for event in context.living_events() {
        if let Some(deprecated) = &event.deprecated
            && deprecated.successor.is_none()
        {
            let message = format!("event {} is deprecated, but names no event to use instead", event.name);
            diagnostics.push(
                Diagnostic::new(&RULE, deprecated.place, message)
                    .help("add the event that takes its place: `deprecated: { use: …, reason: … }`"),
            );
        }
    }
}
