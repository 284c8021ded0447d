//! A payload that proves a finding: one side sends it, the other refuses it, and an independent judge says both.

mod world;

mod leaf;

mod embed;

mod ways;

mod sample;

mod text;

mod search;

mod candidates;

mod opaque;

mod texts;

mod contained;

mod judge;

use std::borrow::Cow;
use std::collections::BTreeSet;

use growset_model::{Catalog, EventName};
use serde_json::Value;

use self::embed::{Embedded, Leaf, embed};
use self::judge::Judges;
use self::leaf::Shown;
use self::ways::{Footing, Ways};
use self::world::World;
use super::baseline::Revision;
use super::change::Change;
use super::path::Path;
use super::promise::{Promise, Side};

/// Both sides of a comparison, ready to be asked for payloads.
pub(super) struct Bench<'a> {
    old: (World<'a>, Judges),
    new: (World<'a>, Judges),
}

/// Why there is no payload. Of several ways to a place, what is said of a later one here holds for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unbuilt {
    /// No payload gets to the place, such as an item of a list that is always empty.
    Unreachable,
    /// There is none: what one side sends at the place, the other takes.
    Kept,
    /// None was found within the budget, and neither that there is none.
    Unfound,
    /// It would be too large to show anything.
    TooLarge,
    /// A type on the way has no value that could be found.
    NoValue,
}

/// What became of the attempt to prove a broken promise.
pub(super) enum Attempt {
    /// A payload, and what the taking side's judge says to it.
    Confirmed { payload: Value, refusal: String },
    /// A payload that does not show what it should. The checker is wrong.
    Contradicted { payload: Value, says: &'static str },
    /// No payload.
    Unbuilt(Unbuilt),
}

impl Unbuilt {
    /// In words, after "no payload shows it:".
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "no payload gets there",
            Self::Kept => "there is none",
            Self::Unfound => "none was found",
            Self::TooLarge => "the smallest one is too large to show",
            Self::NoValue => "a type on the way has no value that could be found",
        }
    }
}

impl<'a> Bench<'a> {
    /// Nothing when either side lacks the event.
    pub(super) fn new(revision: &Revision, catalog: &'a Catalog, event: &EventName) -> Option<Self> {
        let old = World::new(Cow::Owned(revision.to_catalog()), event)?;
        let new = World::new(Cow::Borrowed(catalog), event)?;
        Some(Self { old: (old, Judges::default()), new: (new, Judges::default()) })
    }

    fn side(&self, side: Side) -> &(World<'a>, Judges) {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }

    /// Builds the payload that breaks a promise and has it judged.
    pub(super) fn attempt(&self, change: &Change, promise: Promise) -> Attempt {
        let Embedded { payload, pointer } = match self.built(change, promise) {
            Ok(embedded) => embedded,
            Err(unbuilt) => return Attempt::Unbuilt(unbuilt),
        };
        let (sending, sent_in) = promise.producer();
        let (taking, taken_in) = promise.consumer();
        let (sender, senders) = self.side(sending);
        let (taker, takers) = self.side(taking);
        let (Some(sends), Some(takes)) = (senders.of(sender, sent_in), takers.of(taker, taken_in)) else {
            return Attempt::Contradicted { payload, says: "a schema did not compile" };
        };
        if !sends.is_valid(&payload) {
            return Attempt::Contradicted { payload, says: "the sending side does not send it" };
        }
        match judge::refusal(takes, &payload, &pointer) {
            Some(refusal) => Attempt::Confirmed { payload, refusal },
            None => Attempt::Contradicted { payload, says: "the taking side does not refuse it for this" },
        }
    }

    /// Whether some payload breaks the promise, for a change that was proven elsewhere to break it.
    pub(super) fn gets_there(&self, change: &Change, promise: Promise) -> Result<(), Unbuilt> {
        self.built(change, promise).map(|_| ())
    }

    /// The payload that breaks a promise, before anybody judged it, by whichever way leads to one.
    fn built(&self, change: &Change, promise: Promise) -> Result<Embedded, Unbuilt> {
        let (sending, sent_in) = promise.producer();
        let (taking, taken_in) = promise.consumer();
        let ((sender, _), (taker, _)) = (self.side(sending), self.side(taking));
        let first = change.from_payload();
        let mut unbuilt = match built_at(&first, change, promise, sender, taker) {
            Err(unbuilt) => unbuilt,
            built => return built,
        };
        let ways = Ways { sender, taker, sent_in, taken_in };
        let mut tried = BTreeSet::from([first]);
        for footing in [Footing::Sure, Footing::Possible] {
            for way in ways.to(change, footing) {
                if tried.contains(&way) {
                    continue;
                }
                match built_at(&way, change, promise, sender, taker) {
                    Err(reason) => unbuilt = unbuilt.max(reason),
                    built => return built,
                }
                tried.insert(way);
            }
        }
        Err(unbuilt)
    }

    /// A payload that reaches the place of a change and proves nothing, from the new side where it has the place.
    pub(super) fn sample(&self, change: &Change) -> Option<Value> {
        let steps = change.from_payload();
        let of = |side: Side| {
            let (world, _) = self.side(side);
            let language = growset_model::Language::Wire;
            embed(world, language, &steps.0, &Leaf::Least).ok().map(|embedded| embedded.payload)
        };
        of(Side::New).or_else(|| of(Side::Old))
    }
}

/// The payload that breaks a promise at the end of one way.
fn built_at(way: &Path, change: &Change, promise: Promise, sender: &World, taker: &World) -> Result<Embedded, Unbuilt> {
    let (_, sent_in) = promise.producer();
    let (path, built) = match leaf::shown(change, way, promise, sender, taker) {
        Ok(Shown { path, leaf }) => {
            let built = embed(sender, sent_in, &path.0, &leaf);
            (path, built)
        }
        Err(unbuilt) => (way.clone(), Err(unbuilt)),
    };
    // Beside what has no value nothing is ever sent.
    built.map_err(|unbuilt| if sender.is_closed_on_the_way(&path.0, sent_in) { Unbuilt::Unreachable } else { unbuilt })
}

/// The smallest payload of a revision whose event is gone.
pub(super) fn released_sample(revision: &Revision) -> Option<Value> {
    let world = World::new(Cow::Owned(revision.to_catalog()), &revision.name)?;
    world.sampler().least(&world.root).ok()
}
