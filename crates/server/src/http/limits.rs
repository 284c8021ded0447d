//! How much one caller may have: open streams, publishes a second.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::http::credential::Credential;

/// What one caller may have.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Open streams of one organisation.
    pub streams_per_org: u32,
    /// Open streams of one user.
    pub streams_per_user: u32,
    /// Open streams from one address.
    pub streams_per_address: u32,
    /// Connections of any kind.
    pub connections: usize,
    /// Events that one credential publishes a second.
    pub publishes_per_second: u32,
    /// Bytes of one request's body.
    pub body_bytes: usize,
    /// Events in one request.
    pub batch: usize,
    /// Until a request's head is here, or a handshake done.
    pub head_timeout: Duration,
    /// Until a connection that reads nothing is given up.
    pub write_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            streams_per_org: 50_000,
            streams_per_user: 100,
            streams_per_address: 10_000,
            connections: 100_000,
            publishes_per_second: 200_000,
            body_bytes: 1 << 20,
            batch: 1000,
            head_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(30),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Holder {
    Org(Arc<str>),
    User(Arc<str>, Arc<str>),
    Address(IpAddr),
}

/// Who has how much.
#[derive(Debug)]
pub(crate) struct Usage {
    pub(crate) limits: Limits,
    streams: Mutex<HashMap<Holder, u32>>,
    publishes: Mutex<HashMap<Publisher, Second>>,
}

/// Organisation and user.
type Publisher = (Arc<str>, Option<Arc<str>>);

/// One second of a publisher.
#[derive(Debug, Clone, Copy)]
struct Second {
    /// Since 1970.
    began: u64,
    /// Events that may still come.
    left: u32,
}

/// Held while a stream is open.
#[derive(Debug)]
pub(crate) struct Permit {
    usage: Arc<Usage>,
    holders: Vec<Holder>,
}

impl Usage {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, streams: Mutex::default(), publishes: Mutex::default() }
    }

    /// Leave to open a stream, or whose limit is reached.
    pub(crate) fn open(
        self: &Arc<Self>,
        credential: &Credential,
        address: Option<IpAddr>,
    ) -> Result<Permit, &'static str> {
        let mut wanted = vec![(Holder::Org(credential.org.clone()), self.limits.streams_per_org, "organisation")];
        if let Some(user) = &credential.user {
            let holder = Holder::User(credential.org.clone(), user.clone());
            wanted.push((holder, self.limits.streams_per_user, "user"));
        }
        if let Some(address) = address {
            wanted.push((Holder::Address(address), self.limits.streams_per_address, "address"));
        }
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        for (holder, limit, name) in &wanted {
            if streams.get(holder).copied().unwrap_or_default() >= *limit {
                return Err(name);
            }
        }
        let holders: Vec<Holder> = wanted.into_iter().map(|(holder, _, _)| holder).collect();
        holders.iter().for_each(|holder| *streams.entry(holder.clone()).or_default() += 1);
        Ok(Permit { usage: self.clone(), holders })
    }

    /// As many events as one request may hold: more than a second's worth would never be let in.
    pub(crate) fn largest_batch(&self) -> usize {
        self.limits.batch.min(usize::try_from(self.limits.publishes_per_second).unwrap_or(usize::MAX))
    }

    /// Whether so many events may be published in this second since 1970.
    pub(crate) fn may_publish(&self, credential: &Credential, events: usize, now: u64) -> bool {
        let mut publishes = self.publishes.lock().unwrap_or_else(PoisonError::into_inner);
        if publishes.len() > 10_000 {
            publishes.retain(|_, second| second.began == now);
        }
        let whose = (credential.org.clone(), credential.user.clone());
        let fresh = Second { began: now, left: self.limits.publishes_per_second };
        let second = publishes.entry(whose).or_insert(fresh);
        if second.began != now {
            *second = fresh;
        }
        match second.left.checked_sub(u32::try_from(events).unwrap_or(u32::MAX)) {
            Some(rest) => {
                second.left = rest;
                true
            }
            None => false,
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut streams = self.usage.streams.lock().unwrap_or_else(PoisonError::into_inner);
        for holder in &self.holders {
            if let Some(count) = streams.get_mut(holder) {
                *count -= 1;
                if *count == 0 {
                    streams.remove(holder);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisation_user_and_address_have_limits_of_their_own() {
        let limits = Limits { streams_per_org: 4, streams_per_user: 2, streams_per_address: 3, ..Limits::default() };
        let usage = Arc::new(Usage::new(limits));
        let of = |org: &str, user: &str| {
            let mut credential = Credential::of_dev();
            credential.org = org.into();
            credential.user = Some(user.into());
            credential
        };
        let at = |last| Some(IpAddr::from([10, 0, 0, last]));
        let open = |org: &str, user: &str, last| usage.open(&of(org, user), at(last));
        let refused = |org: &str, user: &str, last| open(org, user, last).map(drop).expect_err("is over a limit");
        let first = open("acme", "ada", 1).expect("is the first");
        let _second = open("acme", "ada", 2).expect("two are allowed");
        assert_eq!(refused("acme", "ada", 2), "user");
        let _third = open("acme", "bob", 2).expect("another user");
        let _fourth = open("acme", "cy", 2).expect("three from there");
        assert_eq!(refused("globex", "ada", 2), "address");
        assert_eq!(refused("acme", "dan", 3), "organisation");
        drop(first);
        assert!(open("acme", "ada", 1).is_ok(), "whoever leaves makes room");
    }

    #[test]
    fn each_credential_has_its_own_second() {
        let usage = Usage::new(Limits { publishes_per_second: 3, ..Limits::default() });
        let one = Credential::of_dev();
        let mut other = Credential::of_dev();
        other.user = Some("ada".into());
        assert!(usage.may_publish(&one, 2, 7));
        assert!(!usage.may_publish(&one, 2, 7), "three a second");
        assert!(usage.may_publish(&one, 1, 7), "what was refused took nothing");
        assert!(usage.may_publish(&other, 3, 7));
        assert!(usage.may_publish(&one, 3, 8));
        assert_eq!((usage.largest_batch(), Usage::new(Limits::default()).largest_batch()), (3, 1000));
    }
}
