//! What things are called in Redis. All of one organisation share a hash tag, so that they are in one shard.

use std::fmt::Write as _;

use crate::commons::{TicketName, Whose};
use crate::recipient::Scope;

/// The keys of one organisation, or of public events, and the channel of their wake-ups.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    pub(super) head: String,
    pub(super) events: String,
    pub(super) keys: String,
    pub(super) key_times: String,
    pub(super) retained: String,
    pub(super) retained_order: String,
    pub(super) channel: String,
}

/// The admitted catalog.
pub(super) const CATALOG: &str = "growset:catalog";

/// Which nodes are alive.
pub(super) const NODES: &str = "growset:nodes";

impl Keys {
    /// `database` tells channels apart, which Redis does not.
    pub(super) fn of(scope: &Scope, database: i64) -> Self {
        let tag = match scope {
            Scope::Org(org) => format!("{{o:{}}}", escaped(org)),
            Scope::Public => "{public}".to_owned(),
        };
        let key = |name: &str| format!("growset:{tag}:{name}");
        Self {
            head: key("head"),
            events: key("events"),
            keys: key("keys"),
            key_times: key("key-times"),
            retained: key("retained"),
            retained_order: key("retained-order"),
            channel: format!("growset:{database}:{tag}"),
        }
    }
}

/// A key of an organisation that is no part of its history.
fn of_org(org: &str, name: &str) -> String {
    format!("growset:{{o:{}}}:{name}", escaped(org))
}

/// A ticket.
pub(super) fn ticket(name: &TicketName) -> String {
    of_org(&name.org, &format!("ticket:{}", name.digest))
}

/// How many streams each node has open for an organisation.
pub(super) fn streams(org: &str) -> String {
    of_org(org, "streams")
}

/// How many streams one node has open for each user of an organisation.
pub(super) fn streams_of(org: &str, node: &str) -> String {
    of_org(org, &format!("streams:{node}"))
}

/// What a publisher published in the present second.
pub(super) fn rate(whose: &Whose) -> String {
    match &whose.user {
        Some(user) => of_org(&whose.org, &format!("rate:{}", escaped(user))),
        None => of_org(&whose.org, "rate"),
    }
}

impl Keys {
    /// Whose head a key is.
    pub(super) fn scope_of_head(key: &str) -> Option<Scope> {
        match key.strip_prefix("growset:{")?.strip_suffix("}:head")? {
            "public" => Some(Scope::Public),
            tag => Some(Scope::Org(unescaped(tag.strip_prefix("o:")?)?.into())),
        }
    }
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// A name may hold anything, braces as well, which would end the tag.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => text.push(char::from(byte)),
            // Writing to a string does not fail.
            _ => drop(write!(text, "%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_organisation_has_keys_of_its_own_in_one_shard() {
        let head = |org: &str| Keys::of(&Scope::Org(org.into()), 0).head;
        assert_eq!(head("acme"), "growset:{o:acme}:head");
        assert_eq!(head("}{ %7D/é"), "growset:{o:%7D%7B%20%257D%2F%C3%A9}:head");
        for scope in [Scope::Public, Scope::Org("public".into()), Scope::Org("}{ %7D/é".into())] {
            assert_eq!(Keys::scope_of_head(&Keys::of(&scope, 0).head), Some(scope));
        }
        assert_eq!(Keys::of(&Scope::Public, 3).channel, "growset:3:{public}");
        assert_ne!(Keys::of(&Scope::Org("public".into()), 0).head, Keys::of(&Scope::Public, 0).head);
    }
}
