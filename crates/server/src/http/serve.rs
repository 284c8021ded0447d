//! The server that carries the routes: connections in, and everyone sent home in time.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, timeout_at};
use tower_service::Service;

use crate::http::stalled::Deadlined;
#[cfg(feature = "tls")]
use crate::http::tls::Tls;
use crate::http::{App, Peer};

/// Bytes of one connection that wait for a slow reader, about.
const WRITE_BUFFER: usize = 64 << 10;

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// Everyone was sent home within the window.
    InTime,
    /// Some connections were cut.
    Cut,
}

/// Where connections come from.
pub struct Door {
    listener: TcpListener,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
}

impl From<TcpListener> for Door {
    fn from(listener: TcpListener) -> Self {
        Self {
            listener,
            #[cfg(feature = "tls")]
            tls: None,
        }
    }
}

impl Door {
    /// Speaks TLS with whoever comes in.
    #[cfg(feature = "tls")]
    pub fn with_tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }
}

/// Serves until `shutdown` completes, then drains: not ready at once, a goodbye to every stream with reconnections
/// spread over `window`, everything answered stored. Returns within `window`.
pub async fn serve(door: impl Into<Door>, app: App, shutdown: impl Future<Output = ()>, window: Duration) -> Drained {
    let door: Door = door.into();
    let (leave, leaving) = watch::channel(false);
    let connections = Arc::new(Semaphore::new(app.inner.usage.limits.connections));
    let router = app.router();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = door.listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let Ok((stream, address)) = accepted else {
            // Out of file descriptors, for one: pausing lets some come free.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        // Whoever comes over the limit is hung up on.
        if let Ok(permit) = connections.clone().try_acquire_owned() {
            let carrier = Carrier {
                peer: Peer(address),
                router: router.clone(),
                leaving: leaving.clone(),
                head_timeout: app.inner.usage.limits.head_timeout,
                write_timeout: app.inner.usage.limits.write_timeout,
            };
            #[cfg(feature = "tls")]
            let tls = door.tls.clone();
            tokio::spawn(async move {
                #[cfg(feature = "tls")]
                carrier.enter(stream, tls).await;
                #[cfg(not(feature = "tls"))]
                carrier.carry(stream).await;
                drop(permit);
            });
        }
    }
    drop(door);
    drop(leaving);
    let deadline = Instant::now() + window;
    tracing::info!(streams = app.hub().listeners(), ?window, "leaving");
    app.unready();
    app.hub().say_goodbye(u64::try_from(window.as_millis()).unwrap_or(u64::MAX));
    // Nobody listens any more when this fails.
    let _ = leave.send(true);
    // A margin for the store.
    let all_gone = timeout_at(deadline - window / 10, leave.closed()).await.is_ok();
    let closed = timeout_at(deadline, app.hub().close()).await.is_ok();
    tracing::info!(all_gone, closed, "left");
    if all_gone && closed { Drained::InTime } else { Drained::Cut }
}

/// One connection's way in.
struct Carrier {
    peer: Peer,
    router: axum::Router,
    leaving: watch::Receiver<bool>,
    head_timeout: Duration,
    write_timeout: Duration,
}

impl Carrier {
    /// By TLS when there is a certificate. A handshake that fails is the other side's affair.
    #[cfg(feature = "tls")]
    async fn enter(self, stream: TcpStream, tls: Option<Tls>) {
        let Some(tls) = tls else {
            return self.carry(stream).await;
        };
        // What fails here fails again below.
        let _ = stream.set_nodelay(true);
        let handshake = tokio::time::timeout(self.head_timeout, tls.acceptor.accept(stream));
        if let Ok(Ok(stream)) = handshake.await {
            self.carry_any(stream).await;
        }
    }

    async fn carry(self, stream: TcpStream) {
        // A frame waits for nothing; what fails here fails again below.
        let _ = stream.set_nodelay(true);
        self.carry_any(stream).await;
    }

    async fn carry_any(mut self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let (peer, router) = (self.peer, self.router);
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            router.clone().call(request)
        });
        let mut server = auto::Builder::new(TokioExecutor::new());
        server.http1().timer(TokioTimer::new()).header_read_timeout(self.head_timeout).max_buf_size(WRITE_BUFFER);
        server.http2().timer(TokioTimer::new()).keep_alive_interval(Some(Duration::from_secs(30)));
        let stream = TokioIo::new(Deadlined::new(stream, self.write_timeout));
        let mut connection = pin!(server.serve_connection(stream, service));
        tokio::select! {
            // A connection that breaks is the other side's affair.
            _ = &mut connection => return,
            _ = self.leaving.wait_for(|is_leaving| *is_leaving) => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }
}
