//! The admitted catalog, which all nodes share: whoever compares and sets first wins.

use std::sync::Weak;
use std::time::Duration;

use bytes::Bytes;
use redis::{Script, cmd};

use super::keys::CATALOG;
use super::link::Link;
use super::trouble::Trouble;
use crate::hub::Shared;
use crate::store::{Keeping, KeptCatalog};

/// How often Redis is asked for a catalog that another node had admitted.
const FOLLOW_EVERY: Duration = Duration::from_millis(400);
const _: () = assert!(FOLLOW_EVERY.as_millis() < 1000, "nodes follow within a second");

/// The catalog that is kept, when it is newer than this revision.
pub(super) async fn read(link: &Link, after: u64) -> Result<Option<KeptCatalog>, Trouble> {
    let revision: Option<u64> = link.query(cmd("HGET").arg(CATALOG).arg("revision")).await?;
    if revision.unwrap_or_default() <= after {
        return Ok(None);
    }
    let (revision, json): (Option<u64>, Option<Vec<u8>>) =
        link.query(cmd("HMGET").arg(CATALOG).arg("revision").arg("json")).await?;
    let kept = revision.zip(json).map(|(revision, json)| KeptCatalog { revision, json: json.into() });
    Ok(kept.filter(|kept| kept.revision > after))
}

/// Keeps a catalog as the next revision, unless another one than `after` (zero: none) is kept by now.
pub(super) async fn keep(link: &Link, after: u64, json: &Bytes) -> Result<Keeping, Trouble> {
    let script = Script::new(include_str!("catalog.lua"));
    let mut call = script.prepare_invoke();
    call.key(CATALOG).arg(after).arg(&json[..]);
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
pub(super) async fn follow(link: Link, shared: Weak<Shared>) {
    loop {
        tokio::time::sleep(FOLLOW_EVERY).await;
        let Some(present) = shared.upgrade().map(|shared| shared.admitted().revision) else {
            return;
        };
        let kept = read(&link, present).await;
        if let Some(shared) = shared.upgrade() {
            shared.note_kept(kept.map_err(|trouble| trouble.message));
        }
    }
}
