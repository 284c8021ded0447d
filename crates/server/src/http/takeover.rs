//! A stream without hyper: once the head of an answer is out, hyper's buffers and state for a connection are of no use
//! any more, and most of what an idle listener costs. The body is taken out of its hands, with the connection.
//!
//! For HTTP/1.1 alone: a stream of HTTP/2 shares its connection with others.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::http::body::EventBody;

/// What is no larger leaves by a plain write, which costs less than gathering; a copy of so little costs nothing.
const SMALL: usize = 2048;

/// Of a chunk's size: 16 digits and the end of the line.
const LONGEST_SIZE: usize = 18;

/// Ends a body in chunks (RFC 9112, section 7.1).
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

thread_local! {
    /// Where a small chunk is put together: each thread writes one at a time.
    static JOINED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Where a handler leaves the body of a stream for whoever carries the connection.
#[derive(Clone, Default)]
pub(crate) struct Takeover {
    left: Arc<Mutex<Left>>,
}

#[derive(Default)]
struct Left {
    body: Option<EventBody>,
    /// Hyper has asked for the body, so that the head is in its buffer or further.
    head_is_written: bool,
}

impl Takeover {
    /// Leaves a body; what is answered in its place has nothing to say.
    pub(crate) fn leave(&self, body: EventBody) -> Placeholder {
        self.lock().body = Some(body);
        Placeholder { takeover: self.clone() }
    }

    /// The body, when the head is on its way.
    pub(crate) fn take(&self) -> Option<EventBody> {
        let mut left = self.lock();
        if left.head_is_written { left.body.take() } else { None }
    }

    fn lock(&self) -> MutexGuard<'_, Left> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stands for a body that another writes.
pub(crate) struct Placeholder {
    takeover: Takeover,
}

impl Body for Placeholder {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        // No waker is kept: whoever polls the connection looks for the body right after this.
        self.takeover.lock().head_is_written = true;
        Poll::Pending
    }
}

/// Writes a stream to its end, or until the other side is gone, and then lets go of what is held for it. No async
/// function, because that would have room for its parts twice.
pub(crate) fn carry<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    body: EventBody,
    held: impl Sized,
) -> impl Future<Output = ()> {
    let mut carried = Carried { stream, body, chunk: None, is_over: false, is_watched: false, _held: held };
    // A connection that breaks is the other side's affair.
    poll_fn(move |context| carried.poll(context).map(drop))
}

struct Carried<S, H> {
    stream: S,
    body: EventBody,
    /// What is being written.
    chunk: Option<Chunk>,
    is_over: bool,
    /// The task is woken when the other side hangs up.
    is_watched: bool,
    /// Let go of after the stream.
    _held: H,
}

impl<S: AsyncRead + AsyncWrite + Unpin, H> Carried<S, H> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut has_written = false;
        loop {
            if let Some(chunk) = &mut self.chunk {
                ready!(chunk.poll_write(&mut self.stream, context))?;
                self.chunk = None;
                has_written = true;
            }
            if self.is_over {
                ready!(Pin::new(&mut self.stream).poll_flush(context))?;
                return Pin::new(&mut self.stream).poll_shutdown(context);
            }
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => self.chunk = frame.into_data().ok().and_then(Chunk::new),
                Poll::Ready(None) => (self.chunk, self.is_over) = (Some(Chunk::last()), true),
                Poll::Pending => {
                    // What TLS holds back; it keeps its own waker.
                    let _ = Pin::new(&mut self.stream).poll_flush(context)?;
                    // Looking costs, and is not needed after each event: who has hung up wakes the task, once. Should that
                    // have come together with an event, the next write fails.
                    if has_written && self.is_watched {
                        return Poll::Pending;
                    }
                    self.is_watched = true;
                    return self.poll_gone(context);
                }
            }
        }
    }

    /// Completes when the other side has hung up. What it says instead is not heard: its request is still being answered.
    fn poll_gone(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let mut bytes = [0; 64];
            let mut buffer = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

/// One chunk on its way: its size in hexadecimal, the bytes, the end of a line.
struct Chunk {
    size: [u8; LONGEST_SIZE],
    size_at: usize,
    bytes: Bytes,
    end: &'static [u8],
    written: usize,
}

impl Chunk {
    /// Nothing when it is empty: an empty chunk would end the body.
    fn new(bytes: Bytes) -> Option<Self> {
        let mut size = [0; LONGEST_SIZE];
        let mut size_at = LONGEST_SIZE - 2;
        size[size_at..].copy_from_slice(b"\r\n");
        let mut rest = bytes.len();
        while rest > 0 {
            size_at -= 1;
            size[size_at] = b"0123456789abcdef"[rest % 16];
            rest /= 16;
        }
        (!bytes.is_empty()).then_some(Self { size, size_at, bytes, end: b"\r\n", written: 0 })
    }

    fn last() -> Self {
        Self { size: [0; LONGEST_SIZE], size_at: LONGEST_SIZE, bytes: Bytes::new(), end: LAST_CHUNK, written: 0 }
    }

    /// What is left of each part.
    fn rest(&self) -> [&[u8]; 3] {
        let mut skip = self.written;
        [&self.size[self.size_at..], &self.bytes, self.end].map(|part| {
            let (_, rest) = part.split_at(skip.min(part.len()));
            skip = skip.saturating_sub(part.len());
            rest
        })
    }

    fn poll_write<S: AsyncWrite + Unpin>(&mut self, stream: &mut S, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let rest = self.rest();
            let left: usize = rest.iter().map(|part| part.len()).sum();
            let written = match left {
                0 => return Poll::Ready(Ok(())),
                1..=SMALL => JOINED.with_borrow_mut(|joined| {
                    joined.clear();
                    rest.iter().for_each(|part| joined.extend_from_slice(part));
                    Pin::new(&mut *stream).poll_write(context, joined)
                }),
                _ => {
                    let parts = rest.map(IoSlice::new);
                    Pin::new(&mut *stream).poll_write_vectored(context, &parts)
                }
            };
            self.written += match ready!(written)? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => written,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, duplex};

    use super::*;

    /// What arrives of a chunk through a connection that takes so many bytes at once.
    async fn arrived(mut chunk: Chunk, room: usize) -> Vec<u8> {
        let (mut near, mut far) = duplex(room);
        let write = async move { poll_fn(|context| chunk.poll_write(&mut near, context)).await };
        let mut bytes = Vec::new();
        let (written, read) = tokio::join!(write, far.read_to_end(&mut bytes));
        written.and(read).expect("both sides live");
        bytes
    }

    #[tokio::test]
    async fn a_chunk_arrives_whole_however_little_is_taken_at_once() {
        for length in [1, 15, 16, 255, 256, SMALL, SMALL + 1, 70_000] {
            let bytes = Bytes::from(vec![b'x'; length]);
            let expected = [format!("{length:x}\r\n").as_bytes(), &bytes, b"\r\n"].concat();
            for room in [1, 7, 1 << 20] {
                let chunk = Chunk::new(bytes.clone()).expect("is not empty");
                assert!(arrived(chunk, room).await == expected, "{length} bytes, {room} at once");
            }
        }
        assert_eq!(arrived(Chunk::last(), 2).await, LAST_CHUNK);
        assert!(Chunk::new(Bytes::new()).is_none());
    }
}
