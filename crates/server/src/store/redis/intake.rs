//! What is published on this node goes to Redis: one script call at a time per organisation, with all that waits by then.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use redis::{Script, Value};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

use super::keys::Keys;
use super::link::Link;
use super::replicas::Replicas;
use super::terms::Terms;
use super::trouble::{Health, Trouble};
use super::wire;
use crate::cursor::{Epoch, Position};
use crate::hub::{PublishError, Published, now_ms};
use crate::metrics::Metrics;
use crate::recipient::Scope;
use crate::store::{Answer, Draft};

/// Events of one call, which lie together in the stream.
const LARGEST_GROUP: usize = 256;

/// More events do not wait; whoever publishes them is sent away.
const MOST_WAITING: usize = 100_000;

/// Where events go, and how long they are kept there.
pub(super) struct Outlet {
    pub(super) link: Link,
    script: Script,
    terms: watch::Receiver<Terms>,
    replicas: Replicas,
}

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
    is_busy: bool,
    /// The latest that an answer told. Invariant: no event is numbered under an earlier one, whatever becomes of Redis,
    /// because its id may have been given before.
    epoch: u32,
}

/// What became of a group.
type Done = (Scope, Vec<Waiting>, Result<(u32, Vec<Result<Published, PublishError>>), Trouble>);

impl Outlet {
    pub(super) fn new(link: Link, terms: watch::Receiver<Terms>, replicas: u32) -> Self {
        let script = Script::new(include_str!("publish.lua"));
        Self { link, script, terms, replicas: Replicas::new(replicas) }
    }

    /// Publishes events of one organisation, in order, all or none.
    pub(super) async fn publish(
        &self,
        scope: &Scope,
        known_epoch: u32,
        drafts: impl Iterator<Item = &Draft>,
    ) -> Result<(u32, Vec<Result<Published, PublishError>>), Trouble> {
        let address = self.link.address();
        let keys = Keys::of(scope, address.database());
        let at = now_ms();
        let mut call = self.script.prepare_invoke();
        for key in [&keys.head, &keys.events, &keys.keys, &keys.key_times, &keys.retained, &keys.retained_order] {
            call.key(key);
        }
        let terms = *self.terms.borrow();
        call.arg(address.publishing_command()).arg(&keys.channel).arg(terms.count);
        call.arg(terms.age).arg(terms.key_ms).arg(terms.retained).arg(known_epoch);
        let mut count = 0;
        for draft in drafts {
            count += 1;
            let (key, digest) = match (&draft.key, draft.versions.first()) {
                (Some(key), Some((name, _))) => (format!("{name} {}", key.text), key.digest.as_str()),
                (Some(_), None) | (None, _) => (String::new(), ""),
            };
            call.arg(key).arg(digest).arg(wire::retained_field(draft)).arg(wire::write(draft, at));
        }
        let answered: (u32, Vec<Value>) = split_first(self.link.invoke(&call).await?)?;
        if answered.1.len() != count {
            return Err(Trouble::nonsense(format!("{} verdicts on {count} events", answered.1.len())));
        }
        self.replicas.wait(&self.link).await?;
        let (epoch, verdicts) = answered;
        let verdicts: Result<_, Trouble> = verdicts.iter().map(|verdict| read_verdict(verdict, scope, epoch)).collect();
        Ok((epoch, verdicts?))
    }
}

fn split_first(answer: Vec<Value>) -> Result<(u32, Vec<Value>), Trouble> {
    let mut rest = answer.into_iter();
    let epoch = rest.next().and_then(|epoch| redis::from_redis_value(epoch).ok());
    let epoch = epoch.ok_or_else(|| Trouble::nonsense("no epoch".to_owned()))?;
    Ok((epoch, rest.collect()))
}

/// A number, or `r` or `k` and the place of the event that is known under the key.
fn read_verdict(verdict: &Value, scope: &Scope, epoch: u32) -> Result<Result<Published, PublishError>, Trouble> {
    let id = |position: Position| position.to_string();
    match verdict {
        Value::Int(seq) => {
            let seq = u64::try_from(*seq).map_err(|error| Trouble::nonsense(error.to_string()))?;
            Ok(Ok(Published { id: id(Epoch::new(scope, epoch).at(seq)), is_repeat: false }))
        }
        Value::BulkString(text) => {
            let text = std::str::from_utf8(text).unwrap_or_default();
            let parts = text.split_at_checked(1).and_then(|(kind, place)| Some((kind, place.split_once('-')?)));
            let known = parts.and_then(|(kind, (epoch, seq))| Some((kind, epoch.parse().ok()?, seq.parse().ok()?)));
            let (kind, epoch, seq) = known.ok_or_else(|| Trouble::nonsense(format!("the verdict {text:?}")))?;
            let first = id(Epoch::new(scope, epoch).at(seq));
            Ok(if kind == "r" {
                Ok(Published { id: first, is_repeat: true })
            } else {
                Err(PublishError::KeyTaken { first })
            })
        }
        other => Err(Trouble::nonsense(format!("the verdict {other:?}"))),
    }
}

/// Takes requests until nobody can make any more, and everything is answered.
pub(super) async fn run(outlet: Outlet, metrics: Arc<Metrics>, mut requests: UnboundedReceiver<Asked>) {
    let outlet = Arc::new(outlet);
    let mut lanes: HashMap<Scope, Lane> = HashMap::new();
    let mut calls: JoinSet<Done> = JoinSet::new();
    let writing = Health::default();
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
                // A call that panicked would be a mistake of ours; its publishers are told that they were not answered.
                let Ok((scope, group, outcome)) = done else { continue };
                waiting -= group.len();
                match &outcome {
                    Ok(_) => writing.is_well("publishing"),
                    Err(trouble) => writing.is_ill("publishing", trouble),
                }
                if let Some(lane) = lanes.get_mut(&scope) {
                    lane.is_busy = false;
                    lane.epoch = outcome.as_ref().map_or(lane.epoch, |(epoch, _)| lane.epoch.max(*epoch));
                }
                settle(&metrics, group, outcome.map(|(_, results)| results));
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
    if lane.is_busy || lane.waiting.is_empty() {
        return;
    }
    lane.is_busy = true;
    let size = lane.waiting.len().min(LARGEST_GROUP);
    let group: Vec<Waiting> = lane.waiting.drain(..size).collect();
    let (outlet, epoch) = (outlet.clone(), lane.epoch);
    calls.spawn(async move {
        let outcome = outlet.publish(&scope, epoch, group.iter().map(|waiting| &waiting.draft)).await;
        (scope, group, outcome)
    });
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
