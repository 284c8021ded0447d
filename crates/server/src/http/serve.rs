//! The server that carries the routes: connections in, and everyone sent home in time.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, timeout, timeout_at};

use crate::http::carrier::Carrier;
#[cfg(feature = "tls")]
use crate::http::tls::Tls;
use crate::http::{App, Limits};

/// Between two looks at what nobody tells.
const PAUSE: Duration = Duration::from_millis(20);

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

/// Serves until `shutdown` completes, then drains: `/readyz` says no at once, streams are told goodbye one by one over
/// most of `window`, to come back spread over as long, and everything answered is stored. Requests are answered until
/// the last stream is gone. Returns within `window`.
pub async fn serve(door: impl Into<Door>, app: App, shutdown: impl Future<Output = ()>, window: Duration) -> Drained {
    let (leave, leaving) = watch::channel(false);
    let connections = Arc::new(Semaphore::new(app.inner.usage.limits.connections));
    let entrance =
        Entrance { door: door.into(), router: app.router(), limits: &app.inner.usage.limits, leaving, connections };
    entrance.admit_until(shutdown).await;
    let deadline = Instant::now() + window;
    // The rest is for those who are told last, for answers that are on their way, and for the store.
    let over = window * 4 / 5;
    tracing::info!(streams = app.hub().listeners(), ?window, "leaving");
    app.unready();
    app.hub().say_goodbye(over);
    // Whoever balances hears of it by `/readyz`, so it has to be able to ask.
    let _ = timeout(over, entrance.admit_until(everyone_gone(&app))).await;
    drop(entrance);
    // Nobody listens any more when this fails.
    let _ = leave.send(true);
    let all_gone = timeout_at(deadline - window / 10, leave.closed()).await.is_ok();
    let closed = timeout_at(deadline, app.hub().close()).await.is_ok();
    tracing::info!(all_gone, closed, "left");
    if all_gone && closed { Drained::InTime } else { Drained::Cut }
}

async fn everyone_gone(app: &App) {
    while app.hub().listeners() > 0 {
        tokio::time::sleep(PAUSE).await;
    }
}

/// Where connections come in.
struct Entrance<'a> {
    door: Door,
    router: Router,
    limits: &'a Limits,
    leaving: watch::Receiver<bool>,
    connections: Arc<Semaphore>,
}

impl Entrance<'_> {
    async fn admit_until(&self, end: impl Future<Output = ()>) {
        let mut end = pin!(end);
        loop {
            let accepted = tokio::select! {
                accepted = self.door.listener.accept() => accepted,
                () = &mut end => return,
            };
            match accepted {
                Ok((stream, address)) => self.admit(stream, address),
                // Out of file descriptors, for one: pausing lets some come free.
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Whoever comes over the limit is hung up on.
    fn admit(&self, stream: TcpStream, address: SocketAddr) {
        let Ok(permit) = self.connections.clone().try_acquire_owned() else {
            return;
        };
        let carrier = Carrier {
            address,
            router: self.router.clone(),
            leaving: self.leaving.clone(),
            permit,
            head_timeout: self.limits.head_timeout,
            write_timeout: self.limits.write_timeout,
        };
        #[cfg(feature = "tls")]
        tokio::spawn(carrier.enter(stream, self.door.tls.clone()));
        #[cfg(not(feature = "tls"))]
        tokio::spawn(carrier.carry(stream));
    }
}
