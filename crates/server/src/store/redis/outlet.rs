//! Where events go: one call numbers, keeps and hands on what is published to one organisation.

use redis::Value;
use tokio::sync::watch;

use super::keys::Keys;
use super::library::Library;
use super::link::Link;
use super::replicas::Replicas;
use super::terms::Terms;
use super::trouble::Trouble;
use super::wire;
use crate::cursor::{Epoch, Position};
use crate::hub::{PublishError, Published, now_ms};
use crate::recipient::Scope;
use crate::store::Draft;

/// Where events go, and how long they are kept there.
pub(super) struct Outlet {
    pub(super) link: Link,
    library: Library,
    terms: watch::Receiver<Terms>,
    replicas: Replicas,
}

impl Outlet {
    pub(super) fn new(link: Link, terms: watch::Receiver<Terms>, replicas: u32) -> Self {
        Self { link, library: Library::new(), terms, replicas: Replicas::new(replicas) }
    }

    /// Publishes events of one organisation, in order, all or none.
    pub(super) async fn publish(
        &self,
        scope: &Scope,
        known_epoch: u32,
        drafts: impl Iterator<Item = &Draft> + Clone,
    ) -> Result<(u32, Vec<Result<Published, PublishError>>), Trouble> {
        let address = self.link.address();
        let keys = Keys::of(scope, address.database());
        let at = now_ms();
        // What most events have no need of costs Redis as much as the rest.
        let is_plain = drafts.clone().all(|draft| draft.key.is_none() && draft.retain_key.is_none());
        let all = [&keys.head, &keys.events, &keys.keys, &keys.key_times, &keys.retained, &keys.retained_order];
        let used = if is_plain { &all[..2] } else { &all[..] };
        let mut call = self.library.call();
        call.arg(used.len()).arg(used);
        let terms = *self.terms.borrow();
        call.arg(address.publishing_command()).arg(&keys.channel).arg(terms.count);
        call.arg(terms.age).arg(terms.key_ms).arg(terms.retained).arg(known_epoch).arg(at);
        let mut count = 0;
        for draft in drafts {
            count += 1;
            if !is_plain {
                let (key, digest) = match (&draft.key, draft.versions.first()) {
                    (Some(key), Some((name, _))) => (format!("{name} {}", key.text), key.digest.as_str()),
                    (Some(_), None) | (None, _) => (String::new(), ""),
                };
                call.arg(key).arg(digest).arg(wire::retained_field(draft));
            }
            call.arg(wire::write(draft, at));
        }
        let answered: (u32, Vec<Value>) = split_first(self.library.invoke(&self.link, &call).await?)?;
        if answered.1.len() != count {
            return Err(Trouble::nonsense(format!("{} verdicts on {count} events", answered.1.len())));
        }
        self.replicas.wait(&self.link).await?;
        let (epoch, verdicts) = answered;
        let verdicts: Result<_, Trouble> = verdicts.iter().map(|verdict| read_verdict(verdict, scope, epoch)).collect();
        Ok((epoch, verdicts?))
    }
}

fn split_first(answer: Vec<Value>) -> Result<(u32, Vec<Value>), Trouble> {
    let mut rest = answer.into_iter();
    let epoch = rest.next().and_then(|epoch| redis::from_redis_value(epoch).ok());
    let epoch = epoch.ok_or_else(|| Trouble::nonsense("no epoch".to_owned()))?;
    Ok((epoch, rest.collect()))
}

/// A number, or `r` or `k` and the place of the event that is known under the key.
fn read_verdict(verdict: &Value, scope: &Scope, epoch: u32) -> Result<Result<Published, PublishError>, Trouble> {
    let id = |position: Position| position.to_string();
    match verdict {
        Value::Int(seq) => {
            let seq = u64::try_from(*seq).map_err(|error| Trouble::nonsense(error.to_string()))?;
            Ok(Ok(Published { id: id(Epoch::new(scope, epoch).at(seq)), is_repeat: false }))
        }
        Value::BulkString(text) => {
            let text = std::str::from_utf8(text).unwrap_or_default();
            let parts = text.split_at_checked(1).and_then(|(kind, place)| Some((kind, place.split_once('-')?)));
            let known = parts.and_then(|(kind, (epoch, seq))| Some((kind, epoch.parse().ok()?, seq.parse().ok()?)));
            let (kind, epoch, seq) = known.ok_or_else(|| Trouble::nonsense(format!("the verdict {text:?}")))?;
            let first = id(Epoch::new(scope, epoch).at(seq));
            Ok(if kind == "r" {
                Ok(Published { id: first, is_repeat: true })
            } else {
                Err(PublishError::KeyTaken { first })
            })
        }
        other => Err(Trouble::nonsense(format!("the verdict {other:?}"))),
    }
}
