//! One connection: which HTTP it speaks, its requests, and who writes its stream.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Response, Version};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{sleep, timeout};
use tower_service::Service;

use crate::http::Peer;
use crate::http::stalled::Deadlined;
use crate::http::takeover::{self, Takeover};
#[cfg(feature = "tls")]
use crate::http::tls::Tls;

/// Bytes of one connection that wait for a slow reader, about.
const WRITE_BUFFER: usize = 64 << 10;

/// How HTTP/2 begins where it is not negotiated (RFC 9113, section 3.4). No method of HTTP/1.1 begins so.
const HTTP2_BEGINS: &[u8; 3] = b"PRI";

/// One connection's way in.
pub(crate) struct Carrier {
    pub(crate) address: SocketAddr,
    pub(crate) router: Router,
    /// Kept until the connection is gone: whoever drains waits for that.
    pub(crate) leaving: watch::Receiver<bool>,
    pub(crate) permit: OwnedSemaphorePermit,
    pub(crate) head_timeout: Duration,
    pub(crate) write_timeout: Duration,
}

impl Carrier {
    /// By TLS when there is a certificate. A handshake that fails is the other side's affair.
    #[cfg(feature = "tls")]
    pub(crate) async fn enter(self, stream: TcpStream, tls: Option<Tls>) {
        let Some(tls) = tls else {
            return self.carry(stream).await;
        };
        // What fails here fails again below.
        let _ = stream.set_nodelay(true);
        let handshake = timeout(self.head_timeout, tls.acceptor.accept(stream));
        let mut leaving = self.leaving.clone();
        let handshake = tokio::select! {
            handshake = handshake => handshake,
            _ = leaving.wait_for(|is_leaving| *is_leaving) => return,
        };
        if let Ok(Ok(stream)) = handshake {
            if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                self.carry_http2(stream).await;
            } else {
                self.carry_http1(stream).await;
            }
        }
    }

    pub(crate) async fn carry(mut self, stream: TcpStream) {
        // A frame waits for nothing; what fails here fails again below.
        let _ = stream.set_nodelay(true);
        let begin = timeout(self.head_timeout, begins_as_http2(&stream));
        let begin = tokio::select! {
            begin = begin => begin,
            _ = self.leaving.wait_for(|is_leaving| *is_leaving) => return,
        };
        match begin {
            Ok(Ok(true)) => self.carry_http2(stream).await,
            Ok(Ok(false)) => self.carry_http1(stream).await,
            Ok(Err(_)) | Err(_) => {} // It said nothing, or is gone.
        }
    }

    async fn carry_http2(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Self { address, router, mut leaving, permit: _permit, .. } = self;
        let service = service_fn(move |request| answer(&router, Peer { address, takeover: None }, request));
        let mut server = http2::Builder::new(TokioExecutor::new());
        server.timer(TokioTimer::new()).keep_alive_interval(Some(Duration::from_secs(30)));
        let stream = TokioIo::new(Deadlined::new(stream, self.write_timeout));
        let mut connection = pin!(server.serve_connection(stream, service));
        tokio::select! {
            // A connection that breaks is the other side's affair.
            _ = &mut connection => return,
            _ = leaving.wait_for(|is_leaving| *is_leaving) => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }

    async fn carry_http1(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Self { address, router, leaving, permit, .. } = self;
        let takeover = Takeover::default();
        let offered = takeover.clone();
        let asked = Arc::new(AtomicBool::new(false));
        let is_asked = asked.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            // Others have no body in chunks.
            let is_fit = request.version() == Version::HTTP_11 && request.method() != Method::HEAD;
            let takeover = is_fit.then(|| offered.clone());
            let answered = answer(&router, Peer { address, takeover }, request);
            let asked = asked.clone();
            asked.store(true, Ordering::Relaxed);
            async move {
                let answered = answered.await;
                asked.store(false, Ordering::Relaxed);
                answered
            }
        });
        let mut server = http1::Builder::new();
        server.timer(TokioTimer::new()).header_read_timeout(self.head_timeout).max_buf_size(WRITE_BUFFER);
        let (stream, is_flushed) = Deadlined::new(stream, self.write_timeout).watched();
        let mut connection = server.serve_connection(TokioIo::new(stream), service);
        let mut told = leaving.clone();
        let mut told = pin!(told.wait_for(|is_leaving| *is_leaving));
        let mut is_told = false;
        let taken = poll_fn(|context| {
            if !is_told && told.as_mut().poll(context).is_ready() {
                is_told = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
            // A connection that breaks is the other side's affair.
            if Pin::new(&mut connection).poll(context).is_ready() {
                return Poll::Ready(None);
            }
            if !is_flushed.load(Ordering::Relaxed) {
                return Poll::Pending;
            }
            match takeover.take() {
                Some(body) => Poll::Ready(Some(body)),
                // Whoever has sent no more than a part of a head is not waited for.
                None if is_told && !is_asked.load(Ordering::Relaxed) => Poll::Ready(None),
                None => Poll::Pending,
            }
        });
        if let Some(body) = taken.await {
            let stream = connection.into_parts().io.into_inner().unwatched();
            // In a task of its own, without the room that hyper's state takes in this one.
            tokio::spawn(takeover::carry(stream, body, (leaving, permit)));
        }
    }
}

async fn begins_as_http2(stream: &TcpStream) -> io::Result<bool> {
    let mut begin = [0; HTTP2_BEGINS.len()];
    loop {
        let length = stream.peek(&mut begin).await?;
        if length == 0 || begin[..length] != HTTP2_BEGINS[..length] {
            return Ok(false);
        }
        if length == begin.len() {
            return Ok(true);
        }
        // What was peeked at stays readable, so that waiting for the rest would not wait.
        sleep(Duration::from_millis(1)).await;
    }
}

fn answer(
    router: &Router,
    peer: Peer,
    mut request: hyper::Request<Incoming>,
) -> impl Future<Output = Result<Response<Body>, Infallible>> + use<> {
    request.extensions_mut().insert(peer);
    router.clone().call(request)
}
