//! The body of a stream: whatever is pending for a listener leaves in one chunk.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::commons::HeldTicket;
use crate::http::limits::Permit;
use crate::hub::Shared;
use crate::listener::{Listener, Step};

/// Shows proxies that the connection lives.
const COMMENT: Bytes = Bytes::from_static(b":\n\n");

pub(crate) struct EventBody {
    listener: Listener,
    shared: Arc<Shared>,
    /// Until a ping, a comment or the end of the credential may be due. Set anew when it is over, not with each write:
    /// that costs.
    silence: Pin<Box<Sleep>>,
    /// Until when `silence` wakes nobody, and whom it wakes then.
    asleep: Option<(Instant, Waker)>,
    /// When something was written last that its reader's script sees.
    seen: Instant,
    /// When something was written last.
    written: Instant,
    expires: Option<Instant>,
    /// When it is told goodbye, once the server leaves.
    leaves: Option<Instant>,
    ticket: Option<HeldTicket>,
    _permit: Permit,
}

impl EventBody {
    pub(crate) fn new(
        listener: Listener,
        shared: Arc<Shared>,
        expires: Option<Instant>,
        ticket: Option<HeldTicket>,
        permit: Permit,
    ) -> Self {
        let now = Instant::now();
        let silence = Box::pin(sleep_until(now));
        let mut body = Self {
            listener,
            shared,
            silence,
            asleep: None,
            seen: now,
            written: now,
            expires,
            leaves: None,
            ticket,
            _permit: permit,
        };
        let due = body.due();
        body.silence.as_mut().reset(due);
        body
    }

    /// When there is something to do if nothing is written before.
    fn due(&self) -> Instant {
        let ping = self.next_ping();
        [self.next_comment(), self.expires, self.leaves].into_iter().flatten().fold(ping, Instant::min)
    }

    fn next_ping(&self) -> Instant {
        self.seen + Duration::from_millis(self.shared.settings.ping_ms)
    }

    fn next_comment(&self) -> Option<Instant> {
        let comment_ms = self.shared.settings.comment_ms;
        (comment_ms > 0).then(|| self.written + Duration::from_millis(comment_ms))
    }

    /// What a silence that is over asks for; nothing while it goes on.
    fn poll_silence(&mut self, now: Instant, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        // Looking at the timer costs, and it is set for whoever asks already.
        if self.asleep.as_ref().is_some_and(|(until, waker)| now < *until && waker.will_wake(context.waker())) {
            return Poll::Pending;
        }
        while self.silence.as_mut().poll(context).is_ready() {
            let now = Instant::now();
            if self.has_expired(now) {
                return Poll::Ready(None);
            }
            if self.has_to_leave(now) {
                return Poll::Ready(self.listener.goodbye());
            }
            if now >= self.next_ping() {
                (self.seen, self.written) = (now, now);
                return Poll::Ready(Some(self.listener.ping()));
            }
            if self.next_comment().is_some_and(|comment| now >= comment) {
                self.written = now;
                return Poll::Ready(Some(COMMENT));
            }
            let due = self.due();
            self.silence.as_mut().reset(due);
        }
        self.asleep = Some((self.silence.deadline(), context.waker().clone()));
        Poll::Pending
    }

    /// Chooses when to go, once the server leaves.
    fn note_goodbye(&mut self, now: Instant) {
        if self.leaves.is_none()
            && let Some(after) = self.listener.leaves_after()
        {
            self.leaves = Some(now + after);
            self.asleep = None;
            let due = self.due();
            self.silence.as_mut().reset(due);
        }
    }

    fn has_expired(&self, now: Instant) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    fn has_to_leave(&self, now: Instant) -> bool {
        self.leaves.is_some_and(|leaves| leaves <= now)
    }

    fn was_replaced(&self, waker: &Waker) -> bool {
        self.ticket.as_ref().is_some_and(|ticket| ticket.was_replaced(waker))
    }
}

impl Body for EventBody {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let now = Instant::now();
        if self.has_expired(now) || self.was_replaced(context.waker()) {
            return Poll::Ready(None);
        }
        // Whoever always has something pending is never silent.
        if self.has_to_leave(now) {
            return Poll::Ready(self.listener.goodbye().map(|goodbye| Ok(Frame::data(goodbye))));
        }
        let step = self.listener.step(context.waker());
        // By now the waker is in place: a server that leaves after this look wakes it.
        self.note_goodbye(now);
        let chunk = match step {
            Step::Chunk(chunk) => {
                (self.seen, self.written) = (now, now);
                chunk
            }
            Step::End => return Poll::Ready(None),
            Step::Wait => match ready!(self.poll_silence(now, context)) {
                Some(chunk) => chunk,
                None => return Poll::Ready(None),
            },
        };
        self.shared.metrics.streamed(chunk.len());
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}
