//! From a verdict to what shows it: each promise broken by a payload, kept for certain, or open.

use std::cell::OnceCell;

use growset_model::Catalog;

use super::baseline::Revision;
use super::change::Change;
use super::draft::Draft;
use super::finding::Made;
use super::promise::Promise;
use super::verdict::{Class, Proof, Verdict};
use super::witness::{self, Attempt, Bench, Unbuilt};

/// A bench that is set up when a finding needs it.
pub(super) struct Lazy<'b> {
    pub(super) revision: &'b Revision,
    catalog: &'b Catalog,
    cell: OnceCell<Option<Bench<'b>>>,
}

impl<'b> Lazy<'b> {
    pub(super) fn new(revision: &'b Revision, catalog: &'b Catalog) -> Self {
        Self { revision, catalog, cell: OnceCell::new() }
    }

    fn get(&self) -> Option<&Bench<'b>> {
        self.cell.get_or_init(|| Bench::new(self.revision, self.catalog, &self.revision.name)).as_ref()
    }

    fn made(&self) -> Made {
        Made { revision: self.revision.label.clone(), event: self.revision.name.clone() }
    }
}

/// A change that no payload can show: its promises are broken by what it is.
pub(super) fn sampled(draft: &mut Draft, change: &Change, verdict: &Verdict, bench: &Lazy) {
    for promise in &verdict.promises {
        draft.break_promise(*promise, bench.made());
    }
    if matches!(verdict.class, Class::Policy | Class::Breaking) && !draft.has_sample() {
        let sample = bench.get().map_or_else(|| witness::released_sample(bench.revision), |both| both.sample(change));
        draft.sample(sample);
    }
}

/// Shows that a change breaks a promise, or that it does not, or says that neither is known.
pub(super) fn prove(draft: &mut Draft, change: &Change, proof: Proof, promise: Promise, bench: &Lazy) {
    let (old, _) = change.kind.facets();
    let unbuilt = if draft.is_proven(promise, &old) {
        // What shows it for one carrier of a type need not get there in another.
        match bench.get().map(|both| both.gets_there(change, promise)) {
            Some(Ok(())) => return draft.break_promise(promise, bench.made()),
            Some(Err(unbuilt)) => unbuilt,
            None => Unbuilt::Unreachable,
        }
    } else {
        match bench.get().map(|both| both.attempt(change, promise)) {
            Some(Attempt::Confirmed { payload, refusal }) => {
                return draft.witness(promise, bench.made(), old, payload, refusal);
            }
            Some(Attempt::Contradicted { payload, says }) => {
                draft.break_promise(promise, bench.made());
                return draft.contradicted(payload, says);
            }
            Some(Attempt::Unbuilt(unbuilt)) => unbuilt,
            None => Unbuilt::Unreachable,
        }
    };
    match unbuilt {
        // No payload gets there, or there is none.
        Unbuilt::Unreachable | Unbuilt::Kept => sample_instead(draft, change, bench),
        // Nobody knows: the promise is not called kept.
        Unbuilt::Unfound | Unbuilt::NoValue if proof == Proof::Search => {
            draft.leave_open(promise, bench.made());
            sample_instead(draft, change, bench);
        }
        Unbuilt::Unfound | Unbuilt::NoValue | Unbuilt::TooLarge => {
            draft.break_promise(promise, bench.made());
            draft.unproven(unbuilt.as_str());
        }
    }
}

fn sample_instead(draft: &mut Draft, change: &Change, bench: &Lazy) {
    if !draft.has_sample() {
        draft.sample(bench.get().and_then(|both| both.sample(change)));
    }
}
