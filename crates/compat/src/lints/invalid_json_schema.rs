//! A JSON Schema that is carried whole and that no validator can use.

use growset_model::{Diagnostic, Payload, Place, Rule, Severity, TypeKind};
use serde_json::Value;

use crate::context::{Context, Owner};
use crate::judge::compile;

pub(crate) const RULE: Rule = Rule {
    id: "invalid-json-schema",
    severity: Severity::Error,
    summary: "a JSON Schema that is carried whole cannot be used",
    lint: false,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for event in context.catalog.events.values() {
        if let Payload::Opaque(schema) = &event.payload {
            diagnostics.extend(finding(schema, event.place, Owner::Event(event)));
        }
    }
    for spot in &context.types {
        if let TypeKind::Opaque(schema) = &spot.what.kind {
            diagnostics.extend(finding(schema, spot.what.place, spot.owner));
        }
    }
}

fn finding(schema: &Value, place: Place, owner: Owner) -> Option<Diagnostic> {
    let error = compile(schema).err()?;
    let message = format!("the JSON Schema of {owner} cannot be used: {error}");
    Some(Diagnostic::new(&RULE, place, message).help(
        "it has to be JSON Schema 2020-12 that stands alone (nothing is fetched), with patterns that run in linear time",
    ))
}
