//! What an event says beside its payload.

use growset_model::{Audience, Event, EventName, Place};

use crate::growth::change::{Change, ChangeKind};
use crate::growth::path::{Path, Root};

use super::spell;

/// Differences of the event itself. Nothing is held against a draft, except that it is one no longer.
pub(super) fn diff(released: &Event, new: &Event) -> Vec<Change> {
    let kinds = if released.is_draft() {
        if new.is_draft() { Vec::new() } else { vec![ChangeKind::Documentation { what: "stability" }] }
    } else {
        match (&released.retired, &new.retired) {
            // How long it is promised to stay is known when every revision has been seen.
            (None, Some(_)) => vec![ChangeKind::EventRetired { early: false }],
            (Some(_), Some(_)) => {
                // As a draft it would be free to take another shape.
                let draft = new.is_draft().then_some(ChangeKind::StableBecameDraft);
                draft.into_iter().chain(documentation(released, new)).collect()
            }
            (Some(_), None) if released.record().is_some_and(|record| record.fields.is_empty()) => {
                vec![ChangeKind::TombstoneReused]
            }
            (Some(_), None) => std::iter::once(ChangeKind::EventUnretired).chain(live(released, new)).collect(),
            (None, None) => live(released, new),
        }
    };
    kinds.into_iter().map(|kind| change(&released.name, kind, released.place, new.place)).collect()
}

pub(super) fn change(name: &EventName, kind: ChangeKind, old_place: Place, new_place: Place) -> Change {
    Change {
        event: Some(name.clone()),
        root: Root::Event(name.clone()),
        path: Path::default(),
        via: Path::default(),
        kind,
        published: true,
        old_place,
        new_place,
    }
}

fn live(old: &Event, new: &Event) -> Vec<ChangeKind> {
    let mut kinds = Vec::new();
    if new.is_draft() {
        kinds.push(ChangeKind::StableBecameDraft);
    }
    if old.audience != new.audience {
        kinds.push(ChangeKind::AudienceChanged { old: old.audience, new: new.audience });
        if !lies_inside(new.audience, old.audience) {
            kinds.push(ChangeKind::AudienceWidened { old: old.audience, new: new.audience });
        }
    }
    if old.retain != new.retain {
        let [old, new] = [old, new].map(|event| spell::retain(event.retain.as_ref()));
        kinds.push(ChangeKind::RetainChanged { old, new });
    }
    if old.terminal != new.terminal {
        kinds.push(ChangeKind::TerminalChanged { terminal: new.terminal });
    }
    if old.max_bytes != new.max_bytes {
        kinds.push(ChangeKind::MaxBytesChanged { old: old.max_bytes, new: new.max_bytes });
    }
    kinds.extend(documentation(old, new));
    kinds
}

/// One user of an organisation, or one channel of it, is inside the organisation; everyone is inside the public.
fn lies_inside(new: Audience, old: Audience) -> bool {
    match old {
        Audience::Public => true,
        Audience::Org => matches!(new, Audience::Org | Audience::User | Audience::Channel),
        Audience::User | Audience::Channel => new == old,
    }
}

fn documentation(old: &Event, new: &Event) -> Vec<ChangeKind> {
    let same_examples = || {
        let [old, new] = [old, new].map(|event| event.examples.iter().map(|example| &example.value));
        old.eq(new)
    };
    let mut kinds = Vec::new();
    let mut note = |differs: bool, what: &'static str| {
        if differs {
            kinds.push(ChangeKind::Documentation { what });
        }
    };
    note(old.doc != new.doc, "doc");
    note(old.owner != new.owner, "owner");
    note(!same_examples(), "examples");
    note(!spell::same_deprecation(old.deprecated.as_ref(), new.deprecated.as_ref()), "deprecation");
    note(old.replaces != new.replaces, "replaces");
    note(old.retired != new.retired, "tombstone");
    note(old.source != new.source, "file");
    kinds
}
