//! Types that have few values, or none.

use std::collections::BTreeSet;

use growset_model::{Catalog, Difference, List, Record, Texts, Type, TypeKind};

/// How many values a publisher may send, of a type that plainly has few.
pub(crate) fn count_of_values(catalog: &Catalog, ty: &Type) -> Option<u64> {
    match &catalog.resolve(ty)?.kind {
        TypeKind::Boolean => Some(2),
        TypeKind::Enum(choice) => u64::try_from(choice.values.len()).ok(),
        TypeKind::Integer(bounds) => {
            let steps = u64::try_from(bounds.greatest().checked_sub(bounds.least())?).ok()?;
            steps.checked_add(1)
        }
        // Not through a name, which may lead back here.
        TypeKind::Nullable(inner) if !matches!(inner.kind, TypeKind::Named(_)) => {
            count_of_values(catalog, inner)?.checked_add(1)
        }
        TypeKind::Text(_)
        | TypeKind::Format(_)
        | TypeKind::Number(_)
        | TypeKind::Json
        | TypeKind::List(_)
        | TypeKind::Map(_)
        | TypeKind::Nullable(_)
        | TypeKind::Named(_)
        | TypeKind::Record(_)
        | TypeKind::Union(_)
        | TypeKind::Opaque(_) => None,
    }
}

/// Whether a type has no value at all. Answers true only where it is certain.
pub(crate) fn is_empty(catalog: &Catalog, ty: &Type) -> bool {
    Search { catalog, seen: BTreeSet::new() }.is_empty(ty)
}

/// Whether no object has these fields. Answers true only where it is certain.
pub(crate) fn is_empty_record(catalog: &Catalog, record: &Record) -> bool {
    Search { catalog, seen: BTreeSet::new() }.is_empty_record(record)
}

/// Each type is looked into once; one that is met again is taken to have values.
struct Search<'c> {
    catalog: &'c Catalog,
    seen: BTreeSet<usize>,
}

impl Search<'_> {
    fn is_empty(&mut self, ty: &Type) -> bool {
        let Some(ty) = self.catalog.resolve(ty) else {
            return false;
        };
        match &ty.kind {
            TypeKind::Text(text) => Texts::of_text(text).without(&Texts::NONE) == Difference::None,
            TypeKind::Integer(bounds) => bounds.least() > bounds.greatest(),
            TypeKind::Number(bounds) => bounds.min.zip(bounds.max).is_some_and(|(min, max)| min > max),
            TypeKind::Enum(choice) => choice.values.is_empty(),
            _ if !self.seen.insert(std::ptr::from_ref(ty).addr()) => false,
            TypeKind::List(list) => self.is_empty_list(list),
            TypeKind::Record(record) => self.is_empty_record(record),
            TypeKind::Union(union) => union.cases.iter().all(|case| self.is_empty_record(&case.record)),
            TypeKind::Format(_)
            | TypeKind::Boolean
            | TypeKind::Json
            | TypeKind::Map(_)
            | TypeKind::Nullable(_)
            | TypeKind::Named(_)
            | TypeKind::Opaque(_) => false,
        }
    }

    fn is_empty_list(&mut self, list: &List) -> bool {
        let least = list.min_items.unwrap_or(0);
        let too_few = || list.unique && count_of_values(self.catalog, &list.items).is_some_and(|count| count < least);
        list.max_items.is_some_and(|most| most < least) || too_few() || (least > 0 && self.is_empty(&list.items))
    }

    fn is_empty_record(&mut self, record: &Record) -> bool {
        record.fields.iter().any(|field| field.is_required() && self.is_empty(&field.ty))
    }
}
