//! Personal data that everyone would receive.

use growset_model::{Audience, Catalog, Diagnostic, Event, Place, Rule, Severity, Type, TypeKind};

use crate::context::Context;

pub(crate) const RULE: Rule = Rule {
    id: "pii-on-public",
    severity: Severity::Error,
    summary: "a public event carries personal data",
    lint: false,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for event in context.catalog.events.values().filter(|event| event.audience == Audience::Public) {
        if let Some(personal) = personal(context.catalog, event) {
            let message = format!("{} is personal data, and everyone receives event {}", personal.what, event.name);
            diagnostics.push(
                Diagnostic::new(&RULE, event.place, message)
                    .related(personal.place, "marked `pii: true` here")
                    .help("choose a narrower `audience`, or leave the field out of the public event"),
            );
        }
    }
}

struct Personal {
    what: String,
    place: Place,
}

/// The first personal field or type that a payload of the event can hold.
fn personal(catalog: &Catalog, event: &Event) -> Option<Personal> {
    let mut waiting: Vec<&Type> = Vec::new();
    let reached = catalog.reachable(&event.payload);
    if let Some(named) = reached.values().find(|named| named.pii) {
        return Some(Personal { what: format!("type {}", named.name), place: named.place });
    }
    waiting.extend(reached.values().map(|named| &named.ty));
    let mut fields: Vec<_> = event.record().map(|record| record.fields.iter().collect()).unwrap_or_default();
    loop {
        while let Some(field) = fields.pop() {
            if field.pii {
                return Some(Personal { what: format!("field `{}`", field.name), place: field.place });
            }
            waiting.push(&field.ty);
        }
        let ty = waiting.pop()?;
        match &ty.kind {
            TypeKind::Record(record) => fields.extend(&record.fields),
            TypeKind::Union(union) => fields.extend(union.cases.iter().flat_map(|case| &case.record.fields)),
            kind => waiting.extend(kind.parts()),
        }
    }
}
