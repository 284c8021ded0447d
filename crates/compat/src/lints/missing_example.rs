//! An event without an example.

use growset_model::{Diagnostic, Rule, Severity};

use crate::context::Context;

pub(crate) const RULE: Rule =
    Rule { id: "missing-example", severity: Severity::Warning, summary: "an event has no example", lint: true };

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for event in context.living_events().filter(|event| event.examples.is_empty()) {
        let message = format!("event {} has no example; add one payload under `examples`", event.name);
        diagnostics.push(
            Diagnostic::new(&RULE, event.place, message)
                .help("the documentation shows it, and the fixtures of tests are made from it"),
        );
    }
}
