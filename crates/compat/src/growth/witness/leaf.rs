//! What the payload has to say to show one change to whoever it breaks.

use growset_model::{Bounds, Difference, FieldName, List, Text, Texts, Type, TypeKind};
use serde_json::Value;

use super::embed::Leaf;
use super::search::{self, Of};
use super::world::{Spot, World};
use super::{Unbuilt, contained, sample, text};
use crate::few::{count_of_values, is_empty};
use crate::growth::change::{Change, ChangeKind, End, FieldPresence};
use crate::growth::path::{Path, Step};
use crate::growth::promise::{Promise, Side};

/// Where the payload shows the change, and by what.
pub(super) struct Shown {
    pub(super) path: Path,
    pub(super) leaf: Leaf,
}

/// Finds what shows `change` at the end of one way to those whom `promise` is about.
pub(super) fn shown(
    change: &Change,
    path: &Path,
    promise: Promise,
    sender: &World,
    taker: &World,
) -> Result<Shown, Unbuilt> {
    let pair = Pair { path, promise, sender, taker };
    let here = |leaf| Ok(Shown { path: path.clone(), leaf });
    match &change.kind {
        ChangeKind::FieldAdded { .. } => Ok(without(path)),
        ChangeKind::FieldRemoved { .. } => match promise.producer().0 {
            Side::New => Ok(without(path)),
            Side::Old => here(Leaf::Least),
        },
        ChangeKind::FieldRenamed { old, presence, .. } => Ok(renamed(path, promise, old, *presence)),
        ChangeKind::PresenceChanged { new, .. } => match (promise, new) {
            (Promise::Publishers, FieldPresence::Derived) => here(Leaf::Least),
            (Promise::OpenPages | Promise::Replay | Promise::Publishers, _) => Ok(without(path)),
        },
        ChangeKind::NullabilityChanged { .. } => here(pair.null()?),
        ChangeKind::BoundChanged(limit) => here(pair.bound(limit.end)?),
        ChangeKind::LengthChanged { limit, .. } => here(pair.length(limit.end)?),
        ChangeKind::ItemCountChanged { limit, .. } => here(pair.item_count(limit.end)?),
        ChangeKind::UniquenessChanged { .. } => here(pair.repeated()?),
        ChangeKind::PatternChanged { .. } => here(pair.unmatched()?),
        ChangeKind::TypeChanged { .. }
        | ChangeKind::FormatChanged { .. }
        | ChangeKind::TagRenamed { .. }
        | ChangeKind::OpaqueChanged => here(pair.difference()?),
        ChangeKind::EnumValueAdded { value, .. } | ChangeKind::EnumValueRemoved { value, .. } => {
            here(Leaf::Value(value.as_str().into()))
        }
        ChangeKind::EnumValueRenamed { old, new, .. } => here(Leaf::Value(pair.sent(old, new).into())),
        ChangeKind::CaseAdded { value, .. } | ChangeKind::CaseRemoved { value, .. } => Ok(pair.case(value)),
        ChangeKind::CaseRenamed { old, new, .. } => Ok(pair.case(pair.sent(old, new))),
        ChangeKind::PackageRenamed { .. }
        | ChangeKind::SchemaBaseChanged { .. }
        | ChangeKind::EventAdded
        | ChangeKind::EventRemoved { .. }
        | ChangeKind::EventRetired { .. }
        | ChangeKind::EventUnretired
        | ChangeKind::TombstoneReused
        | ChangeKind::StableBecameDraft
        | ChangeKind::AudienceChanged { .. }
        | ChangeKind::AudienceWidened { .. }
        | ChangeKind::RetainChanged { .. }
        | ChangeKind::TerminalChanged { .. }
        | ChangeKind::MaxBytesChanged { .. }
        | ChangeKind::MappingChanged { .. }
        | ChangeKind::DerivationChanged { .. }
        | ChangeKind::DefaultChanged { .. }
        | ChangeKind::PiiAdded
        | ChangeKind::PiiRemoved
        | ChangeKind::TypeAdded
        | ChangeKind::TypeRenamed { .. }
        | ChangeKind::TypeReplaced { .. }
        | ChangeKind::TypeInlined { .. }
        | ChangeKind::TypeExtracted { .. }
        | ChangeKind::OpennessChanged { .. }
        | ChangeKind::Documentation { .. } => Err(Unbuilt::Unfound),
    }
}

/// The record that the path's last field belongs to, as small as can be: without the field, since whoever is shown
/// the absence sends a shape in which it is not required.
fn without(path: &Path) -> Shown {
    let steps = path.0.split_last().map_or(&[][..], |(_, parents)| parents);
    Shown { path: Path(steps.to_vec()), leaf: Leaf::LeastObject }
}

fn renamed(path: &Path, promise: Promise, old: &FieldName, presence: FieldPresence) -> Shown {
    let parent = without(path);
    match (promise, presence) {
        // The old name is one that the new intake does not know.
        (Promise::Publishers, _) => Shown { path: parent.path.then(Step::Field(old.clone())), leaf: Leaf::Least },
        (Promise::OpenPages | Promise::Replay, _) => parent,
    }
}

/// The two sides of one promise at one path.
struct Pair<'w> {
    path: &'w Path,
    promise: Promise,
    sender: &'w World<'w>,
    taker: &'w World<'w>,
}

impl<'w> Pair<'w> {
    /// Which of an old and a new value the sender knows.
    fn sent<'v>(&self, old: &'v str, new: &'v str) -> &'v str {
        match self.promise.producer().0 {
            Side::Old => old,
            Side::New => new,
        }
    }

    fn case(&self, value: &str) -> Shown {
        Shown { path: self.path.then(Step::Case(value.to_owned())), leaf: Leaf::Least }
    }

    fn types(&self) -> Result<(&'w Type, &'w Type), Unbuilt> {
        match (self.sender.at(&self.path.0), self.taker.at(&self.path.0)) {
            (Some(Spot::Type(sent)), Some(Spot::Type(taken))) => Ok((sent, taken)),
            _ => Err(Unbuilt::Unreachable), // One side has no such place.
        }
    }

    /// What a type lost, its uses may have gained.
    fn null(&self) -> Result<Leaf, Unbuilt> {
        let (sent, taken) = self.types()?;
        let is_told = self.sender.takes_null(sent) && !self.taker.takes_null(taken);
        if is_told { Ok(Leaf::Value(Value::Null)) } else { Err(Unbuilt::Kept) }
    }

    fn cores(&self) -> Result<(&'w TypeKind, &'w TypeKind), Unbuilt> {
        let (sent, taken) = self.types()?;
        let sent = self.sender.core(sent).ok_or(Unbuilt::Unreachable)?;
        let taken = self.taker.core(taken).ok_or(Unbuilt::Unreachable)?;
        Ok((&sent.kind, &taken.kind))
    }

    fn bound(&self, end: End) -> Result<Leaf, Unbuilt> {
        match self.cores()? {
            (TypeKind::Integer(sent), TypeKind::Integer(taken)) => {
                let past = match end {
                    End::Min => taken.least().saturating_sub(1),
                    End::Max => taken.greatest().saturating_add(1),
                };
                Ok(Leaf::Value(past.max(sent.least()).min(sent.greatest()).into()))
            }
            (TypeKind::Number(sent), TypeKind::Number(taken)) => Ok(Leaf::Value(number_past(sent, taken, end))),
            _ => Err(Unbuilt::Unreachable), // Limits change between two numbers of one kind only.
        }
    }

    fn texts(&self) -> Result<(&'w Text, &'w Text), Unbuilt> {
        match self.cores()? {
            (TypeKind::Text(sent), TypeKind::Text(taken)) => Ok((sent, taken)),
            _ => Err(Unbuilt::Unreachable), // Lengths and patterns change between two texts only.
        }
    }

    fn length(&self, end: End) -> Result<Leaf, Unbuilt> {
        let (sent, taken) = self.texts()?;
        let range = (sent.min_length.unwrap_or(0), sent.max_length.unwrap_or(u64::MAX));
        let (least, most) = past(range, taken.min_length, taken.max_length, end);
        let found = match end {
            End::Min => text::longest_of(sent, least, most),
            End::Max => text::of_length(sent, least, most),
        };
        match found {
            Some(text) => Ok(Leaf::Value(text.into())),
            None if least > most => Err(Unbuilt::Kept),
            None => told(Texts::of_text(sent).of_lengths(least..=most).without(&Texts::NONE)),
        }
    }

    fn lists(&self) -> Result<(&'w List, &'w List), Unbuilt> {
        match self.cores()? {
            (TypeKind::List(sent), TypeKind::List(taken)) => Ok((sent, taken)),
            _ => Err(Unbuilt::Unreachable), // Items change between two lists only.
        }
    }

    fn item_count(&self, end: End) -> Result<Leaf, Unbuilt> {
        let (sent, taken) = self.lists()?;
        let range = (sent.min_items.unwrap_or(0), sent.max_items.unwrap_or(u64::MAX));
        let (least, most) = past(range, taken.min_items, taken.max_items, end);
        let count = match end {
            End::Min => most,
            End::Max => least,
        };
        self.list(sent, count, sent.unique)
    }

    fn repeated(&self) -> Result<Leaf, Unbuilt> {
        let (sent, _) = self.lists()?;
        let count = sent.min_items.unwrap_or(0).max(2);
        if sent.max_items.is_some_and(|most| most < count) {
            return Err(Unbuilt::Kept);
        }
        self.list(sent, count, false)
    }

    /// A list of the sender's of so many items.
    fn list(&self, sent: &List, count: u64, unique: bool) -> Result<Leaf, Unbuilt> {
        let catalog = &self.sender.catalog;
        let is_impossible = is_empty(catalog, &sent.items)
            || (unique && count_of_values(catalog, &sent.items).is_some_and(|values| values < count));
        match self.sender.sampler().list(&sent.items, count, unique) {
            Ok(items) => Ok(Leaf::Value(items.into())),
            Err(Unbuilt::NoValue) if is_impossible => Err(Unbuilt::Kept),
            Err(unbuilt) => Err(unbuilt),
        }
    }

    /// A text that the taker's pattern does not find, whatever the limits of its length.
    fn unmatched(&self) -> Result<Leaf, Unbuilt> {
        let (sent, taken) = self.texts()?;
        told(Texts::of_text(sent).without(&Texts::of_text(taken).of_lengths(0..=u64::MAX)))
    }

    fn difference(&self) -> Result<Leaf, Unbuilt> {
        let (sent, taken) = self.types()?;
        let sent = Of { world: self.sender, ty: sent, language: self.promise.producer().1 };
        let taken = Of { world: self.taker, ty: taken, language: self.promise.consumer().1 };
        if contained::is_contained(&sent, &taken) {
            return Err(Unbuilt::Kept);
        }
        search::difference(&sent, &taken).map(Leaf::Value).ok_or(Unbuilt::Unfound)
    }
}

fn told(difference: Difference) -> Result<Leaf, Unbuilt> {
    match difference {
        Difference::Text(text) => Ok(Leaf::Value(text.into())),
        Difference::None => Err(Unbuilt::Kept),
        Difference::Undecided => Err(Unbuilt::Unfound),
    }
}

/// What of the sender's range lies past one end of the taker's.
fn past(sent: (u64, u64), least: Option<u64>, most: Option<u64>, end: End) -> (u64, u64) {
    match end {
        End::Min => (sent.0, sent.1.min(least.unwrap_or(0).saturating_sub(1))),
        End::Max => (sent.0.max(most.unwrap_or(u64::MAX).saturating_add(1)), sent.1),
    }
}

/// A number of the sender's past one end of the taker's, a whole step away where there is room.
fn number_past(sent: &Bounds<f64>, taken: &Bounds<f64>, end: End) -> Value {
    let (least, most) = (sent.min.unwrap_or(f64::MIN), sent.max.unwrap_or(f64::MAX));
    let within = |value: f64| value.max(least).min(most);
    let value = match end {
        End::Min => {
            let limit = taken.min.unwrap_or(f64::MIN);
            let step = within(limit - 1.0);
            if step < limit { step } else { least }
        }
        End::Max => {
            let limit = taken.max.unwrap_or(f64::MAX);
            let step = within(limit + 1.0);
            if step > limit { step } else { most }
        }
    };
    sample::number(value)
}
