//! What events are published under: how long they are kept, and whether drafts are. Nodes tell it to those who publish
//! without being one, because whoever adds an event also trims.

use redis::cmd;

use super::keys::CATALOG;
use super::link::Link;
use super::trouble::Trouble;
use crate::admission::Served;
use crate::settings::Settings;

/// Beside the catalog, so that both are there or none.
const FIELD: &str = "terms";

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

    /// Whoever starts last decides, as with the events that it adds.
    pub(super) async fn tell(&self, link: &Link) -> Result<(), Trouble> {
        link.query(cmd("HSET").arg(CATALOG).arg(FIELD).arg(self.write())).await
    }

    /// Nothing where no node has told any.
    pub(super) async fn ask(link: &Link) -> Result<Option<Self>, Trouble> {
        let text: Option<String> = link.query(cmd("HGET").arg(CATALOG).arg(FIELD)).await?;
        let read = |text: String| Self::read(&text).ok_or_else(|| Trouble::nonsense(format!("the terms {text:?}")));
        text.map(read).transpose()
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
