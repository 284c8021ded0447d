//! An event that carries a whole object instead of what changed.

use growset_model::{Diagnostic, Event, Rule, Severity};

use crate::context::Context;

pub(crate) const RULE: Rule = Rule {
    id: "whole-object",
    severity: Severity::Warning,
    summary: "an event carries a whole object instead of what changed",
    lint: true,
};

/// Every listener pays for every field on every event; events that say what changed rarely need more.
const MOST_FIELDS: usize = 12;

const ADVICE: &str = "send ids and what changed, and let the page ask for the rest";

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for event in context.living_events() {
        check_fields(event, diagnostics);
        check_size(event, diagnostics);
    }
}

fn check_fields(event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    let fields = event.record().map_or(0, |record| record.fields.iter().filter(|field| !field.is_derived()).count());
    if fields > MOST_FIELDS {
        let message =
            format!("event {} has {fields} fields; more than {MOST_FIELDS} look like a whole object", event.name);
        diagnostics.push(Diagnostic::new(&RULE, event.place, message).help(ADVICE));
    }
}

fn check_size(event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    let Some(limit) = event.max_bytes else {
        return;
    };
    for example in &event.examples {
        let bytes = example.value.to_string().len() as u64;
        if bytes > limit {
            let message = format!(
                "an example of event {} is {bytes} bytes long in compact form; `max_bytes` allows {limit}",
                event.name
            );
            diagnostics.push(Diagnostic::new(&RULE, example.place, message).help(ADVICE));
        }
    }
}
