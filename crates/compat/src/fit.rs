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

#[cfg(test)]
mod tests {
    use growset_model::{Bounds, Place, arbitrary};
    use proptest::prelude::*;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    use super::*;
    use crate::judge::compile;

    fn ty(kind: TypeKind) -> Type {
        Type { kind, place: Place::NOWHERE }
    }

    fn integer(min: i64, max: i64) -> Type {
        ty(TypeKind::Integer(Bounds { min: Some(min), max: Some(max) }))
    }

    #[test]
    fn a_wider_type_takes_a_narrower_one_and_not_the_reverse() {
        let catalog = Catalog::default();
        assert!(fits(&catalog, &integer(1, 2), &integer(0, 2)));
        assert!(!fits(&catalog, &integer(0, 2), &integer(1, 2)));
        let nullable = ty(TypeKind::Nullable(Box::new(integer(0, 2))));
        assert!(fits(&catalog, &integer(1, 2), &nullable));
        assert!(!fits(&catalog, &nullable, &integer(0, 2)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_fits_takes_every_value(catalog in arbitrary::catalog()) {
            let mut runner = TestRunner::deterministic();
            let fields = catalog.events.values().filter_map(|event| event.record()).flat_map(|record| &record.fields);
            let types: Vec<&Type> = fields.map(|field| &field.ty).chain(catalog.types.values().map(|named| &named.ty)).collect();
            for target in &types {
                let validator = compile(&bare_type_schema(&catalog, target, Language::Intake)).expect("the schema compiles");
                for source in types.iter().filter(|source| fits(&catalog, source, target)) {
                    let values = arbitrary::type_value(&catalog, source, Language::Intake);
                    let value = values.new_tree(&mut runner).expect("the type has a value").current();
                    let is_of_source = || compile(&bare_type_schema(&catalog, source, Language::Intake)).is_ok_and(|judge| judge.is_valid(&value));
                    // A type without a finite value within reach of the sampler answers null.
                    prop_assert!(validator.is_valid(&value) || !is_of_source(), "{value} is no value of {target:?}");
                }
            }
        }
    }
}
