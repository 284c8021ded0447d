//! Every line has to be what its digest says, or a released shape was edited.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::read::RESTORE;
use super::{Lock, LockError, LockedEvent};
use crate::canonical::{event_digest, type_digest};
use crate::catalog::Event;
use crate::name::TypeName;
use crate::shape::{Type, TypeKind};

/// The names that each locked type speaks of.
type Index<'l> = BTreeMap<(&'l str, &'l str), BTreeSet<&'l TypeName>>;

/// What has to be known of a revision's contract, so that it need not be kept until every line was read.
pub(super) struct Proved {
    /// Its digest is that of its shape with the types that it says it uses.
    fits: bool,
    /// The types that it speaks of itself. Shared, because revisions of one event mostly speak of the same.
    pub(super) names: Arc<BTreeSet<TypeName>>,
}

impl Proved {
    pub(super) fn of(contract: &Event, uses: &BTreeMap<TypeName, String>, digest: &str) -> Self {
        let fields = contract.record().into_iter().flat_map(|record| &record.fields);
        let names = Arc::new(spoken_of(fields.map(|field| &field.ty)).into_iter().cloned().collect());
        Self { fits: event_digest(contract, uses) == digest, names }
    }
}

/// What no longer fits its digest, in order of lines. `proved` goes with the lock's events.
pub(super) fn errors(lock: &Lock, proved: &[Proved]) -> Vec<LockError> {
    let of_types = lock.types.par_iter().filter_map(|((name, digest), locked)| {
        let message = format!("the shape of type {name} was edited, its digest no longer fits; {RESTORE}");
        (type_digest(&locked.contract) != *digest).then_some(LockError { line: locked.line, message })
    });
    let mut errors: Vec<LockError> = of_types.collect();
    // Beside a type that was edited, every event that uses it would follow.
    if errors.is_empty() {
        let index: Index = lock
            .types
            .iter()
            .map(|((name, digest), locked)| ((name.as_str(), digest.as_str()), spoken_of([&locked.contract.ty])))
            .collect();
        let of_events = lock.events.par_iter().zip(proved).filter_map(|(entry, proved)| {
            let message = wrong(&index, entry, proved)?;
            Some(LockError { line: entry.line, message })
        });
        errors = of_events.collect();
    }
    errors.sort_by_key(|error| error.line);
    errors
}

/// What is wrong with one revision.
fn wrong(index: &Index, entry: &LockedEvent, proved: &Proved) -> Option<String> {
    let name = &entry.name;
    let mut reached: BTreeSet<&TypeName> = BTreeSet::new();
    let mut waiting: Vec<&TypeName> = proved.names.iter().collect();
    while let Some(used) = waiting.pop() {
        let Some(digest) = entry.uses.get(used) else { continue };
        match index.get(&(used.as_str(), digest.as_str())) {
            Some(names) if reached.insert(used) => waiting.extend(names),
            Some(_) => {}
            None => {
                return Some(format!(
                    "the line of type {used}, which revision {} of {name} uses, is missing; {RESTORE}",
                    entry.version
                ));
            }
        }
    }
    let fits = proved.fits && entry.uses.keys().eq(reached);
    (!fits).then(|| format!("revision {} of {name} was edited, its digest no longer fits; {RESTORE}", entry.version))
}

/// The names that types speak of themselves.
fn spoken_of<'t>(types: impl IntoIterator<Item = &'t Type>) -> BTreeSet<&'t TypeName> {
    let mut names = BTreeSet::new();
    let mut waiting: Vec<&Type> = types.into_iter().collect();
    while let Some(ty) = waiting.pop() {
        if let TypeKind::Named(name) = &ty.kind {
            names.insert(name);
        }
        waiting.extend(ty.kind.parts());
    }
    names
}
