//! The admitted catalog, which all nodes share: whoever compares and sets first wins. What is compared is the catalog, by its
//! digest: revisions begin anew where Redis lost them.

use std::sync::Weak;
use std::time::Duration;

use bytes::Bytes;
use growset_model::digest;
use redis::{Script, cmd};
use serde_json::Value;
use tokio::sync::watch;

use super::keys::CATALOG;
use super::link::Link;
use super::terms::Terms;
use super::trouble::Trouble;
use crate::admitted::{CatalogError, Followed};
use crate::hub::Shared;
use crate::store::{Keeping, KeptCatalog, StoreError};

/// How often Redis is asked for a catalog that another node had admitted.
pub(super) const FOLLOW_EVERY: Duration = Duration::from_millis(400);
const _: () = assert!(FOLLOW_EVERY.as_millis() < 1000, "nodes follow within a second");

/// What tells a kept catalog from every other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    revision: u64,
    digest: String,
}

impl Tag {
    pub(super) fn of(kept: &KeptCatalog) -> Self {
        Self { revision: kept.revision, digest: digest_of(&kept.json) }
    }
}

/// Of the text, with all that a lock tells.
fn digest_of(json: &Bytes) -> String {
    digest(&Value::from(String::from_utf8_lossy(json)))
}

/// Which catalog is kept, for whoever only wants to know whether it is another one.
pub(super) async fn tag(link: &Link) -> Result<Option<Tag>, Trouble> {
    let (revision, digest): (Option<u64>, Option<String>) =
        link.query(cmd("HMGET").arg(CATALOG).arg("revision").arg("digest")).await?;
    Ok(revision.map(|revision| Tag { revision, digest: digest.unwrap_or_default() }))
}

/// The catalog that is kept.
pub(super) async fn read(link: &Link) -> Result<Option<KeptCatalog>, Trouble> {
    let (revision, json): (Option<u64>, Option<Vec<u8>>) =
        link.query(cmd("HMGET").arg(CATALOG).arg("revision").arg("json")).await?;
    Ok(revision.zip(json).map(|(revision, json)| KeptCatalog { revision, json: json.into() }))
}

/// Keeps a catalog as the next revision, and later than `known`, unless another one than `over` is kept by now.
pub(super) async fn keep(
    link: &Link,
    over: Option<&KeptCatalog>,
    known: u64,
    json: &Bytes,
) -> Result<Keeping, Trouble> {
    let script = Script::new(include_str!("catalog.lua"));
    let over = over.map_or(Tag { revision: 0, digest: String::new() }, Tag::of);
    let mut call = script.prepare_invoke();
    call.key(CATALOG).arg(over.revision).arg(over.digest).arg(&json[..]).arg(digest_of(json)).arg(known);
    let mut answered: Vec<redis::Value> = link.invoke(&call).await?;
    let nonsense = |error: redis::ParsingError| Trouble::nonsense(error.to_string());
    let other = (answered.len() > 1).then(|| answered.swap_remove(1));
    let revision = answered.into_iter().next().unwrap_or(redis::Value::Nil);
    let revision = redis::from_redis_value(revision).map_err(nonsense)?;
    Ok(match other {
        Some(json) => {
            let json: Vec<u8> = redis::from_redis_value(json).map_err(nonsense)?;
            Keeping::Overtaken(KeptCatalog { revision, json: json.into() })
        }
        None => Keeping::Kept(revision),
    })
}

/// Serves what other nodes had admitted, until the hub is gone.
pub(super) async fn follow(link: Link, terms: watch::Receiver<Terms>, shared: Weak<Shared>) {
    // Looked at once: what cannot be served is not judged over and over.
    let mut refused: Option<Tag> = None;
    let mut served: Option<(KeptCatalog, Tag)> = None;
    loop {
        tokio::time::sleep(FOLLOW_EVERY).await;
        let Some(present) = shared.upgrade().map(|shared| shared.admitted().kept()) else {
            return;
        };
        let known = match served.take() {
            Some((kept, tag)) if kept.is_same(&present) => tag,
            Some(_) | None => Tag::of(&present),
        };
        served = Some((present.clone(), known.clone()));
        let followed = match tag(&link).await {
            Ok(Some(tag)) if refused.as_ref() == Some(&tag) => continue,
            Ok(Some(tag)) if tag == known => Ok(Followed::Served),
            Ok(_) => catch_up(&link, &terms, &present, &shared, &mut refused).await,
            Err(trouble) => Err(StoreError::from(trouble).into()),
        };
        if let Some(shared) = shared.upgrade() {
            shared.note_followed(&followed);
        }
    }
}

/// Serves what is kept by now, or keeps what is served where that was lost.
async fn catch_up(
    link: &Link,
    terms: &watch::Receiver<Terms>,
    present: &KeptCatalog,
    shared: &Weak<Shared>,
    refused: &mut Option<Tag>,
) -> Result<Followed, CatalogError> {
    let mut kept = read(link).await.map_err(StoreError::from)?;
    loop {
        let Some(shared) = shared.upgrade() else {
            return Ok(Followed::Served); // Nobody serves anything any more.
        };
        if let Some(kept) = &kept {
            let followed = shared.follow(kept);
            *refused = followed.is_err().then(|| Tag::of(kept));
            if followed? == Followed::Served {
                return Ok(Followed::Served);
            }
        }
        drop(shared);
        // Who serves it still knows it; else a node that diverges might be the next to start.
        match keep(link, kept.as_ref(), present.revision, &present.json).await.map_err(StoreError::from)? {
            Keeping::Kept(revision) => {
                tracing::warn!(revision, "the admitted catalog was lost by the store, and is kept anew");
                let terms = *terms.borrow();
                terms.tell(link).await.map_err(StoreError::from)?;
                kept = Some(KeptCatalog { revision, json: present.json.clone() });
            }
            Keeping::Overtaken(other) => kept = Some(other),
        }
    }
}
