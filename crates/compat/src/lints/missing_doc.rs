//! What nobody explains to the people who listen.
//!
//! A field of a named type that has a doc explains itself; one finding per contract lists all the others.

use std::ptr;

use growset_model::{Catalog, Diagnostic, Field, Rule, Severity, Type, TypeKind};

use crate::context::{Context, listed};

pub(crate) const RULE: Rule = Rule {
    id: "missing-doc",
    severity: Severity::Warning,
    summary: "an event, a named type or a field has no doc",
    lint: true,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for event in context.living_events().filter(|event| is_blank(event.doc.as_deref())) {
        let message = format!("event {} has no `doc`; say what happened when it is sent", event.name);
        diagnostics.push(Diagnostic::new(&RULE, event.place, message));
    }
    for named in context.catalog.types.values().filter(|named| is_blank(named.doc.as_deref())) {
        let message = format!("type {} has no `doc`; say what it means", named.name);
        diagnostics.push(Diagnostic::new(&RULE, named.place, message));
    }
    check_fields(context, diagnostics);
}

/// One finding per record: a contract that was imported without docs would drown everything else.
fn check_fields(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for spot in &context.records {
        let mut silent = spot.what.fields.iter().filter(|field| !explains_itself(context.catalog, field)).peekable();
        let Some(&first) = silent.peek() else {
            continue;
        };
        let names: Vec<_> = silent.clone().map(|field| &field.name).collect();
        let (noun, verb) = if names.len() == 1 { ("field", "has") } else { ("fields", "have") };
        let message = format!("{noun} {} of {} {verb} no `doc`; say what is in there", listed(&names), spot.owner);
        let others = silent.filter(|field| !ptr::eq(*field, first));
        let diagnostic = Diagnostic::new(&RULE, first.place, message);
        diagnostics.push(others.fold(diagnostic, |diagnostic, field| diagnostic.related(field.place, "this one too")));
    }
}

fn explains_itself(catalog: &Catalog, field: &Field) -> bool {
    !is_blank(field.doc.as_deref()) || has_documented_name(catalog, &field.ty)
}

fn has_documented_name(catalog: &Catalog, ty: &Type) -> bool {
    match &ty.kind {
        // A named type without a doc has a finding of its own.
        TypeKind::Named(name) => catalog.types.contains_key(name),
        TypeKind::Nullable(inner) => has_documented_name(catalog, inner),
        TypeKind::List(list) => has_documented_name(catalog, &list.items),
        _ => false, // Every other type is spelled on the spot, and says what is held but not what it means.
    }
}

fn is_blank(doc: Option<&str>) -> bool {
    doc.is_none_or(|doc| doc.trim().is_empty())
}
