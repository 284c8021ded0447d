//! What an event is found by: the names of everything inside its payload, however deep, and the values that are listed.

use std::collections::BTreeSet;

use growset_model::{Catalog, Event, Record, Type, TypeKind};

pub(super) fn words(catalog: &Catalog, event: &Event) -> String {
    let mut words = BTreeSet::new();
    if let Some(record) = event.record() {
        push_record(record, &mut words);
    }
    for (name, named) in catalog.reachable(&event.payload) {
        words.insert(name.as_str());
        push(&named.ty, &mut words);
    }
    words.into_iter().collect::<Vec<_>>().join(" ")
}

fn push_record<'a>(record: &'a Record, words: &mut BTreeSet<&'a str>) {
    for field in &record.fields {
        words.insert(field.name.as_str());
        push(&field.ty, words);
    }
}

fn push<'a>(ty: &'a Type, words: &mut BTreeSet<&'a str>) {
    match &ty.kind {
        TypeKind::Nullable(inner) => push(inner, words),
        TypeKind::List(list) => push(&list.items, words),
        TypeKind::Map(values) => push(values, words),
        TypeKind::Record(record) => push_record(record, words),
        TypeKind::Union(union) => {
            words.insert(union.tag.as_str());
            for case in &union.cases {
                words.insert(case.value.as_str());
                push_record(&case.record, words);
            }
        }
        TypeKind::Enum(listed) => words.extend(listed.values.iter().map(|known| known.value.as_str())),
        // The named ones are reached by themselves.
        TypeKind::Named(_)
        | TypeKind::Text(_)
        | TypeKind::Format(_)
        | TypeKind::Boolean
        | TypeKind::Integer(_)
        | TypeKind::Number(_)
        | TypeKind::Json
        | TypeKind::Opaque(_) => {}
    }
}
