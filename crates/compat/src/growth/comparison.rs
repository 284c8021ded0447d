//! Many revisions against one catalog, merged into one report.
//!
//! Revisions are taken one at a time and may be dropped at once: of a revision without differences nothing is kept.

use std::collections::{BTreeMap, BTreeSet};

use growset_model::{Catalog, Date, EventName, Place, Settings, TypeName};
use rayon::prelude::*;

use super::baseline::{Baseline, Released, Revision};
use super::change::{Change, ChangeKind};
use super::diff::{diff_released, diff_settings};
use super::draft::Draft;
use super::finding::{Harmless, Report};
use super::path::{Path, Root};
use super::prove::{Lazy, prove, sampled};
use super::verdict::{Class, Proof, Verdict, verdict};

/// Compares a catalog with everything that was released.
pub fn growth(baseline: &Baseline, new: &Catalog) -> Report {
    let mut comparison = Comparison::new(new);
    if let Some(settings) = &baseline.settings {
        comparison.settings(settings);
    }
    if let Some(promised) = &baseline.promised {
        comparison.promises(promised);
    }
    comparison.revisions(&baseline.revisions);
    comparison.finish()
}

/// How many revisions are looked at before any of them is judged.
const AT_ONCE: usize = 1024;

/// A comparison under way.
pub struct Comparison<'a> {
    new: &'a Catalog,
    drafts: BTreeMap<Edit, Draft>,
    noted: BTreeMap<(Root, Path, String), Noted>,
    /// What came back from a tombstone, and is judged when every revision has been seen.
    returned: Vec<(Change, Revision)>,
    /// What became a tombstone, and is judged then too.
    retired: Vec<(Change, Revision)>,
    /// Until when events were promised to stay: the last day that anything released says.
    promised: BTreeMap<EventName, Date>,
    /// All that was released has its say in that.
    knows_promises: bool,
    /// Events with a live revision in the baseline.
    live: BTreeSet<EventName>,
    events: BTreeSet<EventName>,
    types: BTreeSet<TypeName>,
}

/// What breaks no rule, beside what it is found by: a large catalog has tens of thousands.
struct Noted {
    class: Class,
    place: Place,
    carried_by: BTreeSet<EventName>,
    revisions: BTreeSet<String>,
}

/// What was found in one revision.
struct Look {
    /// It is neither a draft nor a tombstone.
    is_live: bool,
    sunset: Option<Date>,
    changes: Vec<Change>,
}

/// What makes two changes one edit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edit {
    pub(super) root: Root,
    pub(super) path: Path,
    pub(super) rule: &'static str,
    pub(super) subject: String,
}

impl<'a> Comparison<'a> {
    /// Of this catalog with nothing yet.
    pub fn new(new: &'a Catalog) -> Self {
        Self {
            new,
            drafts: BTreeMap::new(),
            noted: BTreeMap::new(),
            returned: Vec::new(),
            retired: Vec::new(),
            promised: BTreeMap::new(),
            knows_promises: false,
            live: BTreeSet::new(),
            events: BTreeSet::new(),
            types: BTreeSet::new(),
        }
    }

    /// Compares what users of the generated packages see of `growset.yaml`.
    pub fn settings(&mut self, old: &Settings) {
        for change in diff_settings(old, &self.new.settings) {
            self.judge(&change, None);
        }
    }

    /// Says what was promised beyond the revisions that are compared, so that nothing is retired too early.
    pub fn promises(&mut self, promised: &BTreeMap<EventName, Date>) {
        self.knows_promises = true;
        for (name, day) in promised {
            self.promise(name, *day);
        }
    }

    fn promise(&mut self, name: &EventName, day: Date) {
        let last = self.promised.entry(name.clone()).or_insert(day);
        *last = day.max(*last);
    }

    /// Compares revisions. A later one is a newer one: a report speaks of the last that it concerns.
    pub fn revisions(&mut self, revisions: &[Revision]) {
        for revisions in revisions.chunks(AT_ONCE) {
            // Nearly all the work is to see that little or nothing changed.
            let looks: Vec<Look> = revisions.par_iter().map(|revision| self.look_at(revision)).collect();
            for (revision, look) in revisions.iter().zip(looks) {
                self.take(revision, look);
            }
        }
    }

    /// Reads a revision, finds what differs, and lets go of it again: all revisions at once would fill the memory.
    fn look_at(&self, revision: &Revision) -> Look {
        let event = &revision.contract.event();
        let is_live = event.retired.is_none() && !event.is_draft();
        // A draft may go as freely as it changes.
        let is_dropped_draft = event.is_draft() && !self.new.events.contains_key(&event.name);
        let changes = if is_dropped_draft {
            Vec::new()
        } else {
            diff_released(Released { event, types: &revision.types }, self.new)
        };
        let sunset = event.deprecated.as_ref().and_then(|deprecated| deprecated.sunset);
        Look { is_live, sunset, changes }
    }

    fn take(&mut self, revision: &Revision, look: Look) {
        let name = &revision.name;
        if look.is_live {
            self.live.insert(name.clone());
        }
        if let Some(day) = look.sunset {
            self.promise(name, day);
        }
        self.events.insert(name.clone());
        for name in revision.types.keys().filter(|name| !self.types.contains(*name)).collect::<Vec<_>>() {
            self.types.insert(name.clone());
        }
        let bench = Lazy::new(revision, self.new);
        for change in look.changes {
            match change.kind {
                ChangeKind::EventUnretired | ChangeKind::TombstoneReused => {
                    self.returned.push((change, revision.clone()));
                }
                ChangeKind::EventRetired { .. } => self.retired.push((change, revision.clone())),
                _ => self.judge(&change, Some(&bench)), // Everything else is judged as it comes.
            }
        }
    }

    /// The report.
    pub fn finish(mut self) -> Report {
        self.judge_retired();
        self.judge_returned();
        self.note_additions();
        let findings = self.drafts.into_iter().flat_map(|(edit, draft)| draft.finish(edit)).collect();
        let changes = self.noted.into_iter().map(|((root, path, message), noted)| {
            let Noted { class, place, carried_by, revisions } = noted;
            Harmless { class, root, path, message, place, carried_by, revisions }
        });
        Report { findings, changes: changes.collect() }
    }

    fn judge(&mut self, change: &Change, bench: Option<&Lazy>) {
        let verdict = verdict(change);
        let label = bench.map(|bench| bench.revision.label.as_str());
        let Some(rule) = verdict.rule else {
            self.note(change, verdict, label);
            return;
        };
        let edit = Edit {
            root: change.root.clone(),
            path: change.path.clone(),
            rule: rule.id,
            subject: change.kind.subject().to_owned(),
        };
        let draft = self.drafts.entry(edit).or_insert_with(|| Draft::new(rule));
        draft.add(change, &verdict, label);
        let Some(bench) = bench else {
            return;
        };
        match verdict.proof {
            Proof::Sample => sampled(draft, change, &verdict, bench),
            Proof::Witness | Proof::Search => {
                for promise in &verdict.promises {
                    prove(draft, change, verdict.proof, *promise, bench);
                }
            }
        }
    }

    fn note(&mut self, change: &Change, verdict: Verdict, label: Option<&str>) {
        let key = (change.root.clone(), change.path.clone(), verdict.message);
        let noted = self.noted.entry(key).or_insert_with(|| Noted {
            class: verdict.class,
            place: change.new_place,
            carried_by: BTreeSet::new(),
            revisions: BTreeSet::new(),
        });
        noted.carried_by.extend(change.event.clone());
        noted.revisions.extend(label.map(str::to_owned));
    }

    /// An event goes when the last day has passed that any of its revisions promised.
    fn judge_retired(&mut self) {
        for (mut change, revision) in std::mem::take(&mut self.retired) {
            let since =
                self.new.events.get(&revision.name).and_then(|event| event.retired.as_ref()).map(|gone| gone.since);
            let promised = self.promised.get(&revision.name);
            let is_before = promised.is_none_or(|day| since.is_none_or(|since| *day > since));
            change.kind = ChangeKind::EventRetired { early: self.knows_promises && is_before };
            let bench = Lazy::new(&revision, self.new);
            self.judge(&change, Some(&bench));
        }
    }

    /// A tombstone that became an event again is a matter of policy when the event grows from every shape it ever
    /// had, and a second meaning of the name otherwise.
    fn judge_returned(&mut self) {
        for (mut change, revision) in std::mem::take(&mut self.returned) {
            let name = revision.name.clone();
            let was_known = self.live.contains(&name) || change.kind == ChangeKind::EventUnretired;
            let is_broken = self.drafts.values().any(|draft| draft.breaks(&name));
            change.kind =
                if was_known && !is_broken { ChangeKind::EventUnretired } else { ChangeKind::TombstoneReused };
            let bench = Lazy::new(&revision, self.new);
            self.judge(&change, Some(&bench));
        }
    }

    /// What no revision knows of.
    fn note_additions(&mut self) {
        let news: Vec<Change> = self
            .new
            .events
            .values()
            .filter(|event| !self.events.contains(&event.name))
            .map(|event| {
                Change::of(Some(&event.name), Root::Event(event.name.clone()), ChangeKind::EventAdded, event.place)
            })
            .collect();
        // A type that no event reaches is not released with any.
        let reached: BTreeSet<&TypeName> =
            self.new.events.values().flat_map(|event| self.new.reachable(&event.payload).into_keys()).collect();
        let types: Vec<Change> = reached
            .into_iter()
            .filter(|name| !self.types.contains(*name) && !self.is_new_name(name))
            .filter_map(|name| self.new.types.get(name))
            .map(|named| Change::of(None, Root::Type(named.name.clone()), ChangeKind::TypeAdded, named.place))
            .collect();
        for change in news.into_iter().chain(types) {
            let verdict = verdict(&change);
            self.note(&change, verdict, None);
        }
    }

    /// Whether a type is an old one under a new name, which is told already.
    fn is_new_name(&self, name: &TypeName) -> bool {
        self.new.types.get(name).is_some_and(|named| named.was.iter().any(|old| self.types.contains(old)))
    }
}
