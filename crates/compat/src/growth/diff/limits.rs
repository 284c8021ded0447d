//! Two shapes of one kind with limits: numbers, texts, lists.

use growset_model::{Bounds, List, Text};

use crate::growth::change::{ChangeKind, End, LimitChange};

use super::spell;
use super::spot::{Spot, StepRef};
use super::walk::{Places, Walk};

pub(super) fn texts<'a>(walk: &mut Walk<'a>, spot: &Spot<'a>, places: Places, old: &Text, new: &Text) {
    let patterned = old.pattern.is_some() || new.pattern.is_some();
    let least = (old.min_length.unwrap_or(0), new.min_length.unwrap_or(0));
    let most = (old.max_length.unwrap_or(u64::MAX), new.max_length.unwrap_or(u64::MAX));
    for limit in limits(least, most, (old.min_length, new.min_length), (old.max_length, new.max_length)) {
        walk.push(spot, places, ChangeKind::LengthChanged { limit, patterned });
    }
    if old.pattern != new.pattern {
        let [old, new] = [old, new].map(|text| text.pattern.as_ref().map(|pattern| pattern.source().to_owned()));
        walk.push(spot, places, ChangeKind::PatternChanged { old, new });
    }
}

pub(super) fn integers<'a>(walk: &mut Walk<'a>, spot: &Spot<'a>, places: Places, old: Bounds<i64>, new: Bounds<i64>) {
    let least = (old.least(), new.least());
    let most = (old.greatest(), new.greatest());
    for limit in limits(least, most, (old.min, new.min), (old.max, new.max)) {
        walk.push(spot, places, ChangeKind::BoundChanged(limit));
    }
}

pub(super) fn numbers<'a>(walk: &mut Walk<'a>, spot: &Spot<'a>, places: Places, old: Bounds<f64>, new: Bounds<f64>) {
    // JSON has no infinity, so that a missing bound is the largest finite number.
    let least = (old.min.unwrap_or(f64::MIN), new.min.unwrap_or(f64::MIN));
    let most = (old.max.unwrap_or(f64::MAX), new.max.unwrap_or(f64::MAX));
    for limit in limits(least, most, (old.min, new.min), (old.max, new.max)) {
        walk.push(spot, places, ChangeKind::BoundChanged(limit));
    }
}

pub(super) fn lists<'a>(walk: &mut Walk<'a>, spot: &Spot<'a>, places: Places, old: &'a List, new: &'a List) {
    let unique = old.unique || new.unique;
    let least = (old.min_items.unwrap_or(0), new.min_items.unwrap_or(0));
    let most = (old.max_items.unwrap_or(u64::MAX), new.max_items.unwrap_or(u64::MAX));
    for limit in limits(least, most, (old.min_items, new.min_items), (old.max_items, new.max_items)) {
        walk.push(spot, places, ChangeKind::ItemCountChanged { limit, unique });
    }
    if old.unique != new.unique {
        walk.push(spot, places, ChangeKind::UniquenessChanged { unique: new.unique });
    }
    walk.types(&spot.then(StepRef::Item), &old.items, &new.items);
}

/// The limits that differ in effect, whatever was spelled.
fn limits<N: PartialOrd, S: ToString>(
    least: (N, N),
    most: (N, N),
    spelled_least: (Option<S>, Option<S>),
    spelled_most: (Option<S>, Option<S>),
) -> Vec<LimitChange> {
    let change = |end, loosened, (old, new): (Option<S>, Option<S>)| LimitChange {
        end,
        loosened,
        old: spell::limit(old),
        new: spell::limit(new),
    };
    let mut limits = Vec::new();
    if least.0 != least.1 {
        limits.push(change(End::Min, least.1 < least.0, spelled_least));
    }
    if most.0 != most.1 {
        limits.push(change(End::Max, most.1 > most.0, spelled_most));
    }
    limits
}
