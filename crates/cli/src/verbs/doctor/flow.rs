//! What flows: the first event, signs of life, and whether something on the way holds events back.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tokio::time::timeout_at;

use super::Patient;
use super::findings::Findings;
use crate::remote::{Event, EventStream, Item, Reply};

/// A stream that opens says something at once.
const SOON: Duration = Duration::from_secs(1);

/// So long everything that opens a stream may take.
const OPENING: Duration = Duration::from_millis(20);

/// Less is the network's own unrest.
const HELD_BACK: Duration = Duration::from_millis(700);

/// What was seen of a stream.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// After the head of the answer.
    first_event: Option<Duration>,
    /// After the head: each arrival, in milliseconds, with the server's own time where the event bears it.
    stamps: Vec<(i64, i64)>,
    /// Signs of life after the opening: pings, comments, events.
    signs: u32,
    pub(super) connected: Option<Value>,
    pub(super) last_id: Option<String>,
    retry: Option<u64>,
    ended: Option<String>,
}

/// Watches until the stream showed signs of life, or for as long as patience lasts.
pub(super) async fn watch(patient: &Patient<'_>, reply: Reply) -> Seen {
    let mut seen = Seen::default();
    let started = Instant::now();
    let until = tokio::time::Instant::now() + patient.options.patience;
    let mut stream = EventStream::of(reply);
    while !seen.is_enough() {
        match timeout_at(until, stream.next()).await {
            Ok(Ok(Some(item))) => seen.note(item, started.elapsed()),
            Ok(Ok(None)) => {
                seen.ended = Some("the other side ended it".to_owned());
                break;
            }
            Ok(Err(error)) => {
                seen.ended = Some(error.to_string());
                break;
            }
            Err(_) => break,
        }
    }
    seen
}

impl Seen {
    fn note(&mut self, item: Item, after: Duration) {
        match item {
            Item::Retry(ms) => self.retry = Some(ms),
            Item::Comment => self.signs += u32::from(self.first_event.is_some()),
            Item::Event(event) => {
                let first = *self.first_event.get_or_insert(after);
                // What opens a stream, retained payloads among it, is no sign that it lives on.
                self.signs += u32::from(event.name == "growset.ping" || after > first + OPENING);
                self.note_event(event);
            }
        }
    }

    /// What is held back shows as a difference between two stamps.
    fn is_enough(&self) -> bool {
        self.signs > 1 || (self.signs == 1 && self.stamps.len() > 1)
    }

    fn note_event(&mut self, event: Event) {
        let told: Value = serde_json::from_str(&event.data).unwrap_or_default();
        if event.name.starts_with(growset_model::RESERVED_EVENT_PREFIX)
            && let Some(sent) = told["at"].as_i64()
        {
            self.stamps.push((now_ms(), sent));
        }
        if !event.id.is_empty() {
            self.last_id = Some(event.id);
        }
        if event.name == "growset.connected" {
            self.connected = Some(told);
        }
    }

    /// The most that an event was later than the quickest one, clocks aside.
    fn held_back(&self) -> Option<Duration> {
        let delays = || self.stamps.iter().map(|(arrived, sent)| arrived - sent);
        let (most, least) = (delays().max()?, delays().min()?);
        (self.stamps.len() > 1).then(|| Duration::from_millis(u64::try_from(most - least).unwrap_or_default()))
    }
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

const UNBUFFERED: &str = "\
switch buffering off in every proxy on the way (`growset proxy nginx` and `growset proxy caddy` print how), or let
the server send `X-Accel-Buffering: no` and a first event at once; pages can use `GET /poll` meanwhile (`pollFallback`)";

pub(super) fn examine(patient: &Patient, seen: &Seen, findings: &mut Findings) {
    let patience = patient.options.patience.as_secs_f64();
    match seen.first_event {
        Some(after) if after <= SOON => {
            findings.fine("first byte", format!("the first event comes {} ms after the head", after.as_millis()));
        }
        Some(after) => findings.problem(
            "first byte",
            format!("the first event comes {:.1} s after the head", after.as_secs_f64()),
            UNBUFFERED,
        ),
        None => findings.problem("first byte", format!("no event in {patience} s after the head"), UNBUFFERED),
    }
    if let Some(why) = &seen.ended {
        findings.problem(
            "heartbeat",
            format!("the stream broke off: {why}"),
            "does a proxy cut long answers? Raise its read timeout over the interval of pings (nginx: `proxy_read_timeout`)",
        );
    } else {
        heartbeat(seen, patience, findings);
    }
    match seen.held_back() {
        Some(most) if most > HELD_BACK => findings.problem(
            "buffering",
            format!("events arrive up to {:.1} s later than others, by the server's own clock", most.as_secs_f64()),
            UNBUFFERED,
        ),
        Some(most) => {
            findings.fine("buffering", format!("events arrive within {} ms of each other's delay", most.as_millis()));
        }
        None => findings.skipped("buffering", "fewer than two events with the server's time came; raise --patience"),
    }
    match seen.retry {
        Some(ms) => findings.fine("retry", format!("browsers come back after {ms} ms")),
        None => {
            findings.note("retry", "no `retry:` line: each browser chooses when to come back", "send `retry: 3000`")
        }
    }
}

fn heartbeat(seen: &Seen, patience: f64, findings: &mut Findings) {
    let interval = seen.connected.as_ref().and_then(|connected| connected["pingMs"].as_f64()).map(|ms| ms / 1000.0);
    if seen.signs > 0 {
        findings.fine("heartbeat", "the stream shows signs of life");
    } else if let Some(interval) = interval.filter(|interval| *interval >= patience) {
        findings.skipped("heartbeat", format!("pings come every {interval} s; raise --patience over that"));
    } else {
        findings.problem(
            "heartbeat",
            format!("nothing for {patience} s: nobody can tell this stream from a dead one, and proxies cut it"),
            "send a ping every 15 s of silence, as an event that scripts can see",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_differ_are_no_buffering() {
        let held = |stamps: &[(i64, i64)]| Seen { stamps: stamps.to_vec(), ..Seen::default() }.held_back();
        assert_eq!(held(&[(1000, 5_000_000)]), None);
        assert_eq!(held(&[(1000, 5_000_000), (2005, 5_001_000)]), Some(Duration::from_millis(5)));
        assert_eq!(held(&[(9000, 0), (9000, 5000)]), Some(Duration::from_secs(5)));
    }
}
