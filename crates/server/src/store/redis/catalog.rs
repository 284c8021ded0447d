//! The admitted catalog, which all nodes share: whoever compares and sets first wins.

use std::sync::Weak;
use std::time::Duration;

use bytes::Bytes;
use redis::{Script, cmd};

use super::keys::CATALOG;
use super::link::Link;
use super::terms::Terms;
use super::trouble::Trouble;
use crate::hub::Shared;
use crate::store::{Keeping, KeptCatalog};

/// How often Redis is asked for a catalog that another node had admitted.
pub(super) const FOLLOW_EVERY: Duration = Duration::from_millis(400);
const _: () = assert!(FOLLOW_EVERY.as_millis() < 1000, "nodes follow within a second");

/// What is kept, beside what is served.
pub(super) enum Found {
    /// Nothing later.
    Nothing,
    /// Nothing at all: Redis was emptied.
    Lost,
    Later(KeptCatalog),
}

/// The catalog that is kept.
pub(super) async fn read(link: &Link) -> Result<Option<KeptCatalog>, Trouble> {
    match find(link, 0).await? {
        Found::Later(kept) => Ok(Some(kept)),
        Found::Nothing | Found::Lost => Ok(None),
    }
}

/// The catalog that is kept, when it is later than a revision.
pub(super) async fn find(link: &Link, after: u64) -> Result<Found, Trouble> {
    let revision: Option<u64> = link.query(cmd("HGET").arg(CATALOG).arg("revision")).await?;
    match revision {
        None => return Ok(Found::Lost),
        Some(revision) if revision <= after => return Ok(Found::Nothing),
        Some(_) => {}
    }
    let (revision, json): (Option<u64>, Option<Vec<u8>>) =
        link.query(cmd("HMGET").arg(CATALOG).arg("revision").arg("json")).await?;
    let kept = revision.zip(json).map(|(revision, json)| KeptCatalog { revision, json: json.into() });
    Ok(kept.filter(|kept| kept.revision > after).map_or(Found::Nothing, Found::Later))
}

/// Keeps a catalog as the next revision, and later than `known`, unless another one than `after` (zero: none) is kept by
/// now.
pub(super) async fn keep(link: &Link, after: u64, known: u64, json: &Bytes) -> Result<Keeping, Trouble> {
    let script = Script::new(include_str!("catalog.lua"));
    let mut call = script.prepare_invoke();
    call.key(CATALOG).arg(after).arg(&json[..]).arg(known);
    let (revision, other): (u64, Option<Vec<u8>>) = {
        let mut answered: Vec<redis::Value> = link.invoke(&call).await?;
        let other = (answered.len() > 1).then(|| answered.swap_remove(1));
        let read = |value: redis::Value| Trouble::nonsense(format!("{value:?}"));
        let first = answered.into_iter().next().ok_or_else(|| Trouble::nonsense("no revision".to_owned()))?;
        let revision = redis::from_redis_value_ref(&first).map_err(|_| read(first))?;
        let other = other.map(redis::from_redis_value).transpose();
        (revision, other.map_err(|error| Trouble::nonsense(error.to_string()))?)
    };
    Ok(match other {
        Some(json) => Keeping::Overtaken(KeptCatalog { revision, json: json.into() }),
        None => Keeping::Kept(revision),
    })
}

/// Serves what other nodes had admitted, until the hub is gone.
pub(super) async fn follow(link: Link, terms: Terms, shared: Weak<Shared>) {
    loop {
        tokio::time::sleep(FOLLOW_EVERY).await;
        let Some(present) = shared.upgrade().map(|shared| shared.admitted()) else {
            return;
        };
        let kept = match find(&link, present.revision).await {
            Ok(Found::Nothing) => Ok(None),
            Ok(Found::Later(kept)) => Ok(Some(kept)),
            // Who serves it still knows it; else a node that diverges might be the next to start.
            Ok(Found::Lost) => keep_anew(&link, &terms, present.revision, present.admission.json()).await,
            Err(trouble) => Err(trouble),
        };
        if let Some(shared) = shared.upgrade() {
            shared.note_kept(kept.map_err(|trouble| trouble.message));
        }
    }
}

/// Answers what another node keeps by now.
async fn keep_anew(link: &Link, terms: &Terms, known: u64, json: &Bytes) -> Result<Option<KeptCatalog>, Trouble> {
    match keep(link, 0, known, json).await? {
        Keeping::Kept(revision) => {
            tracing::warn!(revision, "the admitted catalog was lost by the store, and is kept anew");
            terms.tell(link).await?;
            Ok(None)
        }
        Keeping::Overtaken(other) => Ok(Some(other)),
    }
}
