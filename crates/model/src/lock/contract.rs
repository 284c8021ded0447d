//! A released contract, read when it is asked for.
//!
//! A lock may hold tens of thousands of revisions. Their text is a fraction of what they take once they are read, and
//! a comparison wants each of them once.

use std::ops::Range;
use std::sync::Arc;

use super::read;
use crate::catalog::Event;
use crate::name::EventName;
use crate::serial;

/// A released contract.
#[derive(Debug, Clone)]
pub struct Contract {
    held: Held,
}

/// How a contract is held.
#[derive(Debug, Clone)]
enum Held {
    Read(Arc<Event>),
    /// Invariant: this part of the text was read once, and is a revision of that event.
    Line(EventName, Arc<String>, Range<usize>),
}

impl Contract {
    /// One that is read already.
    pub fn of(event: impl Into<Arc<Event>>) -> Self {
        Self { held: Held::Read(event.into()) }
    }

    /// A line of a lock that was read before, and proved to be a revision of that event.
    pub(super) fn of_line(event: EventName, text: &Arc<String>, line: Range<usize>) -> Self {
        Self { held: Held::Line(event, Arc::clone(text), line) }
    }

    /// The contract. Whoever wants it twice keeps it: each call may read it anew.
    pub fn event(&self) -> Arc<Event> {
        match &self.held {
            Held::Read(event) => Arc::clone(event),
            Held::Line(name, text, line) => {
                let read = text.get(line.clone()).and_then(|line| read::contract(name, line));
                Arc::new(read.expect("the line was read when the lock was, and does not change"))
            }
        }
    }
}

impl PartialEq for Contract {
    fn eq(&self, other: &Self) -> bool {
        let lines = match (&self.held, &other.held) {
            (Held::Line(_, text, line), Held::Line(_, other, of_other)) => {
                text.get(line.clone()) == other.get(of_other.clone())
            }
            (Held::Read(_), _) | (_, Held::Read(_)) => false,
        };
        // By what is written: places are no part of a contract.
        lines || serial::event_to_json(&self.event()) == serial::event_to_json(&other.event())
    }
}
