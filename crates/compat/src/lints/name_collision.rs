//! Two names that a target would spell the same.
//!
//! A suffix that tells them apart would change when a third one joins, so they are refused instead. Names that differ
//! by nothing or by case alone are refused when contracts are read.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use growset_model::{Diagnostic, Place, Rule, Severity, TypeKind, hoist, snake, variant};

use crate::context::Context;

pub(crate) const RULE: Rule = Rule {
    id: "name-collision",
    severity: Severity::Error,
    summary: "two names are spelled the same in generated code",
    lint: false,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    check_fields(context, diagnostics);
    check_values(context, diagnostics);
    check_types(context, diagnostics);
}

fn check_fields(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for spot in &context.records {
        let mut scope = Scope::default();
        for field in &spot.what.fields {
            let what = format!("field `{}`", field.name);
            scope.add(snake(field.name.as_str()), what, field.place, diagnostics);
        }
    }
}

fn check_values(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for spot in &context.types {
        let mut scope = Scope::default();
        match &spot.what.kind {
            TypeKind::Enum(choice) => {
                for value in &choice.values {
                    scope.add(variant(&value.value), format!("value {:?}", value.value), value.place, diagnostics);
                }
            }
            TypeKind::Union(union) => {
                for case in &union.cases {
                    scope.add(variant(&case.value), format!("case {:?}", case.value), case.place, diagnostics);
                }
            }
            _ => {} // Nothing else opens a scope of variants.
        }
    }
}

fn check_types(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    let mut scope = Scope::default();
    for (name, place, what) in hoist::type_names(context.catalog) {
        scope.add(name, what, place, diagnostics);
    }
}

/// The spellings that are taken, and by what.
#[derive(Default)]
struct Scope {
    taken: BTreeMap<String, (String, Place)>,
}

impl Scope {
    fn add(&mut self, spelled: String, what: String, place: Place, diagnostics: &mut Vec<Diagnostic>) {
        match self.taken.entry(spelled) {
            Entry::Vacant(free) => _ = free.insert((what, place)),
            Entry::Occupied(taken) => {
                let (first, first_place) = taken.get();
                let message = format!("{what} and {first} are both spelled `{}`; rename one of them", taken.key());
                diagnostics.push(Diagnostic::new(&RULE, place, message).related(*first_place, "the other one"));
            }
        }
    }
}
