//! How far each type is from its smallest value: what keeps samples of recursive types finite.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::name::TypeName;
use crate::shape::{Record, Type, TypeKind};

/// The height of every named type that has a finite value, by least fixpoint.
///
/// Invariant: a type of height n has a value all of whose named parts are of a height below n.
pub(super) struct Heights {
    of_named: BTreeMap<TypeName, u32>,
}

impl Heights {
    pub(super) fn new(catalog: &Catalog) -> Self {
        let mut heights = Self { of_named: BTreeMap::new() };
        loop {
            let found: Vec<(TypeName, u32)> = catalog
                .types
                .iter()
                .filter(|(name, _)| !heights.of_named.contains_key(*name))
                .filter_map(|(name, named)| Some((name.clone(), heights.of_type(&named.ty)? + 1)))
                .collect();
            if found.is_empty() {
                return heights;
            }
            heights.of_named.extend(found);
        }
    }

    /// Nothing for a type without a finite value.
    pub(super) fn of_type(&self, ty: &Type) -> Option<u32> {
        match &ty.kind {
            TypeKind::Named(name) => self.of_named.get(name).copied(),
            TypeKind::List(list) if list.min_items.unwrap_or(0) > 0 => self.of_type(&list.items),
            TypeKind::Record(record) => self.of_record(record),
            TypeKind::Union(union) => union.cases.iter().filter_map(|case| self.of_record(&case.record)).min(),
            TypeKind::Text(_)
            | TypeKind::Format(_)
            | TypeKind::Boolean
            | TypeKind::Integer(_)
            | TypeKind::Number(_)
            | TypeKind::Json
            | TypeKind::List(_)
            | TypeKind::Map(_)
            | TypeKind::Nullable(_)
            | TypeKind::Enum(_)
            | TypeKind::Opaque(_) => Some(0),
        }
    }

    pub(super) fn of_record(&self, record: &Record) -> Option<u32> {
        let required = record.fields.iter().filter(|field| field.is_required());
        required.map(|field| self.of_type(&field.ty)).try_fold(0, |most, height| Some(most.max(height?)))
    }
}
