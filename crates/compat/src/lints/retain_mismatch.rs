//! A retained event whose key is not in its payload.

use growset_model::{Catalog, Diagnostic, Event, FieldName, Record, Retain, Rule, Severity, Type, TypeKind};

use crate::context::Context;
use crate::nearest::did_you_mean;

pub(crate) const RULE: Rule = Rule {
    id: "retain-mismatch",
    severity: Severity::Error,
    summary: "`latest_by` names what is no required, plain field of the event",
    lint: false,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for event in context.catalog.events.values() {
        let Some(Retain::LatestBy(keys)) = &event.retain else {
            continue;
        };
        for key in keys {
            if let Some(problem) = problem(context.catalog, event, key) {
                let message = format!("event {} is retained by `{key}`, but {problem}", event.name);
                diagnostics.push(Diagnostic::new(&RULE, event.place, message));
            }
        }
    }
}

fn problem(catalog: &Catalog, event: &Event, key: &FieldName) -> Option<String> {
    let nothing = Record::default();
    let record = event.record().unwrap_or(&nothing);
    let Some(field) = record.field(key.as_str()) else {
        let known = record.fields.iter().map(|field| field.name.as_str());
        return Some(format!("has no field of that name{}", did_you_mean(key.as_str(), known)));
    };
    if !field.is_required() {
        return Some("the field may be absent; only a required field tells payloads apart".to_owned());
    }
    if !is_plain(catalog, &field.ty) {
        return Some(
            "the field holds more than one plain value; only text, numbers and booleans make a key".to_owned(),
        );
    }
    None
}

fn is_plain(catalog: &Catalog, ty: &Type) -> bool {
    match catalog.resolve(ty).map(|ty| &ty.kind) {
        Some(TypeKind::Nullable(inner)) => is_plain(catalog, inner),
        Some(
            TypeKind::Text(_)
            | TypeKind::Format(_)
            | TypeKind::Boolean
            | TypeKind::Integer(_)
            | TypeKind::Number(_)
            | TypeKind::Enum(_),
        ) => true,
        Some(
            TypeKind::Json
            | TypeKind::List(_)
            | TypeKind::Map(_)
            | TypeKind::Named(_)
            | TypeKind::Record(_)
            | TypeKind::Union(_)
            | TypeKind::Opaque(_),
        ) => false,
        None => true, // A name that leads nowhere has a finding of its own.
    }
}
