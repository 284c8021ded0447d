//! What the nodes on one Redis have in common: tickets, places for streams, publishes a second.

mod nodes;

mod places;

mod rates;

use std::sync::{Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use redis::{Script, cmd};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use self::nodes::Nodes;
use self::places::Granted;
use self::rates::Rates;
use super::keys::{self, Keys};
use super::link::Link;
use super::trouble::Trouble;
use crate::commons::{
    Asked, Commons, Crowded, FIRST_USE_MS, LONGEST_MS, MOST_TICKETS, Places, Taken, Ticket, TicketName, Whose,
};
use crate::hub::Shared;
use crate::recipient::Scope;
use crate::store::StoreError;

/// How often tickets with streams here are compared with the store, should a wake-up be lost.
const COMPARE: Duration = Duration::from_secs(30);

/// What nodes have in common, in Redis.
pub(super) struct RedisCommons {
    link: Link,
    /// Since when tickets are counted, and how many were given out.
    issued: Mutex<(Instant, usize)>,
    places: UnboundedSender<places::Asked>,
    rates: Rates,
}

impl RedisCommons {
    /// Fails when Redis does.
    pub(super) async fn start(link: Link) -> Result<Self, Trouble> {
        let nodes = Nodes::enter(&link).await?;
        let (places, asked) = unbounded_channel();
        tokio::spawn(places::run(link.clone(), nodes.clone(), places.downgrade(), asked));
        let rates = Rates::new(link.clone(), nodes);
        Ok(Self { link, issued: Mutex::new((Instant::now(), 0)), places, rates })
    }

    /// Tickets that are never used go by themselves, so that only how fast they are given out is bounded.
    fn has_room(&self) -> bool {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        if issued.0.elapsed() >= Duration::from_millis(FIRST_USE_MS) {
            *issued = (Instant::now(), 0);
        }
        issued.1 += 1;
        issued.1 <= MOST_TICKETS
    }

    async fn keep(&self, ticket: Ticket) -> Result<(), Trouble> {
        let script = Script::new(
            "redis.call('HSET', KEYS[1], 'bearer', ARGV[1])
             if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'until', ARGV[2]) end
             return redis.call('PEXPIRE', KEYS[1], ARGV[3])",
        );
        let mut call = script.prepare_invoke();
        let until = ticket.until_ms.map(|until| until.to_string()).unwrap_or_default();
        call.key(keys::ticket(&ticket.name)).arg(&ticket.bearer[..]).arg(until).arg(FIRST_USE_MS);
        self.link.invoke::<()>(&call).await
    }

    async fn take(&self, name: &TicketName) -> Result<Option<Taken>, Trouble> {
        let script = Script::new(include_str!("commons/take.lua"));
        let address = self.link.address();
        let channel = Keys::of(&Scope::Org(name.org.clone()), address.database()).channel;
        let mut call = script.prepare_invoke();
        call.key(keys::ticket(name)).arg(address.publishing_command()).arg(channel);
        call.arg(format!("t{} ", name.digest)).arg(LONGEST_MS);
        let taken: Option<(Vec<u8>, u64)> = self.link.invoke(&call).await?;
        Ok(taken.map(|(bearer, stream)| Taken { bearer: bearer.into(), stream }))
    }
}

impl Commons for RedisCommons {
    fn keep_ticket(&self, ticket: Ticket) -> Asked<'_, Result<bool, StoreError>> {
        Box::pin(async move {
            if !self.has_room() {
                return Ok(false);
            }
            self.keep(ticket).await?;
            Ok(true)
        })
    }

    fn take_ticket<'a>(&'a self, name: &'a TicketName) -> Asked<'a, Result<Option<Taken>, StoreError>> {
        Box::pin(async move { Ok(self.take(name).await?) })
    }

    fn newest_stream<'a>(&'a self, name: &'a TicketName) -> Asked<'a, Option<u64>> {
        // What cannot be told now is found later.
        Box::pin(async move { newest_stream(&self.link, name).await.ok().flatten() })
    }

    fn take_place<'a>(&'a self, whose: &'a Whose, most: Places) -> Asked<'a, Result<(), Crowded>> {
        let (answer, answered) = oneshot::channel();
        // When nobody counts any more, the process ends, and nobody is held up by a limit.
        let asked = self.places.send(places::Asked::Take(whose.clone(), most, answer));
        Box::pin(async move {
            match asked.is_ok().then_some(answered) {
                Some(answered) => answered.await.map_or(Ok(()), |answered| answered.map(Granted::take)),
                None => Ok(()),
            }
        })
    }

    fn leave_place(&self, whose: &Whose) {
        // Nobody counts any more when this fails.
        let _ = self.places.send(places::Asked::Leave(whose.clone()));
    }

    fn may_publish<'a>(&'a self, whose: &'a Whose, events: u32, most: u32) -> Asked<'a, bool> {
        Box::pin(self.rates.may_publish(whose, events, most))
    }
}

/// What a wake-up tells of a ticket: which, and its newest stream.
pub(super) fn read_raise(message: &[u8]) -> Option<(&str, u64)> {
    let (digest, stream) = std::str::from_utf8(message).ok()?.split_once(' ')?;
    Some((digest, stream.parse().ok()?))
}

async fn newest_stream(link: &Link, name: &TicketName) -> Result<Option<u64>, Trouble> {
    link.query(cmd("HGET").arg(keys::ticket(name)).arg("stream")).await
}

/// Finds streams of tickets whose wake-up was lost, until the hub is gone.
pub(super) async fn compare(link: Link, shared: Weak<Shared>) {
    loop {
        tokio::time::sleep(COMPARE).await;
        let Some(names) = shared.upgrade().map(|shared| shared.held.names()) else {
            return;
        };
        for name in names {
            let Ok(newest) = newest_stream(&link, &name).await else { break };
            if let (Some(shared), Some(newest)) = (shared.upgrade(), newest) {
                shared.held.raise(&name, newest);
            }
        }
    }
}
