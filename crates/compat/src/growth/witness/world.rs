//! One of the two sides: a catalog, one event of it, and what lies at a path.

use std::borrow::Cow;

use growset_model::{
    Case, Catalog, Event, EventName, Field, Language, Payload, Place, Record, Type, TypeKind, TypeName,
};

use super::sample::{Least, Sampler, least_of_named_types};
use crate::few::{is_empty, is_empty_record};
use crate::growth::path::Step;

/// One side of a comparison, ready to be asked for payloads.
pub(super) struct World<'a> {
    pub(super) catalog: Cow<'a, Catalog>,
    pub(super) event: Event,
    /// The payload as a type, so that a path may end at it.
    pub(super) root: Type,
    /// The smallest value of every named type.
    least: Least,
}

/// What lies at a path.
#[derive(Clone, Copy)]
pub(super) enum Spot<'w> {
    Type(&'w Type),
    /// The fields of a case, which are no type of their own.
    Case(&'w Case),
}

impl<'a> World<'a> {
    pub(super) fn new(catalog: Cow<'a, Catalog>, event: &EventName) -> Option<Self> {
        let event = catalog.events.get(event)?.clone();
        let kind = match &event.payload {
            Payload::Record(record) => TypeKind::Record(record.clone()),
            Payload::Opaque(schema) => TypeKind::Opaque(schema.clone()),
        };
        let root = Type { kind, place: Place::NOWHERE };
        let least = least_of_named_types(&catalog, &root);
        Some(Self { catalog, event, root, least })
    }

    /// Finds values of this side's types.
    pub(super) fn sampler(&self) -> Sampler<'_> {
        Sampler::new(&self.catalog, &self.least)
    }

    /// The type behind names and `nullable`; nothing for an unknown name or a circle of names.
    pub(super) fn core<'w>(&'w self, ty: &'w Type) -> Option<&'w Type> {
        core(&self.catalog, ty)
    }

    /// Whether `nullable` stands on the way to the type behind names.
    pub(super) fn takes_null(&self, ty: &Type) -> bool {
        layers(&self.catalog, ty).any(|ty| matches!(ty.kind, TypeKind::Nullable(_)))
    }

    /// What lies at the end of these steps.
    pub(super) fn at(&self, steps: &[Step]) -> Option<Spot<'_>> {
        let mut spot = Spot::Type(&self.root);
        for step in steps {
            spot = self.step(spot, step)?;
        }
        Some(spot)
    }

    /// Every step out of a place.
    pub(super) fn steps(&self, spot: Spot) -> Vec<Step> {
        if let Some(record) = self.record(spot) {
            return record.fields.iter().map(|field| Step::Field(field.name.clone())).collect();
        }
        let Spot::Type(ty) = spot else { return Vec::new() };
        match self.core(ty).map(|core| &core.kind) {
            Some(TypeKind::List(_)) => vec![Step::Item],
            Some(TypeKind::Map(_)) => vec![Step::Entry],
            Some(TypeKind::Union(union)) => union.cases.iter().map(|case| Step::Case(case.value.clone())).collect(),
            _ => Vec::new(), // A leaf, or a circle of names.
        }
    }

    /// Whether a type of this name stands there.
    pub(super) fn is_named(&self, spot: Spot, name: &TypeName) -> bool {
        let Spot::Type(ty) = spot else { return false };
        layers(&self.catalog, ty).any(|ty| matches!(&ty.kind, TypeKind::Named(named) if named == name))
    }

    /// Whether it is certain that no value of this side goes to the end of these steps.
    pub(super) fn is_closed_on_the_way(&self, steps: &[Step], language: Language) -> bool {
        let mut spot = Spot::Type(&self.root);
        for step in steps {
            if self.is_closed(spot, step, language) {
                return true;
            }
            match self.step(spot, step) {
                Some(next) => spot = next,
                None => return false,
            }
        }
        self.is_void(spot)
    }

    /// Whether it is certain that no value of this side takes a step.
    pub(super) fn is_closed(&self, spot: Spot, step: &Step, language: Language) -> bool {
        let core = match spot {
            Spot::Type(ty) => self.core(ty).map(|core| &core.kind),
            Spot::Case(_) => None,
        };
        let is_always_empty = matches!(core, Some(TypeKind::List(list)) if list.max_items == Some(0));
        is_always_empty || self.is_withheld(spot, step, language) || self.is_void(spot)
    }

    /// Publishers leave out what is derived.
    pub(super) fn is_withheld(&self, spot: Spot, step: &Step, language: Language) -> bool {
        let Step::Field(name) = step else { return false };
        let field = self.record(spot).and_then(|record| record.field(name.as_str()));
        language == Language::Intake && field.is_some_and(Field::is_derived)
    }

    /// Whether nothing but `null` can stand there, for certain.
    fn is_void(&self, spot: Spot) -> bool {
        match spot {
            Spot::Type(ty) => is_empty(&self.catalog, self.core(ty).unwrap_or(ty)),
            Spot::Case(case) => is_empty_record(&self.catalog, &case.record),
        }
    }

    /// The fields at a place that has some.
    pub(super) fn record<'w>(&'w self, spot: Spot<'w>) -> Option<&'w Record> {
        match spot {
            Spot::Case(case) => Some(&case.record),
            Spot::Type(ty) => match &self.core(ty)?.kind {
                TypeKind::Record(record) => Some(record),
                _ => None, // No fields of its own.
            },
        }
    }

    /// What lies one step further.
    pub(super) fn step<'w>(&'w self, spot: Spot<'w>, step: &Step) -> Option<Spot<'w>> {
        if let Step::Field(name) = step {
            return Some(Spot::Type(&self.record(spot)?.field(name.as_str())?.ty));
        }
        let Spot::Type(ty) = spot else { return None };
        match (&self.core(ty)?.kind, step) {
            (TypeKind::List(list), Step::Item) => Some(Spot::Type(&list.items)),
            (TypeKind::Map(values), Step::Entry) => Some(Spot::Type(values)),
            (TypeKind::Union(union), Step::Case(value)) => {
                let case = union.cases.iter().find(|case| case.value == *value)?;
                Some(Spot::Case(case))
            }
            _ => None, // The step does not fit the shape, which a change's own path never does.
        }
    }
}

/// The type behind names and `nullable`; nothing for an unknown name or a circle of names.
fn core<'w>(catalog: &'w Catalog, ty: &'w Type) -> Option<&'w Type> {
    let last = layers(catalog, ty).last()?;
    (!matches!(last.kind, TypeKind::Nullable(_) | TypeKind::Named(_))).then_some(last)
}

/// A type, and what names and `nullable` stand for, down to a shape of its own.
fn layers<'w>(catalog: &'w Catalog, ty: &'w Type) -> impl Iterator<Item = &'w Type> {
    // As many as there are: a circle of names leads nowhere.
    let mut names = 0..catalog.types.len();
    std::iter::successors(Some(ty), move |ty| match &ty.kind {
        TypeKind::Nullable(inner) => Some(&**inner),
        TypeKind::Named(name) => names.next().and_then(|_| catalog.types.get(name)).map(|named| &named.ty),
        _ => None, // Every other kind is a shape of its own.
    })
}
