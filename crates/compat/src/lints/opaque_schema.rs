//! A payload that only JSON Schema can say.

use growset_model::{Diagnostic, Payload, Place, Rule, Severity, TypeKind};

use crate::context::{Context, Owner};

pub(crate) const RULE: Rule = Rule {
    id: "opaque-schema",
    severity: Severity::Warning,
    summary: "a JSON Schema that is carried whole types as JSON and cannot grow",
    lint: true,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for event in context.living_events() {
        if let Payload::Opaque(_) = &event.payload {
            diagnostics.push(finding(event.place, Owner::Event(event)));
        }
    }
    for spot in &context.types {
        if let TypeKind::Opaque(_) = &spot.what.kind {
            diagnostics.push(finding(spot.what.place, spot.owner));
        }
    }
}

fn finding(place: Place, owner: Owner) -> Diagnostic {
    let message =
        format!("{owner} carries a JSON Schema whole: listeners get it untyped, and every change to it breaks");
    Diagnostic::new(&RULE, place, message).help("say it with `fields`, `enum` or `union` as far as the language goes")
}
