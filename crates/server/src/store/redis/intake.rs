//! What is published on this node goes to Redis: one call at a time per organisation, with all that waits by then. Where
//! several wait at once they are given a millisecond to become more: a call costs Redis far more than an event in it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::outlet::Outlet;
use super::trouble::{Health, Trouble};
use crate::hub::{PublishError, Published};
use crate::metrics::Metrics;
use crate::recipient::Scope;
use crate::store::{Answer, Draft};
use crate::troubles::Troubles;

/// Events of one call, which lie together in the stream.
const LARGEST_GROUP: usize = 256;

/// So many events that wait are a crowd; and so many are enough for a call.
const CROWD: (usize, usize) = (2, 32);

/// After a call for a crowd the next one begins no sooner.
const PACE: Duration = Duration::from_millis(1);

/// When nothing failed for so long, all is well.
const QUIET: Duration = Duration::from_secs(10);

/// More events do not wait; whoever publishes them is sent away.
const MOST_WAITING: usize = 100_000;

/// What the intake is asked.
pub(super) enum Asked {
    /// The drafts of one request, and where the verdicts on them go.
    Publish(Vec<Draft>, Answer),
    /// Takes nothing more, and says when all it took is answered.
    Close(oneshot::Sender<()>),
}

/// One event that waits.
struct Waiting {
    draft: Draft,
    request: Arc<Request>,
    index: usize,
}

struct Request {
    open: Mutex<Open>,
}

struct Open {
    results: Vec<Option<Result<Published, PublishError>>>,
    left: usize,
    answer: Option<Answer>,
}

#[derive(Default)]
struct Lane {
    waiting: VecDeque<Waiting>,
    state: State,
    /// The latest that an answer told. Invariant: no event is numbered under an earlier one, whatever becomes of Redis,
    /// because its id may have been given before.
    epoch: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Idle,
    /// A call is under way, since then.
    Calling(Instant),
    /// A crowd waits to become more.
    Gathering,
}

/// What was going on beside the intake is done.
enum Done {
    /// A group of events.
    Called(Scope, Vec<Waiting>, Result<(u64, Vec<Result<Published, PublishError>>), Trouble>),
    /// The time of a crowd is over.
    Gathered(Scope),
}

/// Whether publishing works, as the log tells it.
struct Writing {
    all: Health,
    some: Health,
    /// When an organisation could not be published to, though others may have been.
    failed: Option<Instant>,
}

impl Writing {
    fn new(troubles: &Arc<Troubles>) -> Self {
        let (all, some) = ("publishing", "publishing to some organisations");
        Self { all: Health::of(all, troubles), some: Health::of(some, troubles), failed: None }
    }

    /// A call is over. What fails for one organisation alone says nothing of the others, nor do they of it.
    fn note(&mut self, trouble: Option<&Trouble>) {
        match trouble {
            Some(trouble) if trouble.state.is_of_one() => {
                self.failed = Some(Instant::now());
                self.some.is_ill(trouble);
            }
            Some(trouble) => self.all.is_ill(trouble),
            None => {
                self.all.is_well();
                if self.failed.is_some_and(|failed| failed.elapsed() > QUIET) {
                    self.failed = None;
                    self.some.is_well();
                }
            }
        }
    }
}

/// Takes requests until nobody can make any more, and everything is answered.
pub(super) async fn run(outlet: Outlet, metrics: Arc<Metrics>, mut requests: UnboundedReceiver<Asked>) {
    let outlet = Arc::new(outlet);
    let mut lanes: HashMap<Scope, Lane> = HashMap::new();
    let mut calls: JoinSet<Done> = JoinSet::new();
    let mut writing = Writing::new(outlet.link.troubles());
    let mut waiting = 0;
    let mut is_open = true;
    let mut closing = None;
    while is_open || !calls.is_empty() {
        tokio::select! {
            asked = requests.recv(), if is_open => match asked {
                Some(Asked::Publish(drafts, answer)) if waiting + drafts.len() > MOST_WAITING => {
                    let busy = PublishError::Store("too many events wait for Redis".to_owned());
                    // Whoever asked may be gone.
                    let _ = answer.send(vec![Err(busy); drafts.len()]);
                }
                Some(Asked::Publish(drafts, answer)) => {
                    waiting += drafts.len();
                    for scope in spread(drafts, answer, &mut lanes) {
                        start(&outlet, &mut calls, &mut lanes, scope);
                    }
                }
                Some(Asked::Close(answer)) => {
                    requests.close();
                    closing = Some(answer);
                }
                None => is_open = false,
            },
            Some(done) = calls.join_next() => {
                let scope = match done {
                    Ok(Done::Called(scope, group, outcome)) => {
                        waiting -= group.len();
                        writing.note(outcome.as_ref().err());
                        if let Some(lane) = lanes.get_mut(&scope) {
                            lane.called(outcome.as_ref().map_or(0, |(epoch, _)| *epoch), &scope, &mut calls);
                        }
                        settle(&metrics, group, outcome.map(|(_, results)| results));
                        scope
                    }
                    Ok(Done::Gathered(scope)) => {
                        lanes.get_mut(&scope).into_iter().for_each(Lane::gathered);
                        scope
                    }
                    // A call that panicked would be a mistake of ours; its publishers are told that they were not answered.
                    Err(_) => continue,
                };
                start(&outlet, &mut calls, &mut lanes, scope);
            }
        }
    }
    // Whoever waited for it may be gone.
    closing.map(|answer| answer.send(()));
}

/// Puts the events of one request into their lanes.
fn spread(drafts: Vec<Draft>, answer: Answer, lanes: &mut HashMap<Scope, Lane>) -> Vec<Scope> {
    let open = Open { results: vec![None; drafts.len()], left: drafts.len(), answer: Some(answer) };
    let request = Arc::new(Request { open: Mutex::new(open) });
    let mut scopes = Vec::new();
    for (index, draft) in drafts.into_iter().enumerate() {
        let scope = draft.recipient.scope();
        let lane = lanes.entry(scope.clone()).or_default();
        lane.waiting.push_back(Waiting { draft, request: request.clone(), index });
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}

/// Sends what waits in a lane, unless something of it is on its way.
fn start(outlet: &Arc<Outlet>, calls: &mut JoinSet<Done>, lanes: &mut HashMap<Scope, Lane>, scope: Scope) {
    let Some(lane) = lanes.get_mut(&scope) else {
        return;
    };
    if !lane.may_call() {
        return;
    }
    lane.state = State::Calling(Instant::now());
    let size = lane.waiting.len().min(LARGEST_GROUP);
    let group: Vec<Waiting> = lane.waiting.drain(..size).collect();
    let (outlet, epoch) = (outlet.clone(), lane.epoch);
    calls.spawn(async move {
        let outcome = outlet.publish(&scope, epoch, group.iter().map(|waiting| &waiting.draft)).await;
        Done::Called(scope, group, outcome)
    });
}

impl Lane {
    fn may_call(&self) -> bool {
        match self.state {
            State::Idle => !self.waiting.is_empty(),
            State::Calling(_) => false,
            State::Gathering => self.waiting.len() >= CROWD.1,
        }
    }

    /// A call is over. Whoever is alone never waits; a crowd does, until the pace allows the next call.
    fn called(&mut self, epoch: u64, scope: &Scope, calls: &mut JoinSet<Done>) {
        self.epoch = self.epoch.max(epoch);
        let next = match self.state {
            State::Calling(began) if self.waiting.len() >= CROWD.0 => began + PACE,
            State::Calling(_) | State::Idle | State::Gathering => Instant::now(),
        };
        self.state = if next > Instant::now() { State::Gathering } else { State::Idle };
        if self.state == State::Gathering {
            let scope = scope.clone();
            calls.spawn(async move {
                sleep_until(next).await;
                Done::Gathered(scope)
            });
        }
    }

    fn gathered(&mut self) {
        // It may have become enough before, and be on its way.
        if self.state == State::Gathering {
            self.state = State::Idle;
        }
    }
}

fn settle(metrics: &Metrics, group: Vec<Waiting>, outcome: Result<Vec<Result<Published, PublishError>>, Trouble>) {
    let size = group.len() as u64;
    let results = match outcome {
        Ok(results) => results,
        Err(trouble) => vec![Err(PublishError::from(trouble)); group.len()],
    };
    let taken = results.iter().flatten().count() as u64;
    let repeated = results.iter().flatten().filter(|published| published.is_repeat).count() as u64;
    let refused = results.iter().filter(|one| matches!(one, Err(PublishError::KeyTaken { .. }))).count() as u64;
    metrics.published(taken - repeated, repeated, size - taken - refused);
    for (waiting, result) in group.into_iter().zip(results) {
        let mut open = waiting.request.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.results[waiting.index] = Some(result);
        open.left -= 1;
        if open.left == 0
            && let Some(answer) = open.answer.take()
        {
            // A publisher that hung up does not undo its event.
            let _ = answer.send(std::mem::take(&mut open.results).into_iter().flatten().collect());
        }
    }
}
