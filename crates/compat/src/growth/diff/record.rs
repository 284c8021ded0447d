//! Two records, field by field. The order of fields means nothing.

use growset_model::{Field, Presence, Record, TypeKind};

use crate::growth::change::{ChangeKind, FieldPresence};

use super::spell;
use super::spot::{Spot, StepRef};
use super::walk::{Places, Walk};

pub(super) fn compare<'a>(walk: &mut Walk<'a>, spot: &Spot<'a>, places: Places, old: &'a Record, new: &'a Record) {
    let mut removed = Vec::new();
    let mut added: Vec<&Field> = Vec::new();
    let mut last = None;
    let mut reordered = false;
    for (index, released) in old.fields.iter().enumerate() {
        match position(new, released, index) {
            Some((at, field)) => {
                reordered |= last.is_some_and(|last| at < last);
                last = Some(at);
                compare_field(walk, spot, released, field);
            }
            None => removed.push(released),
        }
    }
    if new.fields.len() + removed.len() > old.fields.len() {
        added = new.fields.iter().filter(|field| old.field(field.name.as_str()).is_none()).collect();
    }
    if let ([was], [is]) = (&removed[..], &added[..])
        && is_renamed(walk, was, is)
    {
        let presence = FieldPresence::from(&is.presence);
        let kind = ChangeKind::FieldRenamed { old: was.name.clone(), new: is.name.clone(), presence };
        walk.push(&of_field(spot, is), (was.place, is.place), kind);
        return;
    }
    for field in removed {
        let kind = ChangeKind::FieldRemoved { presence: FieldPresence::from(&field.presence) };
        walk.push(&of_field(spot, field), (field.place, places.1), kind);
    }
    for field in added {
        let kind = ChangeKind::FieldAdded { presence: FieldPresence::from(&field.presence) };
        walk.push(&of_field(spot, field), (places.0, field.place), kind);
    }
    walk.note(spot, places, reordered, "order");
}

/// Most fields stand where they stood.
fn position<'a>(record: &'a Record, field: &Field, index: usize) -> Option<(usize, &'a Field)> {
    let here = record.fields.get(index).filter(|found| found.name == field.name);
    match here {
        Some(found) => Some((index, found)),
        None => record.fields.iter().enumerate().find(|(_, found)| found.name == field.name),
    }
}

fn is_renamed<'a>(walk: &Walk<'a>, old: &'a Field, new: &'a Field) -> bool {
    let same_presence = match (&old.presence, &new.presence) {
        (Presence::Required, Presence::Required) | (Presence::Optional, Presence::Optional) => true,
        (Presence::Derived(_), _) | (_, Presence::Derived(_)) => false,
        (Presence::Required, Presence::Optional) | (Presence::Optional, Presence::Required) => false,
    };
    walk.finds_renames && same_presence && walk.is_same(&old.ty, &new.ty)
}

/// A derived field is no part of what publishers send.
fn of_field<'a>(spot: &Spot<'a>, field: &'a Field) -> Spot<'a> {
    let spot = spot.then(StepRef::Field(&field.name));
    if field.is_derived() { spot.unpublished() } else { spot }
}

/// Most fields are what they were, and hold nothing that a walk would have to go into.
fn is_same_leaf(old: &Field, new: &Field) -> bool {
    let is_leaf = match &old.ty.kind {
        TypeKind::Text(_)
        | TypeKind::Format(_)
        | TypeKind::Boolean
        | TypeKind::Integer(_)
        | TypeKind::Number(_)
        | TypeKind::Json => true,
        TypeKind::List(_)
        | TypeKind::Map(_)
        | TypeKind::Nullable(_)
        | TypeKind::Named(_)
        | TypeKind::Enum(_)
        | TypeKind::Record(_)
        | TypeKind::Union(_)
        | TypeKind::Opaque(_) => false,
    };
    let same_presence = match (&old.presence, &new.presence) {
        (Presence::Required, Presence::Required) | (Presence::Optional, Presence::Optional) => true,
        (Presence::Derived(_), _) | (Presence::Required | Presence::Optional, _) => false,
    };
    is_leaf
        && same_presence
        && old.ty.kind == new.ty.kind
        && (&old.default, &old.mapping, old.pii) == (&new.default, &new.mapping, new.pii)
        && (&old.doc, &old.example) == (&new.doc, &new.example)
        && spell::same_deprecation(old.deprecated.as_deref(), new.deprecated.as_deref())
}

fn compare_field<'a>(walk: &mut Walk<'a>, spot: &Spot<'a>, old: &'a Field, new: &'a Field) {
    if is_same_leaf(old, new) {
        return;
    }
    let places = (old.place, new.place);
    let at_field = spot.then(StepRef::Field(&new.name));
    // Where either side derives the field, the types below are no part of what both sides' publishers send.
    let inside = if old.is_derived() || new.is_derived() { at_field.clone().unpublished() } else { at_field.clone() };
    let (was, is) = (FieldPresence::from(&old.presence), FieldPresence::from(&new.presence));
    if was != is {
        walk.push(&at_field, places, ChangeKind::PresenceChanged { old: was, new: is });
    }
    if let (Some(old), Some(new)) = (spell::derivation(&old.presence), spell::derivation(&new.presence))
        && old != new
    {
        walk.push(&inside, places, ChangeKind::DerivationChanged { old, new });
    }
    if old.default != new.default {
        let [old, new] = [old, new].map(|field| spell::value(field.default.as_deref()));
        walk.push(&at_field, places, ChangeKind::DefaultChanged { old, new });
    }
    if old.mapping != new.mapping {
        let [old, new] = [old, new].map(|field| spell::mapping(field.mapping.as_deref()));
        walk.push(&at_field, places, ChangeKind::MappingChanged { old, new });
    }
    match walk.privacy(old, new) {
        (true, false) => walk.push(&at_field, places, ChangeKind::PiiRemoved),
        (false, true) if !old.pii && new.pii => walk.push(&at_field, places, ChangeKind::PiiAdded),
        _ => (), // The same, or said where the type's name is.
    }
    walk.note(&at_field, places, old.doc != new.doc, "doc");
    walk.note(&at_field, places, old.example != new.example, "example");
    let deprecated = (old.deprecated.as_deref(), new.deprecated.as_deref());
    walk.note(&at_field, places, !spell::same_deprecation(deprecated.0, deprecated.1), "deprecation");
    walk.types(&inside, &old.ty, &new.ty);
}
