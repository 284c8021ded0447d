//! How much one caller may have: open streams, publishes a second.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::commons::{Crowded, Places, Whose};
use crate::http::credential::Credential;
use crate::hub::Hub;

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
    /// Until the body of a request is here.
    pub body_timeout: Duration,
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
            body_timeout: Duration::from_secs(20),
            write_timeout: Duration::from_secs(30),
        }
    }
}

/// Who has how much. Streams and publishes of organisations and users are counted over all nodes, addresses by each node:
/// they are there to protect it.
pub(crate) struct Usage {
    pub(crate) limits: Limits,
    by_address: Mutex<HashMap<IpAddr, u32>>,
}

/// Held while a stream is open.
pub(crate) struct Permit {
    usage: Arc<Usage>,
    hub: Hub,
    whose: Whose,
    address: Option<IpAddr>,
}

/// A place of an address, until it is part of a permit.
struct AddressPlace<'a> {
    usage: &'a Usage,
    address: Option<IpAddr>,
}

impl Usage {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, by_address: Mutex::default() }
    }

    /// Leave to open a stream, or whose limit is reached.
    pub(crate) async fn open(
        self: &Arc<Self>,
        hub: &Hub,
        credential: &Credential,
        address: Option<IpAddr>,
    ) -> Result<Permit, &'static str> {
        // Whoever hangs up while the store is asked gives it back.
        let mut place = self.enter(address).ok_or("address")?;
        let whose = credential.whose();
        let most = Places { org: self.limits.streams_per_org, user: self.limits.streams_per_user };
        hub.shared.commons.take_place(&whose, most).await.map_err(Crowded::as_str)?;
        Ok(Permit { usage: self.clone(), hub: hub.clone(), whose, address: place.address.take() })
    }

    fn enter(&self, address: Option<IpAddr>) -> Option<AddressPlace<'_>> {
        if let Some(address) = address {
            let mut by_address = self.lock();
            let count = by_address.entry(address).or_default();
            if *count >= self.limits.streams_per_address {
                return None;
            }
            *count += 1;
        }
        Some(AddressPlace { usage: self, address })
    }

    fn leave(&self, address: Option<IpAddr>) {
        if let Some(address) = address
            && let Entry::Occupied(mut count) = self.lock().entry(address)
        {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, u32>> {
        self.by_address.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As many events as one request may hold: more than a second's worth would never be let in.
    pub(crate) fn largest_batch(&self) -> usize {
        self.limits.batch.min(usize::try_from(self.limits.publishes_per_second).unwrap_or(usize::MAX))
    }

    /// Whether so many events may be published now.
    pub(crate) async fn may_publish(&self, hub: &Hub, credential: &Credential, events: usize) -> bool {
        let events = u32::try_from(events).unwrap_or(u32::MAX);
        hub.shared.commons.may_publish(&credential.whose(), events, self.limits.publishes_per_second).await
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.usage.leave(self.address);
        self.hub.shared.commons.leave_place(&self.whose);
    }
}

impl Drop for AddressPlace<'_> {
    fn drop(&mut self) {
        self.usage.leave(self.address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_limit_of_its_own() {
        let usage = Usage::new(Limits { streams_per_address: 2, ..Limits::default() });
        let at = |last| Some(IpAddr::from([10, 0, 0, last]));
        let first = usage.enter(at(1));
        let _second = usage.enter(at(1)).expect("two are allowed");
        assert!(usage.enter(at(1)).is_none() && usage.enter(at(2)).is_some() && usage.enter(None).is_some());
        drop(first);
        assert!(usage.enter(at(1)).is_some(), "whoever leaves makes room");
        assert_eq!(usage.largest_batch(), 1000);
        let usage = Usage::new(Limits { publishes_per_second: 3, ..Limits::default() });
        assert_eq!(usage.largest_batch(), 3);
    }
}
