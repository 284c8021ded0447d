//! Tickets: what a plain `EventSource`, which cannot set headers, shows instead of a token.
//!
//! First used within 30 seconds, then good for one stream at a time until the credential ends, on every node. A ticket
//! is a secret, and whose organisation keeps it: where a store has shards, that says in which.

use axum::http::StatusCode;
use growset_model::digest;
use serde_json::Value;

use crate::commons::{HeldTicket, Ticket, TicketName};
use crate::http::credential::Credential;
use crate::http::problem::Answered;
use crate::http::unauthorised;
use crate::hub::{Hub, PublishError};
use crate::recipient::is_name;
use crate::store::StoreError;

/// Bytes of a secret.
const SECRET: usize = 32;

/// A new ticket.
pub(crate) async fn issue(hub: &Hub, credential: &Credential) -> Result<String, Answered> {
    let full = || {
        Answered::new(StatusCode::SERVICE_UNAVAILABLE, "no-tickets", "no ticket can be given out now").retry_after(30)
    };
    let mut secret = [0; SECRET];
    getrandom::fill(&mut secret).map_err(|_| full())?;
    let text = hexadecimal(&secret) + &hexadecimal(credential.org.as_bytes());
    let name = name_of(&text).ok_or_else(full)?;
    let until_ms = credential.expires.map(|seconds| seconds.saturating_mul(1000));
    let ticket = Ticket { name, bearer: credential.to_claims().to_string().into(), until_ms };
    match hub.shared.commons.keep_ticket(ticket).await {
        Ok(true) => Ok(text),
        Ok(false) => Err(full()),
        Err(error) => Err(failed(&error)),
    }
}

/// Whose ticket it is. It is good for one stream more, which ends the one before, wherever that is.
pub(crate) async fn redeem(hub: &Hub, text: &str) -> Result<(Credential, HeldTicket), Answered> {
    let refused = || unauthorised("the ticket is not valid, or no longer");
    let name = name_of(text).ok_or_else(refused)?;
    let held = hub.shared.held.hold(name.clone());
    let taken = hub.shared.commons.take_ticket(&name).await.map_err(|error| failed(&error))?;
    let taken = taken.ok_or_else(refused)?;
    let credential = Credential::of_kept_claims(&taken.bearer).map_err(|_| refused())?;
    Ok((credential, held.of_stream(taken.stream)))
}

fn failed(error: &StoreError) -> Answered {
    PublishError::Store(error.to_string()).into()
}

/// What a ticket is kept under; nothing when it is none of ours.
fn name_of(text: &str) -> Option<TicketName> {
    let (secret, org) = text.split_at_checked(2 * SECRET)?;
    let org = String::from_utf8(bytes(org)?).ok().filter(|org| is_name(org))?;
    bytes(secret)?;
    Some(TicketName { org: org.into(), digest: digest(&Value::from(secret)) })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    pairs.iter().map(|[high, low]| Some(digit(*high)? * 16 + digit(*low)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_says_whose_it_is_and_nothing_else_is_one() {
        let secret = "5e".repeat(SECRET);
        let name = name_of(&format!("{secret}{}", hexadecimal("é corp".as_bytes()))).expect("is a ticket");
        assert_eq!((&*name.org, name.digest.contains(&secret)), ("é corp", false));
        for text in ["", "0123", &secret, &format!("{secret}0"), &format!("{secret}0a"), &format!("{secret}ff")] {
            assert_eq!(name_of(text), None, "{text}");
        }
        assert_eq!(name_of(&format!("{}61", "zz".repeat(SECRET))), None);
    }

    #[test]
    fn a_credential_is_kept_whole() {
        let dev = Credential::of_dev();
        let read = |credential: &Credential| Credential::of_kept_claims(credential.to_claims().to_string().as_bytes());
        assert_eq!(read(&dev).map(|read| read.to_claims()), Ok(dev.to_claims()));
        let mut ends = dev;
        ends.expires = Some(7);
        assert_eq!(read(&ends).map(|read| (read.expires, read.to_claims())), Ok((Some(7), ends.to_claims())));
    }
}
