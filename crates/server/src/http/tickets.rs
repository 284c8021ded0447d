//! Tickets: what a plain `EventSource`, which cannot set headers, shows instead of a token.
//!
//! First used within 30 seconds, then good for one stream at a time until the credential ends.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::http::credential::Credential;

/// Within so many milliseconds a ticket is used first.
const FIRST_USE_MS: u64 = 30_000;

/// A ticket of a credential without end lives so long.
const LONGEST_MS: u64 = 24 * 60 * 60 * 1000;

/// More are not kept; the node answers 503.
const MOST_TICKETS: usize = 100_000;

#[derive(Default)]
pub(crate) struct Tickets {
    tickets: Mutex<HashMap<String, Ticket>>,
}

struct Ticket {
    credential: Credential,
    until_ms: u64,
    is_used: bool,
    /// Of the stream that holds it; a newer one closes the older.
    stream: u64,
}

impl Tickets {
    /// A new ticket, at `now` (milliseconds since 1970); nothing when the node has no room or no randomness.
    pub(crate) fn issue(&self, credential: Credential, now: u64) -> Option<String> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).ok()?;
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        if tickets.len() >= MOST_TICKETS {
            tickets.retain(|_, ticket| ticket.until_ms > now);
        }
        if tickets.len() >= MOST_TICKETS {
            return None;
        }
        let ticket = Ticket { credential, until_ms: now + FIRST_USE_MS, is_used: false, stream: 0 };
        tickets.insert(text.clone(), ticket);
        Some(text)
    }

    /// Whose ticket it is, and the number of the stream that it is now good for.
    pub(crate) fn redeem(&self, text: &str, now: u64) -> Option<(Credential, u64)> {
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = tickets.get_mut(text)?;
        if ticket.until_ms <= now {
            tickets.remove(text);
            return None;
        }
        if !ticket.is_used {
            ticket.is_used = true;
            ticket.until_ms =
                ticket.credential.expires.map_or(now + LONGEST_MS, |seconds| seconds.saturating_mul(1000));
        }
        ticket.stream += 1;
        Some((ticket.credential.clone(), ticket.stream))
    }

    /// Whether a stream is still the newest of its ticket.
    pub(crate) fn is_newest(&self, text: &str, stream: u64) -> bool {
        let tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.get(text).is_some_and(|ticket| ticket.stream == stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_first_used_at_once_and_then_lasts_as_long_as_its_credential() {
        let tickets = Tickets::default();
        let mut credential = Credential::of_dev();
        credential.expires = Some(1000);
        let unused = tickets.issue(credential.clone(), 0).expect("there is room");
        let used = tickets.issue(credential, 0).expect("there is room");
        assert_ne!(unused, used);
        let stream = |text: &str, now| tickets.redeem(text, now).map(|(_, stream)| stream);
        assert_eq!(stream(&used, FIRST_USE_MS - 1), Some(1));
        assert_eq!(stream(&unused, FIRST_USE_MS), None, "first used too late");
        assert_eq!(stream(&unused, 0), None, "and gone for good");
        assert_eq!(stream(&used, 999_999), Some(2));
        assert!(!tickets.is_newest(&used, 1) && tickets.is_newest(&used, 2));
        assert_eq!(stream(&used, 1_000_000), None, "the credential has ended");
    }
}
