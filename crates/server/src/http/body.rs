//! The body of a stream: whatever is pending for a listener leaves in one chunk.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::http::limits::Permit;
use crate::http::tickets::Tickets;
use crate::hub::Shared;
use crate::listener::{Listener, Step};

/// Shows proxies that the connection lives.
const COMMENT: Bytes = Bytes::from_static(b":\n\n");

pub(crate) struct EventBody {
    listener: Listener,
    shared: Arc<Shared>,
    /// Until the next ping or comment, or until the credential ends.
    silence: Pin<Box<Sleep>>,
    next_ping: Instant,
    expires: Option<Instant>,
    ticket: Option<HeldTicket>,
    _permit: Permit,
}

/// The ticket that a stream was opened with.
pub(crate) struct HeldTicket {
    pub(crate) tickets: Arc<Tickets>,
    pub(crate) text: String,
    pub(crate) stream: u64,
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
        let mut body = Self {
            listener,
            shared,
            silence: Box::pin(sleep_until(now)),
            next_ping: now,
            expires,
            ticket,
            _permit: permit,
        };
        body.listen_for_silence(now);
        body
    }

    /// Something was written that its reader sees.
    fn listen_for_silence(&mut self, now: Instant) {
        self.next_ping = now + Duration::from_millis(self.shared.settings.ping_ms);
        self.wait(now);
    }

    fn wait(&mut self, now: Instant) {
        let mut next = self.expires.map_or(self.next_ping, |expires| expires.min(self.next_ping));
        if self.shared.settings.comment_ms > 0 {
            next = next.min(now + Duration::from_millis(self.shared.settings.comment_ms));
        }
        self.silence.as_mut().reset(next);
    }

    fn has_expired(&self) -> bool {
        self.expires.is_some_and(|expires| expires <= Instant::now())
    }

    fn was_replaced(&self) -> bool {
        self.ticket.as_ref().is_some_and(|held| !held.tickets.is_newest(&held.text, held.stream))
    }
}

impl Body for EventBody {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.has_expired() || self.was_replaced() {
            return Poll::Ready(None);
        }
        let chunk = match self.listener.step(context.waker()) {
            Step::Chunk(chunk) => chunk,
            Step::End => return Poll::Ready(None),
            Step::Wait => {
                if self.silence.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                let now = Instant::now();
                if self.has_expired() {
                    return Poll::Ready(None);
                }
                if now < self.next_ping {
                    // No script sees it, so that the ping still comes when it is due.
                    self.wait(now);
                    return Poll::Ready(Some(Ok(Frame::data(COMMENT))));
                }
                self.listener.ping()
            }
        };
        self.listen_for_silence(Instant::now());
        self.shared.metrics.streamed(chunk.len());
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}
