//! How many streams are open, on all nodes together.
//!
//! A node states its own numbers, whole and not by steps, so that what was lost is mended by saying it again. One call
//! at a time per organisation; whoever wants in meanwhile goes with the next. While Redis cannot be asked, each node
//! counts alone.

mod lane;

mod statement;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, WeakUnboundedSender};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use self::lane::{Lane, Wanted};
use self::statement::{Answered, Statement};
use super::nodes::{BEAT, Nodes};
use crate::commons::{Crowded, Places, Whose};
use crate::store::redis::link::Link;
use crate::store::redis::trouble::{Health, Trouble};

/// How often a statement is renewed: several times while it is believed.
const RENEW: Duration = Duration::from_secs(60);

/// How often statements that are due are looked for, and how many go out at once.
const SWEEP: (Duration, usize) = (Duration::from_secs(1), 500);

/// No stream waits longer for the store.
const PATIENCE: Duration = Duration::from_millis(500);

pub(super) enum Asked {
    Take(Whose, Places, Answer),
    Leave(Whose),
}

pub(super) type Answer = oneshot::Sender<Result<Granted, Crowded>>;

/// A place that was given. Where nobody takes it, it is given back.
pub(super) struct Granted {
    whose: Option<Whose>,
    back: WeakUnboundedSender<Asked>,
}

impl Granted {
    pub(super) fn take(mut self) {
        self.whose = None;
    }
}

impl Drop for Granted {
    fn drop(&mut self) {
        if let (Some(whose), Some(back)) = (self.whose.take(), self.back.upgrade()) {
            // Nobody counts any more when this fails.
            let _ = back.send(Asked::Leave(whose));
        }
    }
}

enum Done {
    Stated(Statement, Result<Answered, Trouble>),
    Beaten,
}

struct Counting {
    link: Link,
    nodes: Nodes,
    /// For places that nobody takes.
    back: WeakUnboundedSender<Asked>,
    lanes: HashMap<Arc<str>, Lane>,
    calls: JoinSet<Done>,
    health: Health,
}

/// Counts until nobody can ask any more.
pub(super) async fn run(
    link: Link,
    nodes: Nodes,
    back: WeakUnboundedSender<Asked>,
    mut asked: UnboundedReceiver<Asked>,
) {
    let (lanes, calls) = (HashMap::new(), JoinSet::new());
    let health = Health::of("counting streams", link.troubles());
    let mut counting = Counting { link, nodes, back, lanes, calls, health };
    let mut sweep = interval(SWEEP.0);
    sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    counting.beat_later();
    loop {
        tokio::select! {
            asked = asked.recv() => match asked {
                Some(Asked::Take(whose, most, answer)) => counting.take(whose, most, answer),
                Some(Asked::Leave(whose)) => counting.leave(&whose),
                None => return,
            },
            Some(done) = counting.calls.join_next() => match done {
                Ok(Done::Stated(statement, outcome)) => counting.stated(statement, outcome),
                // A beat that panicked would be a mistake of ours.
                Ok(Done::Beaten) | Err(_) => counting.beat_later(),
            },
            _ = sweep.tick() => counting.sweep(),
        }
    }
}

impl Counting {
    fn beat_later(&mut self) {
        let (link, nodes) = (self.link.clone(), self.nodes.clone());
        self.calls.spawn(async move {
            tokio::time::sleep(BEAT).await;
            // When this fails, others hold it for dead after a while, and it says everything again when it is back.
            let _ = nodes.beat(&link).await;
            Done::Beaten
        });
    }

    fn take(&mut self, whose: Whose, most: Places, answer: Answer) {
        let lane = self.lanes.entry(whose.org.clone()).or_insert_with(Lane::new);
        match lane.room(whose.user.as_ref(), most) {
            // What is too much for one node is too much for all.
            Err(crowded) => drop(answer.send(Err(crowded))),
            Ok(()) => {
                lane.wanted.push_back(Wanted { user: whose.user, most, answer });
                self.start(&whose.org);
            }
        }
    }

    fn leave(&mut self, whose: &Whose) {
        if let Some(lane) = self.lanes.get_mut(&whose.org) {
            lane.leave(whose.user.as_ref());
            self.start(&whose.org);
        }
    }

    /// States what changed and asks for what is wanted, unless a call is under way.
    fn start(&mut self, org: &Arc<str>) {
        let Some(lane) = self.lanes.get_mut(org).filter(|lane| !lane.is_busy) else {
            return;
        };
        if lane.has_news() {
            let statement = lane.statement(org);
            self.call(statement);
        } else if lane.total == 0 {
            self.lanes.remove(org);
        }
    }

    fn call(&mut self, statement: Statement) {
        let (link, nodes) = (self.link.clone(), self.nodes.clone());
        self.calls.spawn(async move {
            let outcome = timeout(PATIENCE, statement.tell(&link, &nodes)).await;
            Done::Stated(statement, outcome.unwrap_or_else(|_| Err(Trouble::slow())))
        });
    }

    fn stated(&mut self, statement: Statement, outcome: Result<Answered, Trouble>) {
        match &outcome {
            Ok(_) => self.health.is_well(),
            Err(trouble) => {
                self.health.is_ill(trouble);
                self.nodes.doubt();
            }
        }
        let org = statement.org.clone();
        let Some(lane) = self.lanes.get_mut(&org) else {
            return;
        };
        lane.is_busy = false;
        let was_told = outcome.is_ok();
        lane.settle(statement, outcome.ok(), &self.back);
        // What failed is said again by the next sweep.
        if was_told || !lane.wanted.is_empty() {
            self.start(&org);
        }
    }

    /// Says again what failed, or is believed no longer soon.
    fn sweep(&mut self) {
        let now = Instant::now();
        let is_due = |lane: &Lane| !lane.is_busy && (lane.has_news() || now - lane.stated.1 >= RENEW);
        let due: Vec<Arc<str>> =
            self.lanes.iter().filter(|(_, lane)| is_due(lane)).take(SWEEP.1).map(|(org, _)| org.clone()).collect();
        for org in due {
            if let Some(lane) = self.lanes.get_mut(&org) {
                let statement = lane.statement(&org);
                self.call(statement);
            }
        }
    }
}
