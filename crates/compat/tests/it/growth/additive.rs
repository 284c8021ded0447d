//! Random edits of random contracts. `PROPTEST_CASES=40000` is for a night.

use growset_compat::growth::Class;
use growset_model::arbitrary::catalog;
use proptest::collection::vec;
use proptest::prelude::*;

use super::edit::{Tape, edited, grown};
use super::judge::judged;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_and_its_mirror_are_judged_right(old in catalog(), words in vec(any::<u16>(), 12)) {
        let new = edited(&old, &mut Tape::new(&words));
        if let Err(problem) = judged(&old, &new) {
            return Err(TestCaseError::fail(format!("there: {problem}")));
        }
        if let Err(problem) = judged(&new, &old) {
            return Err(TestCaseError::fail(format!("and back: {problem}")));
        }
    }

    #[test]
    fn several_edits_at_once_are_judged_right(old in catalog(), words in vec(any::<u16>(), 40)) {
        let new = words.chunks(8).fold(old.clone(), |catalog, words| edited(&catalog, &mut Tape::new(words)));
        if let Err(problem) = judged(&old, &new) {
            return Err(TestCaseError::fail(problem));
        }
    }

    #[test]
    fn growth_breaks_nobody(old in catalog(), words in vec(any::<u16>(), 24)) {
        let new = words.chunks(6).fold(old.clone(), |catalog, words| grown(&catalog, &mut Tape::new(words)));
        let report = judged(&old, &new).map_err(TestCaseError::fail)?;
        prop_assert!(report.class() <= Class::Additive, "{report:#?}");
    }
}
