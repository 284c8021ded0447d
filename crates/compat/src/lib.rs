//! What is wrong with a catalog, beyond how it is spelled: one rule, one file, one page, one sorted line.
//!
//! Judges catalogs and nothing else: does not know where they came from, how a type is spelled, or what is generated.

pub mod growth;

mod lints;

mod context;

mod few;

mod fit;

mod judge;

mod nearest;

mod policy;

use growset_model::{Catalog, Diagnostic, Function, Rule};
use rayon::prelude::*;

use crate::context::Context;
use crate::lints::LINTS;

pub use judge::{PayloadJudge, Problem};

/// Every rule that this crate can report, sorted by id.
pub const RULES: &[&Rule] = &lints::rules();

/// Judges a catalog by every rule, its examples included, and weighs what is found as its `policy` says. Findings come
/// in order of their place. `functions` are those that derived fields may name, `rules` those that anything reports, of
/// this crate or not: what `policy` may not turn down is told from what nobody knows.
pub fn lint(catalog: &Catalog, functions: &[Function], rules: &[&'static Rule]) -> Vec<Diagnostic> {
    let context = Context::new(catalog, functions, rules);
    let found = LINTS.par_iter().map(|lint| {
        let mut found = Vec::new();
        (lint.check)(&context, &mut found);
        found
    });
    let mut diagnostics: Vec<Diagnostic> = found.flatten_iter().collect();
    policy::apply(&catalog.settings.policy, &mut diagnostics);
    diagnostics.sort_by(|left, right| {
        (left.place, left.rule.id, &left.message).cmp(&(right.place, right.rule.id, &right.message))
    });
    diagnostics
}
