//! One listener: places in one or two rings, and what it is told when it opens, lags, or the server leaves.
//!
//! Knows nothing of HTTP and waits for nothing: whoever writes its chunks asks for a ping when the connection was silent,
//! and for the goodbye.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Waker;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::cursor::{Cursor, Position};
use crate::delivery::{Ids, Pending};
use crate::frame::Control;
use crate::hub::{Goodbye, Shared, jitter, now_ms, random_part};
use crate::recipient::Scope;
use crate::ring::{Attendance, Mark, Reason, Since};
use crate::subscription::Subscription;

/// As much as one poll answers, about.
const LARGEST_POLL: usize = 512 << 10;

/// What a listener has to write.
#[derive(Debug)]
pub enum Step {
    /// These bytes.
    Chunk(Bytes),
    /// Nothing; the waker is called when that changes.
    Wait,
    /// Nothing, ever: the stream ends.
    End,
}

/// How a listener's wish to resume was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    /// It asked for nothing.
    New,
    /// Everything since its last id is replayed.
    Exact,
    /// Something is missing, which it is told.
    Gap,
}

/// One listener.
pub struct Listener {
    shared: Arc<Shared>,
    subscription: Subscription,
    /// Of the catalog that the subscription was looked up in.
    turn: u64,
    org: Place,
    public: Option<Place>,
    opening: Vec<u8>,
    resume: Resume,
    public_is_next: bool,
    is_over: bool,
    /// It was opened while the server left.
    came_late: bool,
}

/// A place in a ring.
pub(crate) struct Place {
    ring: Attendance,
    mark: Mark,
}

impl Place {
    pub(crate) fn at_end(ring: Attendance) -> Self {
        let mark = ring.lock().end_mark();
        Self { ring, mark }
    }

    fn position(&self) -> Position {
        self.mark.position
    }
}

/// A gap that a listener has to be told of.
struct Gap {
    reason: Reason,
    from: Option<Cursor>,
}

impl Listener {
    /// Opens at the end of its rings, or where the last id says. Nothing when its subscription has already ended.
    pub(crate) fn open(
        shared: Arc<Shared>,
        mut subscription: Subscription,
        last_id: Option<&str>,
        (org, public): (Place, Option<Place>),
    ) -> Option<Self> {
        if let Scope::Org(name) = &org.ring.scope {
            subscription.identity.org = name.clone();
        }
        let came_late = shared.goodbye().is_some();
        let mut listener = Self {
            turn: shared.turn.load(Ordering::Acquire),
            org,
            public,
            shared,
            subscription,
            opening: Vec::new(),
            resume: Resume::New,
            public_is_next: false,
            is_over: false,
            came_late,
        };
        // Here, because it is taken back whenever the listener is dropped.
        listener.shared.metrics.opened(&listener.subscription);
        let gap = match last_id.map(|last_id| listener.resume(last_id)) {
            None => None,
            Some(Ok(_)) if listener.has_ended() => return None,
            Some(Ok(gap)) => gap,
            Some(Err(gap)) => Some(gap),
        };
        listener.write_opening(gap);
        tracing::debug!(resume = ?listener.resume, "a stream was opened");
        Some(listener)
    }

    /// Goes on from where an id stands in the organisation's ring, perhaps with a gap among public events; or says why it
    /// stays at the end of both.
    fn resume(&mut self, last_id: &str) -> Result<Option<Gap>, Gap> {
        self.resume = Resume::Gap;
        let Some(cursor) = Cursor::parse(last_id) else {
            return Err(Gap { reason: Reason::Unknown, from: None });
        };
        let org = self.org.ring.lock().resolve(cursor.org);
        let public = match (&self.public, cursor.public) {
            (Some(place), Some(position)) => place.ring.lock().resolve(position).map(|_| Some(position)),
            (_, None) | (None, Some(_)) => Ok(None),
        };
        let public = match (org, public) {
            (Ok(_), Ok(public)) => public,
            (Err(reason), _) | (_, Err(reason)) => {
                let from = (reason != Reason::Unknown).then_some(cursor);
                return Err(Gap { reason, from });
            }
        };
        self.org.mark.position = cursor.org;
        match (&mut self.public, public) {
            (Some(place), Some(position)) => place.mark.position = position,
            // It begins to hear public events now, and its id does not tell which of them it can do without.
            (Some(place), None) if place.position().seq > 0 => {
                return Ok(Some(Gap { reason: Reason::Unknown, from: Some(cursor) }));
            }
            (Some(_), None) | (None, _) => {} // There never was any, or it hears none.
        }
        // What was erased is told in its place, among what is replayed.
        if !self.has_holes_ahead() {
            self.resume = Resume::Exact;
        }
        Ok(None)
    }

    fn has_holes_ahead(&self) -> bool {
        let mut places = std::iter::once(&self.org).chain(&self.public);
        places.any(|place| place.ring.lock().after(place.position().seq).any(|frame| frame.is_erased()))
    }

    /// Whether the terminal event that it waits for came before the place it resumes from.
    fn has_ended(&self) -> bool {
        let Some(until) = &self.subscription.until else {
            return false;
        };
        let state = self.org.ring.lock();
        let before = state.frames().take_while(|frame| frame.position.seq <= self.org.position().seq);
        before.filter_map(|frame| self.subscription.picked(frame)).any(|picked| picked.name.as_str() == until)
    }

    fn write_opening(&mut self, gap: Option<Gap>) {
        let mut opening = Vec::with_capacity(256);
        let cursor = self.cursor();
        let retry = jitter(self.shared.settings.retry_ms);
        opening.extend_from_slice(format!("retry: {retry}\n\n").as_bytes());
        let resume = match self.resume {
            Resume::New => "new",
            Resume::Exact => "exact",
            Resume::Gap => "gap",
        };
        let connected = json!({
            "catalog": self.shared.admission().digest(),
            "server": self.shared.server,
            "resume": resume,
            "pingMs": self.shared.settings.ping_ms,
            "retryMs": retry,
            "at": now_ms(),
            "deprecated": self.subscription.deprecated(),
        });
        Control::Connected.write(Some(&cursor), &connected, &mut opening);
        if let Some(gap) = gap {
            self.shared.metrics.gap(gap.reason);
            Control::Gap.write(Some(&cursor), &told(&gap, &cursor), &mut opening);
        }
        self.subscription.retired().iter().for_each(|retired| write_retired(retired, &mut opening));
        if self.resume != Resume::Exact {
            self.write_retained(&mut opening);
        }
        self.opening = opening;
    }

    fn write_retained(&self, opening: &mut Vec<u8>) {
        for place in std::iter::once(&self.org).chain(&self.public) {
            // What came since the listener's place was taken is streamed, not retained.
            let retained = place.ring.lock().retained();
            let before = retained.iter().filter(|frame| frame.position.seq <= place.position().seq);
            before.filter_map(|frame| self.subscription.picked(frame)).for_each(|one| {
                opening.extend_from_slice(one.without_id());
            });
        }
    }

    /// Where it stands.
    pub fn cursor(&self) -> Cursor {
        Cursor { org: self.org.position(), public: self.public.as_ref().map(Place::position) }
    }

    /// How its wish to resume was met.
    pub fn resumed(&self) -> Resume {
        self.resume
    }

    /// What to write next: everything that is pending, up to a bound.
    pub fn step(&mut self, waker: &Waker) -> Step {
        loop {
            if self.is_behind() {
                self.follow();
            }
            if !self.opening.is_empty() {
                return Step::Chunk(std::mem::take(&mut self.opening).into());
            }
            if self.is_over {
                return Step::End;
            }
            if let Some(chunk) = self.drain(waker) {
                return Step::Chunk(chunk);
            }
            // What came after the looks above and before the waker was in place woke nobody.
            if !self.is_behind() {
                return Step::Wait;
            }
        }
    }

    /// Whether the catalog has grown since the subscription was looked up in it.
    fn is_behind(&self) -> bool {
        self.turn != self.shared.turn.load(Ordering::Acquire)
    }

    /// Hears what the grown catalog adds to its wish, and is told what was retired of it.
    fn follow(&mut self) {
        let admitted = self.shared.admitted();
        let next = self.subscription.follow(&admitted.admission);
        self.shared.metrics.renamed(&self.subscription, &next);
        for retired in next.retired().iter().filter(|retired| !self.subscription.retired().contains(retired)) {
            write_retired(retired, &mut self.opening);
        }
        if next.hears_public() && self.public.is_none() {
            // Every node looks at public events, and always.
            self.public = self.shared.public_ring().and_then(|ring| ring.enter(Since::Now)).map(Place::at_end);
            if let (Some(place), Some(position)) = (&mut self.public, admitted.public_from) {
                place.mark.position = position;
            }
        }
        self.subscription = next;
        self.turn = admitted.turn;
    }

    /// Once the server leaves: after how long this listener is to be told goodbye, a random part of the time over which
    /// all of them go. Whoever came while it left is told at once.
    pub fn leaves_after(&self) -> Option<Duration> {
        let goodbye = self.shared.goodbye()?;
        Some(if self.came_late { Duration::ZERO } else { random_part(goodbye.over) })
    }

    /// What to write last when the server leaves: when to come back. Whoever came while it left comes when it is gone.
    /// Nothing when the stream is over already.
    pub fn goodbye(&mut self) -> Option<Bytes> {
        if std::mem::replace(&mut self.is_over, true) {
            return None;
        }
        let mut retry = Duration::ZERO;
        if let Some(Goodbye { over, until }) = self.shared.goodbye() {
            retry += random_part(over);
            if self.came_late {
                retry += until.saturating_duration_since(Instant::now());
            }
        }
        let retry = u64::try_from(retry.as_millis()).unwrap_or(u64::MAX);
        let mut out = Vec::new();
        Control::Bye.write(Some(&self.cursor()), &json!({ "retryMs": retry }), &mut out);
        // A browser's own reconnection goes by this line.
        out.extend_from_slice(format!("retry: {retry}\n\n").as_bytes());
        Some(out.into())
    }

    /// What is pending in one ring, else in the other. After the one it is the other's turn, so that neither waits for
    /// ever.
    fn drain(&mut self, waker: &Waker) -> Option<Bytes> {
        let order = [self.public_is_next, !self.public_is_next];
        for public in order {
            if let Some(chunk) = self.drain_ring(public, waker) {
                self.public_is_next = !public;
                return Some(chunk);
            }
        }
        self.public_is_next = false;
        None
    }

    fn drain_ring(&mut self, public: bool, waker: &Waker) -> Option<Bytes> {
        let before = self.cursor();
        let (place, ids) = match (&mut self.public, public) {
            (None, true) => return None,
            (None, false) => (&mut self.org, Ids::Own),
            (Some(public), false) => (&mut self.org, Ids::OfOrg { public: public.position() }),
            (Some(place), true) => (place, Ids::OfPublic { org: self.org.position() }),
        };
        match place.ring.pending(&mut place.mark, ids, &self.subscription, (place.ring.seat(), waker)) {
            Pending::Nothing => None,
            Pending::Chunk { bytes, events, oldest, is_last } => {
                self.is_over = is_last;
                self.shared.metrics.delivered(events, oldest, now_ms());
                Some(bytes)
            }
            Pending::Missed(reason) => {
                self.shared.metrics.gap(reason);
                let cursor = self.cursor();
                let gap = Gap { reason, from: Some(before) };
                let mut out = Vec::new();
                Control::Gap.write(Some(&cursor), &told(&gap, &cursor), &mut out);
                Some(out.into())
            }
        }
    }

    /// To write after a silence: shows that the connection lives, and moves the listener's last id on. The server's
    /// time tells whoever compares it with the arrival whether something on the way holds the stream back.
    pub fn ping(&self) -> Bytes {
        let mut out = Vec::with_capacity(64);
        Control::Ping.write(Some(&self.cursor()), &json!({ "at": now_ms() }), &mut out);
        out.into()
    }
}

/// One answer of `GET /poll`, as JSON: `{ frames, next, retryMs }`.
pub(crate) fn poll(mut listener: Listener) -> String {
    let mut stream = Vec::new();
    while let Step::Chunk(chunk) = listener.step(Waker::noop()) {
        stream.extend_from_slice(&chunk);
        if stream.len() > LARGEST_POLL {
            break;
        }
    }
    let next = listener.cursor().to_string();
    frames_of(&stream, &next, listener.shared.settings.retry_ms)
}

/// Turns the stream's own text into a list. Invariant: only our own frames come here, one line per field.
fn frames_of(stream: &[u8], next: &str, retry_ms: u64) -> String {
    let text = String::from_utf8_lossy(stream);
    let mut frames = Vec::new();
    for frame in text.split("\n\n") {
        let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        if let (Some(event), Some(data)) = (field("event"), field("data")) {
            let id = field("id").map_or_else(|| "null".to_owned(), |id| format!("\"{id}\""));
            frames.push(format!("{{\"id\":{id},\"event\":\"{event}\",\"data\":{data}}}"));
        }
    }
    format!("{{\"frames\":[{}],\"next\":\"{next}\",\"retryMs\":{retry_ms}}}", frames.join(","))
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.shared.metrics.closed(&self.subscription);
    }
}

fn write_retired((event, successor): &(String, Option<String>), out: &mut Vec<u8>) {
    Control::Retired.write(None, &json!({ "event": event, "use": successor }), out);
}

fn told(gap: &Gap, to: &Cursor) -> Value {
    // An id that is not ours is not repeated: it may hold anything.
    json!({ "from": gap.from.map(|from| from.to_string()), "to": to.to_string(), "reason": gap.reason.as_str() })
}
