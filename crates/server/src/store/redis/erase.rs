//! Takes history out for good: in Redis, and in the rings of every node, which are told by the way of wake-ups.

use std::collections::HashMap;
use std::sync::Arc;

use growset_model::EventName;
use redis::{Script, cmd};
use serde_json::{Value, json};

use super::address::Address;
use super::keys::Keys;
use super::link::Link;
use super::look::{self, Wanted};
use super::trouble::Trouble;
use crate::erasure::Erasure;
use crate::recipient::Scope;

/// Erases what is covered, wherever it is.
pub(super) async fn erase(link: &Link, erasure: &Erasure) -> Result<(), Trouble> {
    let scopes = match erasure {
        Erasure::Org(org) | Erasure::User(org, _) => vec![Scope::Org(org.clone())],
        Erasure::Events(_) => every_scope(link).await?,
    };
    for scope in scopes {
        let keys = Keys::of(&scope, link.address().database());
        match erasure {
            Erasure::Org(_) => call(link, &keys, erasure, &Gone::All).await?,
            Erasure::User(..) | Erasure::Events(_) => {
                let gone = covered(link, &scope, &keys, erasure).await?;
                call(link, &keys, erasure, &gone).await?;
            }
        }
    }
    Ok(())
}

enum Gone {
    All,
    Some { events: Vec<u64>, keys: Vec<String>, retained: Vec<Vec<u8>> },
}

async fn call(link: &Link, keys: &Keys, erasure: &Erasure, gone: &Gone) -> Result<(), Trouble> {
    let script = Script::new(include_str!("erase.lua"));
    let mut call = script.prepare_invoke();
    for key in [&keys.head, &keys.events, &keys.keys, &keys.key_times, &keys.retained, &keys.retained_order] {
        call.key(key);
    }
    call.arg(link.address().publishing_command()).arg(&keys.channel).arg(format!("x{}", to_json(erasure)));
    match gone {
        Gone::All => call.arg("all"),
        Gone::Some { events, keys, retained } => {
            call.arg(events.len()).arg(keys.len()).arg(retained.len()).arg(events).arg(keys).arg(retained)
        }
    };
    let _: u64 = link.invoke(&call).await?;
    Ok(())
}

/// What is meant of what is kept. What is published meanwhile is not.
async fn covered(link: &Link, scope: &Scope, keys: &Keys, erasure: &Erasure) -> Result<Gone, Trouble> {
    let view = look::look(link, scope, keys, Wanted { after: Some(0), retained: false }).await?;
    let events: Vec<u64> =
        view.frames.iter().filter(|(frame, _)| erasure.covers(frame)).map(|(frame, _)| frame.position.seq).collect();
    let first = view.frames.first().map_or(view.head.last + 1, |(frame, _)| frame.position.seq);
    let known: HashMap<String, String> = link.query(cmd("HGETALL").arg(&keys.keys)).await?;
    let is_meant = |key: &str, place: &str| {
        let seq: u64 = place.rsplit_once('-').and_then(|(_, seq)| seq.parse().ok()).unwrap_or_default();
        let event = key.split_once(' ').map_or(key, |(event, _)| event);
        events.contains(&seq) || (seq < first && erasure.covers_old_key(event))
    };
    let keys_gone = known.iter().filter(|(key, place)| is_meant(key, place)).map(|(key, _)| key.clone()).collect();
    let payloads: HashMap<Vec<u8>, Vec<u8>> = link.query(cmd("HGETALL").arg(&keys.retained)).await?;
    let mut retained = Vec::new();
    for (field, payload) in payloads {
        let (frame, _) = look::read_retained(&payload, scope).map_err(Trouble::nonsense)?;
        if erasure.covers(&frame) {
            retained.push(field);
        }
    }
    Ok(Gone::Some { events, keys: keys_gone, retained })
}

/// Only asked under `--dev`, for events whose unreleased shape changed.
async fn every_scope(link: &Link) -> Result<Vec<Scope>, Trouble> {
    if matches!(link.address(), Address::Cluster(_)) {
        return Err(Trouble::nonsense("a cluster cannot be searched for every organisation".to_owned()));
    }
    let mut scopes = Vec::new();
    let mut cursor = 0_u64;
    loop {
        let scan = cmd("SCAN").arg(cursor).arg("MATCH").arg("growset:*:head").arg("COUNT").arg(1000).take();
        let (next, heads): (u64, Vec<String>) = link.query(&scan).await?;
        scopes.extend(heads.iter().filter_map(|head| Keys::scope_of_head(head)));
        if next == 0 {
            return Ok(scopes);
        }
        cursor = next;
    }
}

fn to_json(erasure: &Erasure) -> Value {
    match erasure {
        Erasure::Org(org) => json!({ "org": &**org }),
        Erasure::User(org, user) => json!({ "org": &**org, "user": &**user }),
        Erasure::Events(events) => json!({ "events": events.iter().map(EventName::as_str).collect::<Vec<_>>() }),
    }
}

/// What another node erased.
pub(super) fn read(text: &[u8]) -> Option<Erasure> {
    let value: Value = serde_json::from_slice(text).ok()?;
    let member = |name: &str| value[name].as_str().map(Arc::<str>::from);
    match (member("org"), member("user")) {
        (Some(org), Some(user)) => Some(Erasure::User(org, user)),
        (Some(org), None) => Some(Erasure::Org(org)),
        (None, _) => {
            let names = value["events"].as_array()?.iter();
            names
                .map(|name| EventName::parse_any_style(name.as_str()?).ok())
                .collect::<Option<_>>()
                .map(Erasure::Events)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_erasure_is_read_as_it_was_told() {
        let name = EventName::parse("a.b").expect("is a name");
        for erasure in [
            Erasure::Org("acme".into()),
            Erasure::User("acme".into(), "ada".into()),
            Erasure::Events([name].into_iter().collect()),
        ] {
            assert_eq!(read(to_json(&erasure).to_string().as_bytes()), Some(erasure));
        }
        assert_eq!(read(b"{}"), None);
    }
}
