//! Whether every value of one type is a value of another: what a mapping from an older version needs.

use growset_model::{Catalog, Language, Text, Type, TypeKind, bare_type_schema};

/// Deeper types are not looked into; they fit only if they are the same.
const DEEPEST: usize = 16;

/// Answers true only where it is certain.
pub(crate) fn fits(catalog: &Catalog, source: &Type, target: &Type) -> bool {
    fits_within(catalog, source, target, DEEPEST)
}

fn fits_within(catalog: &Catalog, source: &Type, target: &Type, depth: usize) -> bool {
    if is_same(catalog, source, target) {
        return true;
    }
    let (Some(source), Some(target), Some(depth)) =
        (catalog.resolve(source), catalog.resolve(target), depth.checked_sub(1))
    else {
        return false;
    };
    match (&source.kind, &target.kind) {
        (_, TypeKind::Json) => true,
        (TypeKind::Nullable(source), TypeKind::Nullable(target)) => fits_within(catalog, source, target, depth),
        (_, TypeKind::Nullable(target)) => fits_within(catalog, source, target, depth),
        (TypeKind::Integer(source), TypeKind::Integer(target)) => {
            target.least() <= source.least() && source.greatest() <= target.greatest()
        }
        (TypeKind::Number(source), TypeKind::Number(target)) => {
            is_lower(target.min, source.min) && is_higher(target.max, source.max)
        }
        (TypeKind::Text(source), TypeKind::Text(target)) => text_fits(source, target),
        (TypeKind::Enum(_) | TypeKind::Format(_), TypeKind::Text(target)) => *target == Text::default(),
        (TypeKind::Enum(source), TypeKind::Enum(target)) => {
            source.values.iter().all(|known| target.values.iter().any(|value| value.value == known.value))
        }
        (TypeKind::List(source), TypeKind::List(target)) => {
            let lengths = is_lower(target.min_items, source.min_items) && is_higher(target.max_items, source.max_items);
            lengths && (source.unique || !target.unique) && fits_within(catalog, &source.items, &target.items, depth)
        }
        (TypeKind::Map(source), TypeKind::Map(target)) => fits_within(catalog, source, target, depth),
        _ => false, // Any other pair would have to be the same, and is not.
    }
}

/// The same payloads are accepted, told by the rendered schema.
fn is_same(catalog: &Catalog, source: &Type, target: &Type) -> bool {
    let schema = |ty| bare_type_schema(catalog, ty, Language::Intake);
    match (&source.kind, &target.kind) {
        (TypeKind::Named(source), TypeKind::Named(target)) if source == target => true,
        _ => schema(source) == schema(target),
    }
}

fn text_fits(source: &Text, target: &Text) -> bool {
    is_lower(target.min_length, source.min_length)
        && is_higher(target.max_length, source.max_length)
        && (target.pattern.is_none() || target.pattern == source.pattern)
}

/// A lower limit lets everything through that the other one does.
fn is_lower<N: PartialOrd>(limit: Option<N>, other: Option<N>) -> bool {
    limit.is_none_or(|limit| other.is_some_and(|other| limit <= other))
}

/// An upper limit lets everything through that the other one does.
fn is_higher<N: PartialOrd>(limit: Option<N>, other: Option<N>) -> bool {
    limit.is_none_or(|limit| other.is_some_and(|other| limit >= other))
}
