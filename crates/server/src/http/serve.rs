//! The server that carries the routes: connections in, and everyone sent home in time.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, timeout_at};

use crate::http::App;
use crate::http::carrier::Carrier;
#[cfg(feature = "tls")]
use crate::http::tls::Tls;

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
            let limits = &app.inner.usage.limits;
            let carrier = Carrier {
                address,
                router: router.clone(),
                leaving: leaving.clone(),
                permit,
                head_timeout: limits.head_timeout,
                write_timeout: limits.write_timeout,
            };
            #[cfg(feature = "tls")]
            tokio::spawn(carrier.enter(stream, door.tls.clone()));
            #[cfg(not(feature = "tls"))]
            tokio::spawn(carrier.carry(stream));
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
