//! What must hold of every comparison, whatever the catalogs.

use growset_compat::growth::{Baseline, Class, growth};
use growset_model::Catalog;
use growset_model::arbitrary::catalog;
use proptest::collection::vec;
use proptest::prelude::*;

use super::edit::{Tape, edited, grown};

fn class(old: &Catalog, new: &Catalog) -> Class {
    growth(&Baseline::of_catalog("released", old), new).class()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_differs_from_itself(catalog in catalog()) {
        let report = growth(&Baseline::of_catalog("released", &catalog), &catalog);
        prop_assert!(report.findings.is_empty() && report.changes.is_empty(), "{report:#?}");
    }

    #[test]
    fn growth_upon_growth_is_growth(first in catalog(), words in vec(any::<u16>(), 12)) {
        let (one, other) = words.split_at(6);
        let second = grown(&first, &mut Tape::new(one));
        let third = grown(&second, &mut Tape::new(other));
        prop_assert!(class(&first, &third) <= Class::Additive);
    }

    #[test]
    fn two_steps_that_are_fine_make_one_that_is_fine(first in catalog(), words in vec(any::<u16>(), 16)) {
        let (one, other) = words.split_at(8);
        let second = edited(&first, &mut Tape::new(one));
        let third = edited(&second, &mut Tape::new(other));
        let steps = class(&first, &second).max(class(&second, &third));
        prop_assert!(steps >= Class::Policy || class(&first, &third) < Class::Policy);
    }

    #[test]
    fn a_comparison_with_many_revisions_finds_what_each_finds(first in catalog(), words in vec(any::<u16>(), 16)) {
        let (one, other) = words.split_at(8);
        let second = edited(&first, &mut Tape::new(one));
        let third = edited(&second, &mut Tape::new(other));
        let mut both = Baseline::of_catalog("1", &first);
        both.revisions.extend(Baseline::of_catalog("2", &second).revisions);
        let together = growth(&both, &third);
        let apart = class(&first, &third).max(class(&second, &third));
        prop_assert_eq!(together.findings.iter().map(|finding| finding.class).max().unwrap_or(Class::Unchanged) >= Class::Policy, apart >= Class::Policy);
    }
}
