//! Two shapes, side by side.

use std::collections::{BTreeSet, VecDeque};

use growset_model::{Catalog, Event, Field, NamedType, Payload, Place, Type, TypeKind, TypeName};
use serde_json::Value;

use crate::growth::baseline::Released;
use crate::growth::change::{Change, ChangeKind};

use super::spot::{RootRef, Spot, StepRef, to_path};
use super::{choice, limits, opaque, record, spell};

/// Differences of the payload and of every named type that it reaches.
pub(super) fn payload(old: Released, new: &Event, catalog: &Catalog) -> Vec<Change> {
    let mut walk = Walk::new(old, catalog);
    let root = Spot { root: RootRef::Event(&new.name), via: Vec::new(), steps: Vec::new(), published: true };
    let places = (old.event.place, new.place);
    match (&old.event.payload, &new.payload) {
        (Payload::Record(old), Payload::Record(new)) => record::compare(&mut walk, &root, places, old, new),
        (Payload::Opaque(old), Payload::Opaque(new)) => walk.opaque(&root, places, old, new),
        (Payload::Record(_), Payload::Opaque(_)) => walk.retyped(&root, places, "record", "json schema"),
        (Payload::Opaque(_), Payload::Record(_)) => walk.retyped(&root, places, "json schema", "record"),
    }
    walk.visit_named_types();
    walk.changes
}

/// The comparison of one revision's payload.
pub(super) struct Walk<'a> {
    old: Released<'a>,
    new: &'a Catalog,
    changes: Vec<Change>,
    seen: BTreeSet<(&'a TypeName, &'a TypeName)>,
    /// Where a name on one side alone was looked through: by the addresses of both types, which do not move, and
    /// whether publishers send them. A type that contains itself, against one that does so elsewhere, never ends.
    looked_through: BTreeSet<(usize, usize, bool)>,
    /// Pairs that publishers send.
    waiting: VecDeque<Visit<'a>>,
    /// Pairs below derived fields. They come last, so that a pair that publishers send as well is visited as such.
    derived: VecDeque<Visit<'a>>,
    /// Asking whether two fields are one renamed compares their types, where renames are not looked for again.
    pub(super) finds_renames: bool,
}

/// A pair of named types still to be compared.
struct Visit<'a> {
    old: &'a TypeName,
    new: &'a TypeName,
    via: Vec<StepRef<'a>>,
}

/// The place on the old side and on the new one.
pub(super) type Places = (Place, Place);

impl<'a> Walk<'a> {
    fn new(old: Released<'a>, new: &'a Catalog) -> Self {
        Self {
            old,
            new,
            changes: Vec::new(),
            seen: BTreeSet::new(),
            looked_through: BTreeSet::new(),
            waiting: VecDeque::new(),
            derived: VecDeque::new(),
            finds_renames: true,
        }
    }

    /// Records a difference.
    pub(super) fn push(&mut self, spot: &Spot<'a>, places: Places, kind: ChangeKind) {
        self.changes.push(Change {
            event: Some(self.old.event.name.clone()),
            root: spot.root.to_root(),
            path: to_path(&spot.steps),
            via: to_path(&spot.via),
            kind,
            published: spot.published,
            old_place: places.0,
            new_place: places.1,
        });
    }

    /// Records that something only people read differs.
    pub(super) fn note(&mut self, spot: &Spot<'a>, places: Places, differs: bool, what: &'static str) {
        if differs {
            self.push(spot, places, ChangeKind::Documentation { what });
        }
    }

    /// Whether a field holds personal data, by its own word or by that of the type it names, on either side.
    pub(super) fn privacy(&self, old: &Field, new: &Field) -> (bool, bool) {
        match (&old.ty.kind, &new.ty.kind) {
            // What the names say is compared where the names are.
            (TypeKind::Named(_), TypeKind::Named(name)) => {
                let named = self.new.types.get(name).is_some_and(|named| named.pii);
                (old.pii, new.pii || named)
            }
            (TypeKind::Named(name), _) => (old.pii || self.old.types.get(name).is_some_and(|named| named.pii), new.pii),
            (_, TypeKind::Named(name)) => (old.pii, new.pii || self.new.types.get(name).is_some_and(|named| named.pii)),
            _ => (old.pii, new.pii), // No name on either side.
        }
    }

    /// Whether two types mean the same on the wire.
    pub(super) fn is_same(&self, old: &'a Type, new: &'a Type) -> bool {
        let root = RootRef::Event(&self.old.event.name);
        let spot = Spot { root, via: Vec::new(), steps: Vec::new(), published: true };
        self.is_same_by(|walk| walk.types(&spot, old, new))
    }

    /// Whether a comparison of its own finds nothing that the wire shows.
    pub(super) fn is_same_by(&self, compare: impl FnOnce(&mut Self)) -> bool {
        let mut walk = Walk::new(self.old, self.new);
        walk.finds_renames = false;
        compare(&mut walk);
        walk.visit_named_types();
        walk.changes.iter().all(|change| change.kind.is_of_the_text_alone())
    }

    fn old_kind(&self, kind: &'a TypeKind) -> Option<&'a TypeKind> {
        resolved(kind, |name| self.old.types.get(name).map(|named| &**named))
    }

    fn new_kind(&self, kind: &'a TypeKind) -> Option<&'a TypeKind> {
        resolved(kind, |name| self.new.types.get(name))
    }

    fn visit_named_types(&mut self) {
        loop {
            let published = !self.waiting.is_empty();
            let Some(visit) = self.waiting.pop_front().or_else(|| self.derived.pop_front()) else {
                return;
            };
            if !published && !self.seen.insert((visit.old, visit.new)) {
                continue;
            }
            let spot = Spot { root: RootRef::Type(visit.new), via: visit.via, steps: Vec::new(), published };
            let (Some(old), Some(new)) = (self.old.types.get(visit.old), self.new.types.get(visit.new)) else {
                // Neither catalog would be valid; said here so that nothing passes silently.
                self.retyped(&spot, (Place::NOWHERE, Place::NOWHERE), visit.old.as_str(), visit.new.as_str());
                continue;
            };
            self.named_types(&spot, old, new);
        }
    }

    fn named_types(&mut self, spot: &Spot<'a>, old: &'a NamedType, new: &'a NamedType) {
        let places = (old.place, new.place);
        if old.name != new.name {
            let aliased = new.was.contains(&old.name);
            let (was, is) = (old.name.clone(), new.name.clone());
            let kind = if self.new.types.contains_key(&old.name) && !aliased {
                ChangeKind::TypeReplaced { old: was, new: is }
            } else {
                ChangeKind::TypeRenamed { old: was, new: is, aliased }
            };
            self.push(spot, places, kind);
        }
        match (old.pii, new.pii) {
            (true, false) => self.push(spot, places, ChangeKind::PiiRemoved),
            (false, true) => self.push(spot, places, ChangeKind::PiiAdded),
            (true, true) | (false, false) => (),
        }
        self.note(spot, places, old.doc != new.doc, "doc");
        self.note(spot, places, old.example != new.example, "example");
        let deprecated = (old.deprecated.as_ref(), new.deprecated.as_ref());
        self.note(spot, places, !spell::same_deprecation(deprecated.0, deprecated.1), "deprecation");
        self.types(spot, &old.ty, &new.ty);
    }

    /// Compares two types where they are used.
    pub(super) fn types(&mut self, spot: &Spot<'a>, old: &'a Type, new: &'a Type) {
        let places = (old.place, new.place);
        match (&old.kind, &new.kind) {
            (TypeKind::Named(old), TypeKind::Named(new)) => self.later(spot, old, new),
            (TypeKind::Nullable(old), TypeKind::Nullable(new)) => self.types(spot, old, new),
            // Before names are looked through, so that names on both sides stay a pair.
            (TypeKind::Nullable(inner), _) if same_kind(&inner.kind, &new.kind, self) => {
                self.push(spot, places, ChangeKind::NullabilityChanged { nullable: false });
                self.types(spot, inner, new);
            }
            (_, TypeKind::Nullable(inner)) if same_kind(&old.kind, &inner.kind, self) => {
                self.push(spot, places, ChangeKind::NullabilityChanged { nullable: true });
                self.types(spot, old, inner);
            }
            (TypeKind::Named(_), _) | (_, TypeKind::Named(_)) if !self.is_first(spot, old, new) => (),
            (TypeKind::Named(name), _) => {
                self.push(spot, places, ChangeKind::TypeInlined { name: name.clone() });
                match self.old.types.get(name).filter(|_| self.old_kind(&old.kind).is_some()) {
                    Some(named) => self.types(spot, &named.ty, new),
                    None => self.retyped(spot, places, name.as_str(), &spell::kind(&new.kind)),
                }
            }
            (_, TypeKind::Named(name)) => {
                self.push(spot, places, ChangeKind::TypeExtracted { name: name.clone() });
                match self.new.types.get(name).filter(|_| self.new_kind(&new.kind).is_some()) {
                    Some(named) => self.types(spot, old, &named.ty),
                    None => self.retyped(spot, places, &spell::kind(&old.kind), name.as_str()),
                }
            }
            _ => self.kinds(spot, old, new), // Names and `nullable` are looked through; what is left is compared.
        }
    }

    /// Whether these two are met for the first time; what differs in them is told by then.
    fn is_first(&mut self, spot: &Spot<'a>, old: &'a Type, new: &'a Type) -> bool {
        let [old, new] = [old, new].map(|ty| std::ptr::from_ref(ty).addr());
        self.looked_through.insert((old, new, spot.published))
    }

    /// Compares two types that are neither names nor, both of them, nullable.
    fn kinds(&mut self, spot: &Spot<'a>, old: &'a Type, new: &'a Type) {
        let places = (old.place, new.place);
        match (&old.kind, &new.kind) {
            (TypeKind::Text(old), TypeKind::Text(new)) => limits::texts(self, spot, places, old, new),
            (TypeKind::Boolean, TypeKind::Boolean) | (TypeKind::Json, TypeKind::Json) => (),
            (TypeKind::Integer(old), TypeKind::Integer(new)) => limits::integers(self, spot, places, *old, *new),
            (TypeKind::Number(old), TypeKind::Number(new)) => limits::numbers(self, spot, places, *old, *new),
            (TypeKind::List(old), TypeKind::List(new)) => limits::lists(self, spot, places, old, new),
            (TypeKind::Map(old), TypeKind::Map(new)) => self.types(&spot.then(StepRef::Entry), old, new),
            (TypeKind::Enum(old), TypeKind::Enum(new)) => choice::enums(self, spot, places, old, new),
            (TypeKind::Record(old), TypeKind::Record(new)) => record::compare(self, spot, places, old, new),
            (TypeKind::Union(old), TypeKind::Union(new)) => choice::unions(self, spot, places, old, new),
            (TypeKind::Opaque(old), TypeKind::Opaque(new)) => self.opaque(spot, places, old, new),
            (TypeKind::Format(old), TypeKind::Format(new)) if old == new => (),
            (old @ (TypeKind::Format(_) | TypeKind::Text(_)), new @ (TypeKind::Format(_) | TypeKind::Text(_))) => {
                let [old, new] = [old, new].map(spell::kind);
                self.push(spot, places, ChangeKind::FormatChanged { old, new });
            }
            // Two different kinds, whatever they are: default deny.
            (old, new) => self.retyped(spot, places, &spell::kind(old), &spell::kind(new)),
        }
    }

    fn later(&mut self, spot: &Spot<'a>, old: &'a TypeName, new: &'a TypeName) {
        if self.seen.contains(&(old, new)) {
            return;
        }
        let via = spot.via.iter().chain(&spot.steps).copied().collect();
        if spot.published {
            self.seen.insert((old, new));
            self.waiting.push_back(Visit { old, new, via });
        } else {
            self.derived.push_back(Visit { old, new, via });
        }
    }

    fn opaque(&mut self, spot: &Spot<'a>, places: Places, old: &Value, new: &Value) {
        if opaque::same_meaning(old, new) {
            if old != new {
                self.push(spot, places, ChangeKind::Documentation { what: "documentation in the JSON Schema" });
            }
        } else {
            self.push(spot, places, ChangeKind::OpaqueChanged);
        }
    }

    fn retyped(&mut self, spot: &Spot<'a>, places: Places, old: &str, new: &str) {
        self.push(spot, places, ChangeKind::TypeChanged { old: old.to_owned(), new: new.to_owned() });
    }
}

/// Whether two kinds differ in nothing but `null`, so that this is the one difference to name.
fn same_kind<'a>(old: &'a TypeKind, new: &'a TypeKind, walk: &Walk<'a>) -> bool {
    let (old, new) = (walk.old_kind(old), walk.new_kind(new));
    let text = |kind: &TypeKind| matches!(kind, TypeKind::Text(_) | TypeKind::Format(_));
    match (old, new) {
        (Some(TypeKind::Json | TypeKind::Opaque(_)), _) | (_, Some(TypeKind::Json | TypeKind::Opaque(_))) => false,
        (Some(old), Some(new)) => {
            std::mem::discriminant(old) == std::mem::discriminant(new) || (text(old) && text(new))
        }
        (None, _) | (_, None) => false,
    }
}

/// The kind behind names. A circle of names only ends nowhere, and so does an unknown one.
fn resolved<'t>(kind: &'t TypeKind, find: impl Fn(&TypeName) -> Option<&'t NamedType>) -> Option<&'t TypeKind> {
    let mut kind = kind;
    let mut passed = BTreeSet::new();
    while let TypeKind::Named(name) = kind {
        if !passed.insert(name) {
            return None;
        }
        kind = &find(name)?.ty.kind;
    }
    Some(kind)
}
