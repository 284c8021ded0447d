//! A connection whose other side reads nothing for too long is given up: it holds memory and a place.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// A connection with a deadline for each write.
pub(crate) struct Deadlined<S> {
    inner: S,
    patience: Duration,
    /// While a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
    /// For who asked whether everything is flushed.
    is_flushed: Option<Arc<AtomicBool>>,
}

impl<S> Deadlined<S> {
    pub(crate) fn new(inner: S, patience: Duration) -> Self {
        Self { inner, patience, stalled: None, is_flushed: None }
    }

    /// Whether nothing was written since the last flush was done. Who writes through a buffer of its own flushes when
    /// that is empty.
    pub(crate) fn watched(mut self) -> (Self, Arc<AtomicBool>) {
        let is_flushed = self.is_flushed.get_or_insert_with(|| Arc::new(AtomicBool::new(true))).clone();
        (self, is_flushed)
    }

    /// Keeps no more account of that.
    pub(crate) fn unwatched(self) -> Self {
        Self { is_flushed: None, ..self }
    }

    fn note(&self, is_flushed: bool) {
        self.is_flushed.iter().for_each(|watched| watched.store(is_flushed, Ordering::Relaxed));
    }

    fn judge<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        ready!(self.stalled.get_or_insert_with(|| Box::pin(sleep(patience))).as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Deadlined<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Deadlined<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.note(false);
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.judge(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.note(false);
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, buffers);
        self.judge(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(context);
        self.note(flushed.is_ready());
        self.judge(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let closed = Pin::new(&mut self.inner).poll_shutdown(context);
        self.judge(context, closed)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_stops_is_given_up_and_one_that_is_slow_is_not() {
        let patience = Duration::from_secs(30);
        let (near, mut far) = duplex(8);
        let mut near = Deadlined::new(near, patience);
        near.write_all(b"12345678").await.expect("there is room");
        let slow = async {
            sleep(patience - Duration::from_secs(1)).await;
            far.read_exact(&mut [0; 4]).await.expect("something was written");
        };
        let (written, ()) = tokio::join!(near.write_all(b"1234"), slow);
        written.expect("it was read in time");
        let stalled = near.write_all(b"1").await.map_err(|error| error.kind());
        assert_eq!(stalled, Err(io::ErrorKind::TimedOut));
    }
}
