//! Every way to a place: where the first one leads nowhere, another one may not.
//!
//! A shared type is compared once, however many ways lead to it. What one of them is closed by, such as a list that is
//! always empty, says nothing of the others. So the pairs of types that a value can reach on both sides are visited,
//! nearest first. Whether a step can be gone depends on nothing but the pair that it leaves, so that a way which
//! visits no pair twice is found if there is any: recursion needs no bound of its own.

use std::collections::{BTreeSet, VecDeque};

use growset_model::Language;

use super::embed::is_passable;
use super::world::{Spot, World};
use crate::growth::change::Change;
use crate::growth::path::{Path, Root, Step};

/// Which steps a way may take.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Footing {
    /// Those around which a value was built.
    Sure,
    /// Those that are not certain to be closed.
    Possible,
}

/// The two sides of a promise.
pub(super) struct Ways<'w> {
    pub(super) sender: &'w World<'w>,
    pub(super) taker: &'w World<'w>,
    pub(super) sent_in: Language,
    pub(super) taken_in: Language,
}

/// What lies at the end of one way on both sides.
type Spots<'w> = (Spot<'w>, Spot<'w>);

/// The same, whichever way led there: the types behind names, by their addresses, and whether `null` may stand there.
type Place = [(usize, bool); 2];

impl<'w> Ways<'w> {
    /// A way to each place at which the change shows.
    pub(super) fn to(&self, change: &Change, footing: Footing) -> Vec<Path> {
        let path = change.from_payload();
        // A member is where its owner is; what lies in a named type itself is wherever the type is used.
        let owner = path.0.len() - usize::from(!change.path.is_root());
        let (goal, rest) = self.common(&path.0, owner);
        let is_goal = |spots: Spots| {
            let is_same = self.place(spots).map(|(at, _)| at) == self.place(goal).map(|(at, _)| at);
            is_same && (!change.path.is_root() || self.is_used_at(&change.root, spots))
        };
        let mut found = Vec::new();
        let mut waiting = VecDeque::from([(self.start(), Vec::new())]);
        let mut seen = BTreeSet::from([self.place(self.start())]);
        while let Some((spots, steps)) = waiting.pop_front() {
            if is_goal(spots) {
                found.push(Path(steps.iter().chain(rest).cloned().collect()));
            }
            for step in self.sender.steps(spots.0) {
                let next = self.step(spots, &step).filter(|_| self.may_go(spots, &step, footing));
                if let Some(next) = next.filter(|next| seen.insert(self.place(*next))) {
                    waiting.push_back((next, steps.iter().cloned().chain([step]).collect::<Vec<Step>>()));
                }
            }
        }
        found
    }

    fn start(&self) -> Spots<'w> {
        (Spot::Type(&self.sender.root), Spot::Type(&self.taker.root))
    }

    fn step(&self, (sent, taken): Spots<'w>, step: &Step) -> Option<Spots<'w>> {
        Some((self.sender.step(sent, step)?, self.taker.step(taken, step)?))
    }

    /// The last pair on a path, or on as much of it as there may be, and the steps beyond.
    fn common<'p>(&self, path: &'p [Step], most: usize) -> (Spots<'w>, &'p [Step]) {
        let (mut spots, mut at) = (self.start(), 0);
        for step in path.iter().take(most) {
            let Some(next) = self.step(spots, step) else { break };
            (spots, at) = (next, at + 1);
        }
        (spots, path.get(at..).unwrap_or_default())
    }

    fn place(&self, (sent, taken): Spots<'w>) -> Place {
        let of = |world: &World, spot| match spot {
            Spot::Type(ty) => (std::ptr::from_ref(world.core(ty).unwrap_or(ty)).addr(), world.takes_null(ty)),
            Spot::Case(case) => (std::ptr::from_ref(case).addr(), false),
        };
        [of(self.sender, sent), of(self.taker, taken)]
    }

    /// Whether what the change is in stands here by its name. The root of a change has the new side's.
    fn is_used_at(&self, root: &Root, (sent, taken): Spots<'w>) -> bool {
        let Root::Type(name) = root else { return true };
        [(self.sender, sent), (self.taker, taken)].into_iter().any(|(world, spot)| world.is_named(spot, name))
    }

    fn may_go(&self, (sent, taken): Spots<'w>, step: &Step, footing: Footing) -> bool {
        let is_open =
            !self.sender.is_closed(sent, step, self.sent_in) && !self.taker.is_withheld(taken, step, self.taken_in);
        match footing {
            Footing::Possible => is_open,
            Footing::Sure => is_open && is_passable(self.sender, self.sent_in, sent, step),
        }
    }
}
