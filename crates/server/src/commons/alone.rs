//! What a node that is alone on its store keeps in memory.

use std::collections::HashMap;
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    Asked, Commons, Crowded, FIRST_USE_MS, LONGEST_MS, MOST_TICKETS, Places, Taken, Ticket, TicketName, Whose,
};
use crate::hub::now_ms;
use crate::store::StoreError;

/// What one node keeps.
#[derive(Default)]
pub(crate) struct Alone {
    tickets: Mutex<HashMap<TicketName, Kept>>,
    places: Mutex<HashMap<Whose, u32>>,
    publishes: Mutex<HashMap<Whose, Second>>,
}

struct Kept {
    ticket: Ticket,
    until_ms: u64,
    stream: u64,
}

/// One second of a publisher.
#[derive(Debug, Clone, Copy)]
struct Second {
    /// Since 1970.
    began: u64,
    /// Events that may still come.
    left: u32,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Commons for Alone {
    fn keep_ticket(&self, ticket: Ticket) -> Asked<'_, Result<bool, StoreError>> {
        Box::pin(ready(Ok(self.keep(ticket, now_ms()))))
    }

    fn take_ticket<'a>(&'a self, name: &'a TicketName) -> Asked<'a, Result<Option<Taken>, StoreError>> {
        Box::pin(ready(Ok(self.take(name, now_ms()))))
    }

    fn newest_stream<'a>(&'a self, _: &'a TicketName) -> Asked<'a, Option<u64>> {
        Box::pin(ready(None))
    }

    fn take_place<'a>(&'a self, whose: &'a Whose, most: Places) -> Asked<'a, Result<(), Crowded>> {
        Box::pin(ready(self.enter(whose, most)))
    }

    fn leave_place(&self, whose: &Whose) {
        let mut places = lock(&self.places);
        for holder in holders(whose) {
            if let Some(count) = places.get_mut(&holder) {
                *count -= 1;
                if *count == 0 {
                    places.remove(&holder);
                }
            }
        }
    }

    fn may_publish<'a>(&'a self, whose: &'a Whose, events: u32, most: u32) -> Asked<'a, bool> {
        Box::pin(ready(self.spend(whose, events, most, now_ms() / 1000)))
    }
}

/// Whose places a stream takes: those of the organisation, and of its user.
fn holders(whose: &Whose) -> impl Iterator<Item = Whose> {
    let org = Whose { org: whose.org.clone(), user: None };
    [Some(org), whose.user.as_ref().map(|_| whose.clone())].into_iter().flatten()
}

impl Alone {
    fn keep(&self, ticket: Ticket, now: u64) -> bool {
        let mut tickets = lock(&self.tickets);
        if tickets.len() >= MOST_TICKETS {
            tickets.retain(|_, kept| kept.until_ms > now);
        }
        let has_room = tickets.len() < MOST_TICKETS;
        if has_room {
            tickets.insert(ticket.name.clone(), Kept { ticket, until_ms: now + FIRST_USE_MS, stream: 0 });
        }
        has_room
    }

    fn take(&self, name: &TicketName, now: u64) -> Option<Taken> {
        let mut tickets = lock(&self.tickets);
        let kept = tickets.get_mut(name)?;
        if kept.until_ms <= now {
            tickets.remove(name);
            return None;
        }
        if kept.stream == 0 {
            kept.until_ms = kept.ticket.until_ms.unwrap_or(now + LONGEST_MS);
        }
        kept.stream += 1;
        Some(Taken { bearer: kept.ticket.bearer.clone(), stream: kept.stream })
    }

    fn enter(&self, whose: &Whose, most: Places) -> Result<(), Crowded> {
        let mut places = lock(&self.places);
        for holder in holders(whose) {
            let (limit, crowded) = match holder.user {
                Some(_) => (most.user, Crowded::User),
                None => (most.org, Crowded::Org),
            };
            if places.get(&holder).copied().unwrap_or_default() >= limit {
                return Err(crowded);
            }
        }
        holders(whose).for_each(|holder| *places.entry(holder).or_default() += 1);
        Ok(())
    }

    fn spend(&self, whose: &Whose, events: u32, most: u32, now: u64) -> bool {
        let mut publishes = lock(&self.publishes);
        if publishes.len() > 10_000 {
            publishes.retain(|_, second| second.began == now);
        }
        let fresh = Second { began: now, left: most };
        let second = publishes.entry(whose.clone()).or_insert(fresh);
        if second.began != now {
            *second = fresh;
        }
        let left = second.left.checked_sub(events);
        second.left = left.unwrap_or(second.left);
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whose(org: &str, user: &str) -> Whose {
        Whose { org: org.into(), user: Some(user.into()) }
    }

    #[test]
    fn a_ticket_is_first_used_at_once_and_then_lasts_as_long_as_what_it_stands_for() {
        let alone = Alone::default();
        let name = |digest: &str| TicketName { org: "acme".into(), digest: digest.into() };
        for digest in ["used", "unused"] {
            let ticket = Ticket { name: name(digest), bearer: "ada".into(), until_ms: Some(1_000_000) };
            assert!(alone.keep(ticket, 0));
        }
        let stream = |digest: &str, now| alone.take(&name(digest), now).map(|taken| taken.stream);
        assert_eq!(stream("used", FIRST_USE_MS - 1), Some(1));
        assert_eq!(stream("unused", FIRST_USE_MS), None, "first used too late");
        assert_eq!(stream("unused", 0), None, "and gone for good");
        assert_eq!(stream("used", 999_999), Some(2));
        assert_eq!(stream("used", 1_000_000), None, "what it stands for has ended");
    }

    #[test]
    fn organisation_and_user_have_limits_of_their_own() {
        let alone = Alone::default();
        let enter = |org: &str, user: &str| alone.enter(&whose(org, user), Places { org: 3, user: 2 });
        assert_eq!([enter("acme", "ada"), enter("acme", "ada"), enter("acme", "bob")], [Ok(()); 3]);
        assert_eq!(enter("acme", "cy"), Err(Crowded::Org));
        alone.leave_place(&whose("acme", "bob"));
        assert_eq!(enter("acme", "ada"), Err(Crowded::User));
        assert_eq!([enter("acme", "cy"), enter("globex", "ada")], [Ok(()); 2], "whoever leaves makes room");
    }

    #[test]
    fn each_publisher_has_its_own_second() {
        let alone = Alone::default();
        let spend = |user: &str, events, now| alone.spend(&whose("acme", user), events, 3, now);
        assert!(spend("ada", 2, 7));
        assert!(!spend("ada", 2, 7), "three a second");
        assert!(spend("ada", 1, 7), "what was refused took nothing");
        assert!(spend("bob", 3, 7) && spend("ada", 3, 8));
    }
}
