//! Where a walk is, without copies of the names on the way: most spots are never reported.

use growset_model::{EventName, FieldName, TypeName};

use crate::growth::path::{Path, Root, Step};

/// Where the walk is.
#[derive(Clone)]
pub(super) struct Spot<'a> {
    pub(super) root: RootRef<'a>,
    pub(super) via: Vec<StepRef<'a>>,
    pub(super) steps: Vec<StepRef<'a>>,
    /// Whether publishers send what lies here.
    pub(super) published: bool,
}

/// [`Root`] without its own copy of the name.
#[derive(Clone, Copy)]
pub(super) enum RootRef<'a> {
    Event(&'a EventName),
    Type(&'a TypeName),
}

/// [`Step`] without its own copy of the name.
#[derive(Clone, Copy)]
pub(super) enum StepRef<'a> {
    Field(&'a FieldName),
    Item,
    Entry,
    Case(&'a str),
}

impl<'a> Spot<'a> {
    /// One step further.
    pub(super) fn then(&self, step: StepRef<'a>) -> Self {
        let mut next = self.clone();
        next.steps.push(step);
        next
    }

    /// The same place, which publishers never send.
    pub(super) fn unpublished(mut self) -> Self {
        self.published = false;
        self
    }
}

impl RootRef<'_> {
    pub(super) fn to_root(self) -> Root {
        match self {
            Self::Event(name) => Root::Event(name.clone()),
            Self::Type(name) => Root::Type(name.clone()),
        }
    }
}

/// Steps that own their names.
pub(super) fn to_path(steps: &[StepRef]) -> Path {
    let owned = |step: &StepRef| match step {
        StepRef::Field(name) => Step::Field((*name).clone()),
        StepRef::Item => Step::Item,
        StepRef::Entry => Step::Entry,
        StepRef::Case(value) => Step::Case((*value).to_owned()),
    };
    Path(steps.iter().map(owned).collect())
}
