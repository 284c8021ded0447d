//! One of the two sides: a catalog, one event of it, and what lies at a path.

use std::borrow::Cow;

use growset_model::{Case, Catalog, Event, EventName, Payload, Place, Record, Type, TypeKind, TypeName};

use super::sample::{Least, Sampler, least_of_named_types};
use crate::few::is_empty;
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
        let mut ty = ty;
        // As many names as there are: a circle of names leads nowhere.
        for _ in 0..=self.catalog.types.len() {
            match &ty.kind {
                TypeKind::Nullable(_) => return true,
                TypeKind::Named(name) => match self.catalog.types.get(name) {
                    Some(named) => ty = &named.ty,
                    None => return false,
                },
                _ => return false, // Every other kind is a shape of its own.
            }
        }
        false
    }

    /// What lies at the end of these steps.
    pub(super) fn at(&self, steps: &[Step]) -> Option<Spot<'_>> {
        let mut spot = Spot::Type(&self.root);
        for step in steps {
            spot = self.step(spot, step)?;
        }
        Some(spot)
    }

    /// Whether a type on the way to the end of these steps certainly has no value.
    pub(super) fn is_empty_on_the_way(&self, steps: &[Step]) -> bool {
        let mut spot = Spot::Type(&self.root);
        for step in steps {
            if let Spot::Type(ty) = spot
                && is_empty(&self.catalog, self.core(ty).unwrap_or(ty))
            {
                return true;
            }
            match self.step(spot, step) {
                Some(next) => spot = next,
                None => return false,
            }
        }
        matches!(spot, Spot::Type(ty) if is_empty(&self.catalog, self.core(ty).unwrap_or(ty)))
    }

    fn step<'w>(&'w self, spot: Spot<'w>, step: &Step) -> Option<Spot<'w>> {
        let field = |record: &'w Record, name: &str| Some(Spot::Type(&record.field(name)?.ty));
        let ty = match (spot, step) {
            (Spot::Case(case), Step::Field(name)) => return field(&case.record, name.as_str()),
            (Spot::Case(_), Step::Item | Step::Entry | Step::Case(_)) => return None,
            (Spot::Type(ty), _) => self.core(ty)?,
        };
        match (&ty.kind, step) {
            (TypeKind::Record(record), Step::Field(name)) => field(record, name.as_str()),
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

/// The type behind names and `nullable`.
pub(super) fn core<'w>(catalog: &'w Catalog, ty: &'w Type) -> Option<&'w Type> {
    let mut ty = ty;
    let mut passed: Vec<&TypeName> = Vec::new();
    loop {
        match &ty.kind {
            TypeKind::Nullable(inner) => ty = inner,
            TypeKind::Named(name) if passed.contains(&name) => return None,
            TypeKind::Named(name) => {
                passed.push(name);
                ty = &catalog.types.get(name)?.ty;
            }
            _ => return Some(ty), // Every other kind is a shape of its own.
        }
    }
}
