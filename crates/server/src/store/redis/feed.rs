//! What comes from Redis fills the rings: wake-ups bear the events themselves, and whatever was missed is asked for.
//!
//! A node hears of an organisation only while somebody on it listens, and for a while after. One task does it all, so
//! that a ring is filled in order.

mod tail;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Weak};
use std::time::Duration;

use redis::{PushInfo, PushKind, Value};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use self::tail::Tail;
use super::address::{RESPONSE, Wire};
use super::keys::Keys;
use super::link::{Link, Pauses};
use super::look::{self, Wanted};
use super::terms::Terms;
use super::trouble::{Health, Trouble};
use super::wire;
use super::{commons, erase};
use crate::commons::TicketName;
use crate::flushing::Flushing;
use crate::hub::{Shared, now_ms};
use crate::recipient::Scope;
use crate::ring::{Attendance, Ring, Since, Taken, View};
use crate::store::StoreError;

/// A ring that nobody looks at is filled for so long, for those who come back.
const LINGER: Duration = Duration::from_secs(30);

/// How often rings without listeners are looked for, and wake-ups that did not come.
const SWEEP: Duration = Duration::from_secs(1);

/// A ring that nothing came to for so long is compared with the store, and not more of them a sweep.
const COMPARE: (Duration, usize) = (Duration::from_secs(10), 200);

/// Rings that the store is asked for anew in one sweep, after it failed.
const MOST_LOOKS: usize = 2000;

/// Where a listener's ring goes once it is filled.
pub(super) type Answer = oneshot::Sender<Result<Attendance, StoreError>>;

/// What the feed is asked.
pub(super) enum Asked {
    Attend(Scope, Since, Answer),
}

/// What was going on beside the feed is done.
enum Done {
    /// Of a connection.
    Heard(Result<Wire, Trouble>),
    /// Of a ring; and whether it is subscribed to.
    Looked(Scope, Result<View, Trouble>),
    /// Epoch and number of a ring's newest event.
    Compared(Scope, Result<(u64, u64), Trouble>),
    /// The connection that wake-ups come over is still there.
    Alive(u64, bool),
}

struct Feed {
    link: Link,
    shared: Weak<Shared>,
    terms: watch::Receiver<Terms>,
    tails: HashMap<Scope, Tail>,
    channels: HashMap<Vec<u8>, Scope>,
    ears: Option<Wire>,
    /// Tells what comes over the present connection from what an earlier one left.
    connection: u64,
    pushes: UnboundedSender<(u64, PushInfo)>,
    jobs: JoinSet<Done>,
    pauses: Pauses,
    hearing: Health,
    /// What is not heard, since the connection was lost or was refused it.
    deaf: HashSet<Scope>,
    flushing: Flushing,
}

/// Fills rings until the hub is gone.
pub(super) async fn run(
    link: Link,
    shared: Weak<Shared>,
    terms: watch::Receiver<Terms>,
    mut asked: UnboundedReceiver<Asked>,
) {
    let (pushes, mut pushed) = unbounded_channel();
    let hearing = Health::of("listening", link.troubles());
    let mut feed = Feed {
        link,
        shared,
        terms,
        tails: HashMap::new(),
        channels: HashMap::new(),
        ears: None,
        connection: 0,
        pushes,
        jobs: JoinSet::new(),
        pauses: Pauses::default(),
        hearing,
        deaf: HashSet::new(),
        flushing: Flushing::default(),
    };
    feed.connect(Duration::ZERO);
    let mut sweep = tokio::time::interval(SWEEP);
    loop {
        let flush = feed.flushing.flush(Instant::now().into_std());
        tokio::select! {
            asked = asked.recv() => match asked {
                Some(Asked::Attend(scope, since, answer)) => feed.attend(scope, since, answer),
                None => return,
            },
            Some((connection, push)) = pushed.recv() => feed.pushed(connection, push),
            Some(done) = feed.jobs.join_next() => {
                // A job that panicked would be a mistake of ours; the next sweep does its work again.
                if let Ok(done) = done {
                    feed.done(done);
                }
            }
            _ = sweep.tick() => feed.sweep(),
            () = sleep(flush.unwrap_or(SWEEP)), if flush.is_some() => {}
        }
    }
}

impl Feed {
    /// Makes the connection that wake-ups come over.
    fn connect(&mut self, pause: Duration) {
        self.connection += 1;
        let (link, pushes, connection) = (self.link.clone(), self.pushes.clone(), self.connection);
        self.jobs.spawn(async move {
            sleep(pause).await;
            let hear = move |push: PushInfo| pushes.send((connection, push));
            Done::Heard(link.address().connect(hear).await.map_err(Trouble::from))
        });
    }

    fn attend(&mut self, scope: Scope, since: Since, answer: Answer) {
        let Some(shared) = self.shared.upgrade() else {
            return;
        };
        if !self.tails.contains_key(&scope) {
            let retention = self.terms.borrow().retention(shared.settings.retention);
            let ring = Arc::new(Ring::following(retention, &scope));
            let keys = Keys::of(&scope, self.link.address().database());
            self.channels.insert(keys.channel.clone().into_bytes(), scope.clone());
            self.tails.insert(scope.clone(), Tail::new(ring, keys));
        }
        if let Some(tail) = self.tails.get_mut(&scope) {
            tail.ask(since, answer);
        }
        self.look(&scope);
    }

    /// Asks the store for what is missing in a ring, unless that is under way.
    fn look(&mut self, scope: &Scope) {
        let Some(tail) = self.tails.get_mut(scope) else {
            return;
        };
        // Whoever waits is told when there is a connection, or when there is none after all.
        let Some(mut ears) = self.ears.clone() else {
            return;
        };
        let Some(wanted) = tail.begin() else {
            return;
        };
        let subscribe = !std::mem::replace(&mut tail.is_subscribed, true);
        let (link, keys, scope) = (self.link.clone(), tail.keys.clone(), scope.clone());
        self.jobs.spawn(async move {
            // First of all, so that nothing falls between what is read and what is heard.
            let subscribed = if subscribe { ears.subscribe(&keys.channel).await } else { Ok(()) };
            let looked = match subscribed {
                Ok(()) => look::look(&link, &scope, &keys, wanted).await,
                Err(error) => Err(error.into()),
            };
            Done::Looked(scope, looked)
        });
    }

    fn done(&mut self, done: Done) {
        match done {
            Done::Heard(Ok(wire)) => {
                self.ears = Some(wire);
                self.pauses = Pauses::default();
                self.watch();
                let scopes: Vec<Scope> = self.tails.keys().cloned().collect();
                for scope in scopes {
                    if let Some(tail) = self.tails.get_mut(&scope) {
                        tail.is_subscribed = false;
                        tail.is_unclear = true;
                    }
                    self.look(&scope);
                    self.deaf.insert(scope);
                }
            }
            Done::Heard(Err(trouble)) => {
                let pause = self.pauses.next();
                self.connect(pause);
                let scopes: Vec<Scope> = self.tails.keys().cloned().collect();
                scopes.iter().for_each(|scope| self.looked(scope, Err(trouble.clone())));
            }
            Done::Looked(scope, looked) => self.looked(&scope, looked),
            Done::Compared(scope, newest) => {
                if let (Some(tail), Ok(newest)) = (self.tails.get_mut(&scope), newest)
                    && tail.ring.newest() != newest
                {
                    tail.is_unclear = true;
                    self.look(&scope);
                }
            }
            Done::Alive(connection, true) if connection == self.connection => self.watch(),
            Done::Alive(connection, false) if connection == self.connection => self.lost(),
            Done::Alive(..) => {} // Of a connection that was given up.
        }
    }

    /// Asks now and then whether the other side is still there: a connection that was cut says nothing.
    fn watch(&mut self) {
        let Some(mut ears) = self.ears.clone() else {
            return;
        };
        let connection = self.connection;
        self.jobs.spawn(async move {
            sleep(RESPONSE).await;
            let mut ping = redis::cmd("PING");
            let answered = timeout(RESPONSE, ping.take().query_async::<Value>(&mut ears)).await;
            // Whoever refuses to answer is there as well.
            let refused = |error| Trouble::from(error).state.is_answer();
            Done::Alive(connection, answered.is_ok_and(|answered| answered.map_or_else(refused, |_| true)))
        });
    }

    /// The connection is gone: what is published meanwhile is asked for when there is another.
    fn lost(&mut self) {
        if self.ears.take().is_some() {
            // Whether that is trouble is seen, and told, when the next one is made.
            self.deaf.extend(self.tails.keys().cloned());
            let pause = self.pauses.next();
            self.connect(pause);
        }
    }

    fn looked(&mut self, scope: &Scope, looked: Result<View, Trouble>) {
        let Some(tail) = self.tails.get_mut(scope) else {
            return;
        };
        match looked {
            Ok(view) => {
                let waiting = tail.ring.take(view, now_ms());
                self.flushing.pushed(&tail.ring, &mut tail.round, waiting, Instant::now().into_std());
                if !std::mem::replace(&mut tail.is_known, true)
                    && let Some(shared) = self.shared.upgrade()
                {
                    shared.add_ring(scope, &tail.ring);
                }
                tail.end();
                self.deaf.remove(scope);
                if self.deaf.is_empty() {
                    self.hearing.is_well();
                }
                for message in std::mem::take(&mut tail.missed) {
                    self.hear(scope, &message);
                }
                // Who asked meanwhile may want more.
                self.look(scope);
            }
            Err(trouble) => {
                tail.fail(&trouble);
                if tail.is_known {
                    self.deaf.insert(scope.clone());
                    self.hearing.is_ill(&trouble);
                } else {
                    self.forget(scope);
                }
            }
        }
    }

    fn pushed(&mut self, connection: u64, push: PushInfo) {
        if connection != self.connection {
            return;
        }
        match push.kind {
            PushKind::Message | PushKind::SMessage => {
                if let [Value::BulkString(channel), Value::BulkString(message)] = &push.data[..]
                    && let Some(scope) = self.channels.get(channel).cloned()
                {
                    self.hear(&scope, message);
                }
            }
            // A shard that moved takes its subscriptions along; whoever is left behind asks again.
            PushKind::Disconnection | PushKind::SUnsubscribe => self.unsubscribed(&push),
            _ => {} // Subscriptions that came about, and whatever else Redis may tell.
        }
    }

    fn unsubscribed(&mut self, push: &PushInfo) {
        if push.kind == PushKind::Disconnection {
            return self.lost();
        }
        let channel = push.data.first().and_then(|channel| match channel {
            Value::BulkString(channel) => self.channels.get(channel).cloned(),
            _ => None, // Nothing that names a channel.
        });
        if let Some(scope) = channel {
            if let Some(tail) = self.tails.get_mut(&scope) {
                tail.is_subscribed = false;
                tail.is_unclear = true;
            }
            self.look(&scope);
        }
    }

    /// A wake-up, with its events.
    fn hear(&mut self, scope: &Scope, message: &[u8]) {
        let Some(tail) = self.tails.get_mut(scope) else {
            return;
        };
        if tail.is_looking() {
            tail.missed.push(message.to_vec());
            return;
        }
        tail.heard = Instant::now();
        if let Some(erasure) = message.strip_prefix(b"x").and_then(erase::read) {
            tail.ring.erase(&erasure);
            tail.ring.wake();
            return;
        }
        if let Some((digest, stream)) = message.strip_prefix(b"t").and_then(commons::read_raise) {
            if let (Some(shared), Scope::Org(org)) = (self.shared.upgrade(), scope) {
                shared.held.raise(&TicketName { org: org.clone(), digest: digest.to_owned() }, stream);
            }
            return;
        }
        let taken = match wire::read_wakeup(message, scope) {
            Ok((epoch, frames)) => tail.ring.hear(epoch, frames, now_ms()),
            // Of a newer node, perhaps; the store is asked instead.
            Err(_) => Taken::Unclear,
        };
        match taken {
            Taken::New(waiting) => {
                self.flushing.pushed(&tail.ring, &mut tail.round, waiting, Instant::now().into_std())
            }
            Taken::Known => {}
            Taken::Unclear => {
                tail.is_unclear = true;
                self.look(scope);
            }
        }
    }

    /// Lets go of rings that nobody looks at, and finds wake-ups that did not come.
    fn sweep(&mut self) {
        let now = Instant::now();
        self.keep_as_told();
        let idle: Vec<Scope> = self
            .tails
            .iter_mut()
            .filter_map(|(scope, tail)| (tail.is_idle(now, LINGER) && tail.ring.leave()).then(|| scope.clone()))
            .collect();
        idle.iter().for_each(|scope| self.forget(scope));
        let idle = |tail: &Tail| !tail.is_looking() && !tail.is_unclear && tail.is_quiet(now, COMPARE.0);
        for (scope, tail) in self.tails.iter_mut().filter(|(_, tail)| idle(tail)).take(COMPARE.1) {
            tail.heard = now;
            let (link, keys, scope) = (self.link.clone(), tail.keys.clone(), scope.clone());
            self.jobs.spawn(async move { Done::Compared(scope, look::newest(&link, &keys).await) });
        }
        let unclear = self.tails.iter().filter(|(_, tail)| tail.is_unclear && !tail.is_looking());
        let unclear: Vec<Scope> = unclear.take(MOST_LOOKS).map(|(scope, _)| scope.clone()).collect();
        unclear.iter().for_each(|scope| self.look(scope));
    }

    /// Rings hold as much as the store keeps by now.
    fn keep_as_told(&mut self) {
        if let (Ok(true), Some(shared)) = (self.terms.has_changed(), self.shared.upgrade()) {
            let retention = self.terms.borrow_and_update().retention(shared.settings.retention);
            self.tails.values().for_each(|tail| tail.ring.keep(retention, now_ms()));
        }
    }

    fn forget(&mut self, scope: &Scope) {
        let Some(tail) = self.tails.remove(scope) else {
            return;
        };
        tail.ring.leave();
        self.deaf.remove(scope);
        self.channels.remove(tail.keys.channel.as_bytes());
        if let Some(shared) = self.shared.upgrade() {
            shared.remove_ring(scope);
        }
        if let Some(mut ears) = self.ears.clone().filter(|_| tail.is_subscribed) {
            let connection = self.connection;
            self.jobs.spawn(async move {
                // When this fails, the connection does, which is noticed elsewhere.
                let _ = ears.unsubscribe(&tail.keys.channel).await;
                Done::Alive(connection.wrapping_sub(1), true)
            });
        }
    }
}
