//! Every difference between a released revision and the new catalog, as a flat list.
//!
//! Finds, and never judges. Types are compared by structure: names are looked through, a pair of named types is
//! compared once however often it is reached, and what only the names of types say is a difference of its own.
//! There is no verdict to remember for a pair, so that recursion cannot hide a difference behind an assumption.

mod choice;

mod event;

mod record;

mod limits;

pub(super) mod opaque;

mod spell;

mod spot;

mod walk;

use growset_model::{Catalog, Place, Settings};

use super::baseline::{Released, Revision};
use super::change::{Change, ChangeKind};
use super::path::{Path, Root};

/// Every difference between one revision and the new catalog, the event's own first, then those of the types that it
/// reaches, nearest first.
pub fn diff(old: &Revision, new: &Catalog) -> Vec<Change> {
    diff_released(Released { event: &old.contract.event(), types: &old.types }, new)
}

/// Every difference between a revision whose contract is at hand and the new catalog.
pub(super) fn diff_released(old: Released, new: &Catalog) -> Vec<Change> {
    let Some(event) = new.events.get(&old.event.name) else {
        let kind = ChangeKind::EventRemoved { tombstone: old.event.retired.is_some() };
        return vec![event::change(&old.event.name, kind, old.event.place, Place::NOWHERE)];
    };
    let mut changes = event::diff(old.event, event);
    // A tombstone may keep its shape, for what was recorded, and then it stays as it is.
    let has_shape = |event: &growset_model::Event| {
        event.retired.is_none() || event.record().is_none_or(|record| !record.fields.is_empty())
    };
    if has_shape(old.event) && has_shape(event) && !old.event.is_draft() {
        changes.extend(walk::payload(old, event, new));
    }
    changes
}

/// Differences of `growset.yaml` that users of the generated packages see.
pub fn diff_settings(old: &Settings, new: &Settings) -> Vec<Change> {
    let mut kinds = Vec::new();
    for (old, new) in [(&old.npm_name, &new.npm_name), (&old.rust.name, &new.rust.name)] {
        if old != new {
            kinds.push(ChangeKind::PackageRenamed { old: old.clone(), new: new.clone() });
        }
    }
    if old.schema_base != new.schema_base {
        kinds.push(ChangeKind::SchemaBaseChanged { old: old.schema_base.clone(), new: new.schema_base.clone() });
    }
    // A lock knows no title, and a catalog has one.
    if old.title != new.title && !old.title.is_empty() && !new.title.is_empty() {
        kinds.push(ChangeKind::Documentation { what: "title" });
    }
    kinds.into_iter().map(of_catalog).collect()
}

fn of_catalog(kind: ChangeKind) -> Change {
    Change {
        event: None,
        root: Root::Catalog,
        path: Path::default(),
        via: Path::default(),
        kind,
        published: false,
        old_place: Place::NOWHERE,
        new_place: Place::NOWHERE,
    }
}
