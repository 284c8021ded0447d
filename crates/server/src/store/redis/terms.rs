//! What events are published under: how long they are kept, and whether drafts are. Whoever adds an event also trims, so
//! that nodes, and those who publish without being one, have to be of one mind: that of the node that started last.

use std::fmt;
use std::sync::Weak;
use std::time::Duration;

use redis::cmd;
use tokio::sync::watch;

use super::keys::CATALOG;
use super::link::Link;
use super::trouble::Trouble;
use crate::admission::Served;
use crate::hub::Shared;
use crate::ring::Retention;
use crate::settings::Settings;

/// Beside the catalog, so that both are there or none.
const FIELD: &str = "terms";

/// How often nodes look for what another one told.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terms {
    /// Events of an organisation.
    pub(super) count: usize,
    /// Of an event, in milliseconds.
    pub(super) age: u64,
    /// Retained payloads of an organisation.
    pub(super) retained: usize,
    /// For which a publisher's key is kept, in milliseconds.
    pub(super) key_ms: u64,
    pub(super) served: Served,
}

impl Terms {
    pub(super) fn of(settings: &Settings, served: Served) -> Self {
        let retention = &settings.retention;
        let (count, age, retained) = (retention.count, retention.age, retention.retained);
        Self { count, age, retained, key_ms: settings.key_ms, served }
    }

    /// Tells them as a node that starts; answers what other nodes kept by until now, where that is another.
    pub(super) async fn begin(self, link: &Link) -> Result<Option<Self>, Trouble> {
        let before = Self::ask(link).await?;
        self.tell(link).await?;
        Ok(before.filter(|before| !before.keeps_as(&self)))
    }

    /// Whoever starts last decides.
    pub(super) async fn tell(&self, link: &Link) -> Result<(), Trouble> {
        link.query(cmd("HSET").arg(CATALOG).arg(FIELD).arg(self.write())).await
    }

    /// Nothing where no node has told any.
    pub(super) async fn ask(link: &Link) -> Result<Option<Self>, Trouble> {
        let text: Option<String> = link.query(cmd("HGET").arg(CATALOG).arg(FIELD)).await?;
        let read = |text: String| Self::read(&text).ok_or_else(|| Trouble::nonsense(format!("the terms {text:?}")));
        text.map(read).transpose()
    }

    /// What a ring holds under them, which has a bound of its own on memory.
    pub(super) fn retention(&self, own: Retention) -> Retention {
        Retention { count: self.count, age: self.age, retained: self.retained, ..own }
    }

    /// Whether events are kept as long. Drafts are each node's own business.
    fn keeps_as(&self, other: &Self) -> bool {
        Self { served: other.served, ..*self } == *other
    }

    fn write(&self) -> String {
        let Self { count, age, retained, key_ms, served } = self;
        let served = match served {
            Served::Released => "released",
            Served::Everything => "everything",
        };
        format!("{count} {age} {retained} {key_ms} {served}")
    }

    fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let mut next = || words.next();
        Some(Self {
            count: next()?.parse().ok()?,
            age: next()?.parse().ok()?,
            retained: next()?.parse().ok()?,
            key_ms: next()?.parse().ok()?,
            served: match next()? {
                "released" => Served::Released,
                "everything" => Served::Everything,
                _ => return None,
            },
        })
    }
}

impl fmt::Display for Terms {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let Self { count, age, retained, key_ms, served: _ } = self;
        let (hours, minutes) = (*age as f64 / 3_600_000.0, *key_ms as f64 / 60_000.0);
        write!(formatter, "{count} events, {hours} hours, {retained} retained payloads, keys for {minutes} minutes")
    }
}

/// Keeps events as the node says that started last, until the hub is gone.
pub(super) async fn follow(link: Link, terms: watch::Sender<Terms>, shared: Weak<Shared>) {
    loop {
        tokio::time::sleep(FOLLOW_EVERY).await;
        if shared.strong_count() == 0 {
            return;
        }
        // Where Redis cannot be asked, other tasks say so.
        let Ok(Some(told)) = Terms::ask(&link).await else { continue };
        if !told.keeps_as(&terms.borrow()) {
            tracing::warn!(now = %told, before = %*terms.borrow(), "another node decides how long events are kept");
            terms.send_replace(told);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read_as_they_were_told() {
        for served in [Served::Released, Served::Everything] {
            let terms = Terms::of(&Settings { key_ms: 7, ..Settings::default() }, served);
            assert_eq!(Terms::read(&terms.write()), Some(terms));
        }
        for wrong in ["", "1 2 3 4", "1 2 3 4 some", "1 2 x 4 released"] {
            assert_eq!(Terms::read(wrong), None, "{wrong:?}");
        }
    }
}
