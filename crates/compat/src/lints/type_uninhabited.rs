//! Types that no finite value has.

use std::collections::BTreeSet;

use growset_model::{Diagnostic, Record, Rule, Severity, Type, TypeKind, TypeName};

use crate::context::Context;

pub(crate) const RULE: Rule =
    Rule { id: "type-uninhabited", severity: Severity::Error, summary: "no finite value has this type", lint: false };

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    let types = &context.catalog.types;
    let inhabited = inhabited(context);
    for named in types.values().filter(|named| !inhabited.contains(&named.name)) {
        let message = format!("every value of type {} would have to hold another one, without an end", named.name);
        diagnostics
            .push(Diagnostic::new(&RULE, named.place, message).help(
                "let the recursion run through `optional`, `list`, `map`, `nullable` or another case of a union",
            ));
    }
}

/// The least fixpoint: a named type has a value once everything that it cannot do without has one.
fn inhabited<'a>(context: &Context<'a>) -> BTreeSet<&'a TypeName> {
    let mut inhabited = BTreeSet::new();
    let mut waiting: Vec<_> = context.catalog.types.values().collect();
    loop {
        let before = waiting.len();
        waiting.retain(|named| {
            let found = has_value(&named.ty, &inhabited);
            if found {
                inhabited.insert(&named.name);
            }
            !found
        });
        if waiting.len() == before {
            return inhabited;
        }
    }
}

fn has_value(ty: &Type, inhabited: &BTreeSet<&TypeName>) -> bool {
    match &ty.kind {
        TypeKind::Named(name) => inhabited.contains(name),
        TypeKind::Record(record) => record_has_value(record, inhabited),
        TypeKind::Union(union) => union.cases.iter().any(|case| record_has_value(&case.record, inhabited)),
        TypeKind::List(list) => list.min_items.unwrap_or(0) == 0 || has_value(&list.items, inhabited),
        TypeKind::Text(_)
        | TypeKind::Format(_)
        | TypeKind::Boolean
        | TypeKind::Integer(_)
        | TypeKind::Number(_)
        | TypeKind::Json
        | TypeKind::Map(_)
        | TypeKind::Nullable(_)
        | TypeKind::Enum(_)
        | TypeKind::Opaque(_) => true,
    }
}

fn record_has_value(record: &Record, inhabited: &BTreeSet<&TypeName>) -> bool {
    record.fields.iter().filter(|field| field.is_required()).all(|field| has_value(&field.ty, inhabited))
}
