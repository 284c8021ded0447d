//! Two enums, or two unions: sets of values told apart by a string.

use growset_model::{Case, Enum, EnumValue, Record, Union};

use crate::growth::change::ChangeKind;

use super::spot::{Spot, StepRef};
use super::walk::{Places, Walk};
use super::{record, spell};

pub(super) fn enums<'a>(walk: &mut Walk<'a>, spot: &Spot<'a>, places: Places, old: &'a Enum, new: &'a Enum) {
    if old.closed != new.closed {
        walk.push(spot, places, ChangeKind::OpennessChanged { closed: new.closed });
    }
    let removed: Vec<&EnumValue> = old.values.iter().filter(|value| find(new, &value.value).is_none()).collect();
    let added: Vec<&EnumValue> = new.values.iter().filter(|value| find(old, &value.value).is_none()).collect();
    if let ([was], [is]) = (&removed[..], &added[..]) {
        let (old, new, was_closed, is_closed) = (was.value.clone(), is.value.clone(), old.closed, new.closed);
        let kind = ChangeKind::EnumValueRenamed { old, new, was_closed, is_closed };
        walk.push(spot, (was.place, is.place), kind);
    } else {
        for value in removed {
            let kind = ChangeKind::EnumValueRemoved { value: value.value.clone(), closed: new.closed };
            walk.push(spot, (value.place, places.1), kind);
        }
        for value in added {
            let kind = ChangeKind::EnumValueAdded { value: value.value.clone(), closed: old.closed };
            walk.push(spot, (places.0, value.place), kind);
        }
    }
    let kept: Vec<(&EnumValue, &EnumValue)> =
        old.values.iter().filter_map(|value| Some((value, find(new, &value.value)?))).collect();
    walk.note(spot, places, kept.iter().any(|(old, new)| old.doc != new.doc), "doc of a value");
    let deprecation = |(old, new): &(&EnumValue, &EnumValue)| {
        !spell::same_deprecation(old.deprecated.as_ref(), new.deprecated.as_ref())
    };
    walk.note(spot, places, kept.iter().any(deprecation), "deprecation of a value");
    let order: Vec<&str> =
        new.values.iter().filter(|value| find(old, &value.value).is_some()).map(|v| v.value.as_str()).collect();
    walk.note(spot, places, kept.iter().map(|(old, _)| old.value.as_str()).ne(order), "order");
}

fn find<'a>(choice: &'a Enum, value: &str) -> Option<&'a EnumValue> {
    choice.values.iter().find(|found| found.value == value)
}

pub(super) fn unions<'a>(walk: &mut Walk<'a>, spot: &Spot<'a>, places: Places, old: &'a Union, new: &'a Union) {
    if old.tag != new.tag {
        // Nothing that one side sends is a case to the other, so that there are no cases to compare.
        walk.push(spot, places, ChangeKind::TagRenamed { old: old.tag.clone(), new: new.tag.clone() });
        return;
    }
    if old.closed != new.closed {
        walk.push(spot, places, ChangeKind::OpennessChanged { closed: new.closed });
    }
    let removed: Vec<&Case> = old.cases.iter().filter(|found| case(new, &found.value).is_none()).collect();
    let added: Vec<&Case> = new.cases.iter().filter(|found| case(old, &found.value).is_none()).collect();
    if let ([was], [is]) = (&removed[..], &added[..])
        && same_fields(walk, spot, &was.record, &is.record)
    {
        let kind = ChangeKind::CaseRenamed {
            old: was.value.clone(),
            new: is.value.clone(),
            was_closed: old.closed,
            is_closed: new.closed,
        };
        walk.push(spot, (was.place, is.place), kind);
    } else {
        for found in removed {
            let kind = ChangeKind::CaseRemoved { value: found.value.clone(), closed: new.closed };
            walk.push(spot, (found.place, places.1), kind);
        }
        for found in added {
            let kind = ChangeKind::CaseAdded { value: found.value.clone(), closed: old.closed };
            walk.push(spot, (places.0, found.place), kind);
        }
    }
    let mut kept = Vec::new();
    for released in &old.cases {
        if let Some(found) = case(new, &released.value) {
            kept.push(found.value.as_str());
            compare_case(walk, &spot.then(StepRef::Case(&found.value)), released, found);
        }
    }
    let order = new.cases.iter().filter(|found| case(old, &found.value).is_some()).map(|found| found.value.as_str());
    walk.note(spot, places, order.ne(kept), "order");
}

fn compare_case<'a>(walk: &mut Walk<'a>, spot: &Spot<'a>, old: &'a Case, new: &'a Case) {
    let places = (old.place, new.place);
    walk.note(spot, places, old.doc != new.doc, "doc");
    let deprecated = (old.deprecated.as_ref(), new.deprecated.as_ref());
    walk.note(spot, places, !spell::same_deprecation(deprecated.0, deprecated.1), "deprecation");
    record::compare(walk, spot, places, &old.record, &new.record);
}

fn case<'a>(union: &'a Union, value: &str) -> Option<&'a Case> {
    union.cases.iter().find(|found| found.value == value)
}

fn same_fields<'a>(walk: &Walk<'a>, spot: &Spot<'a>, old: &'a Record, new: &'a Record) -> bool {
    walk.finds_renames && walk.is_same_by(|inner| record::compare(inner, spot, Places::default(), old, new))
}
