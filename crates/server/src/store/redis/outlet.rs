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
use crate::cursor::Epoch;
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
        known_epoch: u64,
        drafts: impl Iterator<Item = &Draft> + Clone,
    ) -> Result<(u64, Vec<Result<Published, PublishError>>), Trouble> {
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
        call.arg(terms.age).arg(terms.key_ms).arg(terms.retained).arg(known_epoch).arg(at).arg(Epoch::draw());
        let count = drafts.clone().count();
        if is_plain {
            let mut entries = Vec::new();
            drafts.for_each(|draft| wire::write(draft, at, &mut entries));
            call.arg(count).arg(entries);
        } else {
            for draft in drafts {
                let (key, digest) = match (&draft.key, draft.versions.first()) {
                    (Some(key), Some((name, _))) => (format!("{name} {}", key.text), key.digest.as_str()),
                    (Some(_), None) | (None, _) => (String::new(), ""),
                };
                let mut entry = Vec::new();
                wire::write(draft, at, &mut entry);
                call.arg(key).arg(digest).arg(wire::retained_field(draft)).arg(entry);
            }
        }
        let answer: Vec<Value> = self.library.invoke(&self.link, &call).await?;
        self.replicas.wait(&self.link).await?;
        read_answer(&answer, scope, count, is_plain)
    }
}

/// The epoch, the number of the last event, and a verdict on each, unless they were plain: those have the last numbers.
fn read_answer(
    answer: &[Value],
    scope: &Scope,
    count: usize,
    is_plain: bool,
) -> Result<(u64, Vec<Result<Published, PublishError>>), Trouble> {
    let nonsense = || Trouble::nonsense(format!("the answer {answer:?} to {count} events"));
    let [epoch, last, verdicts @ ..] = answer else {
        return Err(nonsense());
    };
    let epoch: u64 = redis::from_redis_value_ref(epoch).map_err(|_| nonsense())?;
    let last: u64 = redis::from_redis_value_ref(last).map_err(|_| nonsense())?;
    let verdicts = if is_plain {
        let first = (last + 1).checked_sub(count as u64).ok_or_else(nonsense)?;
        (first..=last).map(|seq| Ok(published(scope, epoch, seq))).collect()
    } else {
        verdicts.iter().map(|verdict| read_verdict(verdict, scope, epoch)).collect::<Result<Vec<_>, Trouble>>()?
    };
    if verdicts.len() != count {
        return Err(nonsense());
    }
    Ok((epoch, verdicts))
}

fn published(scope: &Scope, epoch: u64, seq: u64) -> Published {
    Published { id: Epoch::new(scope, epoch).at(seq).to_string(), is_repeat: false }
}

/// A number, or `r` or `k` and the place of the event that is known under the key.
fn read_verdict(verdict: &Value, scope: &Scope, epoch: u64) -> Result<Result<Published, PublishError>, Trouble> {
    match verdict {
        Value::Int(seq) => {
            let seq = u64::try_from(*seq).map_err(|error| Trouble::nonsense(error.to_string()))?;
            Ok(Ok(published(scope, epoch, seq)))
        }
        Value::BulkString(text) => {
            let text = std::str::from_utf8(text).unwrap_or_default();
            let parts = text.split_at_checked(1).and_then(|(kind, place)| Some((kind, place.split_once('-')?)));
            let known = parts.and_then(|(kind, (epoch, seq))| Some((kind, epoch.parse().ok()?, seq.parse().ok()?)));
            let (kind, epoch, seq) = known.ok_or_else(|| Trouble::nonsense(format!("the verdict {text:?}")))?;
            let first = published(scope, epoch, seq);
            Ok(if kind == "r" {
                Ok(Published { is_repeat: true, ..first })
            } else {
                Err(PublishError::KeyTaken { first: first.id })
            })
        }
        other => Err(Trouble::nonsense(format!("the verdict {other:?}"))),
    }
}
