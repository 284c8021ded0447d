//! A deprecation that leaves listeners without a way on.

use growset_model::{Diagnostic, Rule, Severity};

use crate::context::Context;

pub(crate) const RULE: Rule = Rule {
    id: "deprecated-without-successor",
    severity: Severity::Warning,
    summary: "a deprecated event does not say what can be listened to instead",
    lint: true,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for event in context.living_events() {
        let Some(deprecated) = &event.deprecated else { continue };
        let message = match &deprecated.successor {
            None => format!("event {} is deprecated, but names no event to use instead", event.name),
            Some(successor) if is_dead_end(context, successor) => {
                format!("event {} is deprecated in favour of {successor}, which is retired itself", event.name)
            }
            Some(_) => continue,
        };
        diagnostics.push(
            Diagnostic::new(&RULE, deprecated.place, message)
                .help("add the event that takes its place: `deprecated: { use: …, reason: … }`"),
        );
    }
}

/// A tombstone that names no successor either.
fn is_dead_end(context: &Context, successor: &str) -> bool {
    let mut events = context.catalog.events.values();
    let successor = events.find(|event| event.name.as_str() == successor);
    successor.and_then(|event| event.retired.as_ref()).is_some_and(|retired| retired.successor.is_none())
}
