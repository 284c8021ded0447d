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
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, timeout_at};
use tower_service::Service;

use crate::http::{App, Peer};

/// Longer than this nobody needs for a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

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

/// Serves until `shutdown` completes, then drains: not ready at once, a goodbye to every stream with reconnections
/// spread over `window`, everything answered stored. Returns within `window`.
pub async fn serve(listener: TcpListener, app: App, shutdown: impl Future<Output = ()>, window: Duration) -> Drained {
    let (leave, leaving) = watch::channel(false);
    let connections = Arc::new(Semaphore::new(app.inner.usage.limits.connections));
    let router = app.router();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let Ok((stream, address)) = accepted else {
            // Out of file descriptors, for one: pausing lets some come free.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        // Whoever comes over the limit is hung up on.
        if let Ok(permit) = connections.clone().try_acquire_owned() {
            let connection = carry(stream, Peer(address), router.clone(), leaving.clone());
            tokio::spawn(async move {
                connection.await;
                drop(permit);
            });
        }
    }
    drop(listener);
    drop(leaving);
    let deadline = Instant::now() + window;
    app.unready();
    app.hub().say_goodbye(u64::try_from(window.as_millis()).unwrap_or(u64::MAX));
    // Nobody listens any more when this fails.
    let _ = leave.send(true);
    // A margin for the store.
    let all_gone = timeout_at(deadline - window / 10, leave.closed()).await.is_ok();
    let closed = timeout_at(deadline, app.hub().close()).await.is_ok();
    if all_gone && closed { Drained::InTime } else { Drained::Cut }
}

async fn carry(stream: TcpStream, peer: Peer, router: axum::Router, mut leaving: watch::Receiver<bool>) {
    // A frame waits for nothing; what fails here fails again below.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.clone().call(request)
    });
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(WRITE_BUFFER);
    server.http2().timer(TokioTimer::new()).keep_alive_interval(Some(Duration::from_secs(30)));
    let mut connection = pin!(server.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        // A connection that breaks is the other side's affair.
        _ = &mut connection => return,
        _ = leaving.wait_for(|is_leaving| *is_leaving) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
