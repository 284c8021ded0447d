//! How much each publisher publishes in a second, on all nodes together.
//!
//! A node lets a sixteenth of the limit through, shared with the other nodes, without a question: most publishers need
//! no more, and asking costs as much as publishing. What comes beyond that is granted by the store, in portions.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redis::Script;

use super::nodes::Nodes;
use crate::commons::Whose;
use crate::hub::now_ms;
use crate::store::redis::keys;
use crate::store::redis::link::Link;

/// This part of a limit is let through without a question, by all nodes together.
const UNASKED: u32 = 16;

/// More publishers are not remembered beyond their second.
const MOST_REMEMBERED: usize = 10_000;

/// Grants that may be overtaken by another request of the same publisher.
const TRIES: usize = 4;

pub(super) struct Rates {
    link: Link,
    nodes: Nodes,
    seconds: Mutex<HashMap<Whose, Second>>,
}

/// One second of a publisher on this node.
#[derive(Debug, Clone, Copy, Default)]
struct Second {
    /// Since 1970.
    began: u64,
    spent: u32,
    granted: u32,
    /// So many were not to be had any more.
    refused: Option<u32>,
}

/// What becomes of events.
enum Verdict {
    Spent,
    Refused,
    /// So many have to be granted first.
    Ask(u32),
}

impl Rates {
    pub(super) fn new(link: Link, nodes: Nodes) -> Self {
        Self { link, nodes, seconds: Mutex::default() }
    }

    pub(super) async fn may_publish(&self, whose: &Whose, events: u32, most: u32) -> bool {
        let now = now_ms() / 1000;
        for _ in 0..TRIES {
            let wanted = match self.spend(whose, events, most, now) {
                Verdict::Spent => return true,
                Verdict::Refused => return false,
                Verdict::Ask(wanted) => wanted,
            };
            let script = Script::new(include_str!("spend.lua"));
            let mut call = script.prepare_invoke();
            call.key(keys::rate(whose)).arg(most).arg(wanted);
            // While Redis cannot be asked, it takes no events either.
            let granted: u32 = self.link.invoke(&call).await.unwrap_or(wanted);
            let mut seconds = self.lock();
            let second = seconds.entry(whose.clone()).or_default();
            if second.began == now {
                second.granted = second.granted.saturating_add(granted);
                second.refused = if granted == 0 { Some(wanted) } else { second.refused };
            }
        }
        false
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Whose, Second>> {
        self.seconds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spend(&self, whose: &Whose, events: u32, most: u32, now: u64) -> Verdict {
        let nodes = u32::try_from(self.nodes.known().alive.len() + 1).unwrap_or(u32::MAX);
        let mut seconds = self.lock();
        if seconds.len() > MOST_REMEMBERED {
            seconds.retain(|_, second| second.began == now);
        }
        let second = seconds.entry(whose.clone()).or_default();
        if second.began != now {
            *second = Second { began: now, ..Second::default() };
        }
        second.spend(events, most, most / UNASKED.saturating_mul(nodes))
    }
}

impl Second {
    /// Spends what is left here, of what was granted or needs no question.
    fn spend(&mut self, events: u32, most: u32, unasked: u32) -> Verdict {
        let spent = self.spent.saturating_add(events);
        if spent > most {
            return Verdict::Refused;
        }
        if spent <= unasked.max(self.granted) {
            self.spent = spent;
            return Verdict::Spent;
        }
        // What went without a question is asked for now.
        let wanted = spent - self.granted;
        match self.refused {
            Some(refused) if wanted >= refused => Verdict::Refused,
            Some(_) | None => Verdict::Ask(wanted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(verdict: &Verdict) -> Option<u32> {
        match verdict {
            Verdict::Spent => None,
            Verdict::Refused => Some(0),
            Verdict::Ask(wanted) => Some(*wanted),
        }
    }

    #[test]
    fn little_goes_without_a_question_and_is_asked_for_with_the_rest() {
        let mut second = Second::default();
        let spend = |second: &mut Second, events| wanted(&second.spend(events, 100, 6));
        assert_eq!((spend(&mut second, 6), spend(&mut second, 2)), (None, Some(8)));
        second.granted = 12;
        assert_eq!((spend(&mut second, 6), spend(&mut second, 1)), (None, Some(1)));
        second.refused = Some(1);
        assert_eq!(spend(&mut second, 1), Some(0), "the store is not asked for what it has just refused");
        second.granted = 200;
        assert_eq!(
            (spend(&mut second, 88), spend(&mut second, 1)),
            (None, Some(0)),
            "a limit holds on one node as well"
        );
    }
}
