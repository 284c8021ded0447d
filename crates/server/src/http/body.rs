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

pub(crate) struct EventBody {
    listener: Listener,
    shared: Arc<Shared>,
    /// Until the next ping, or until the credential ends.
    silence: Pin<Box<Sleep>>,
    ping: Duration,
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
        let ping = Duration::from_millis(shared.settings.ping_ms);
        let mut body = Self {
            listener,
            shared,
            silence: Box::pin(sleep_until(Instant::now())),
            ping,
            expires,
            ticket,
            _permit: permit,
        };
        body.listen_for_silence();
        body
    }

    fn listen_for_silence(&mut self) {
        let ping = Instant::now() + self.ping;
        let next = self.expires.map_or(ping, |expires| expires.min(ping));
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
                if self.has_expired() {
                    return Poll::Ready(None);
                }
                self.listener.ping()
            }
        };
        self.listen_for_silence();
        self.shared.metrics.streamed(chunk.len());
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}
