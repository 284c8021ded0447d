//! The connection that everything but listening goes over. When it is lost, it is made anew in the background, and
//! meanwhile every request fails at once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::{Cmd, FromRedisValue, PushInfo, ScriptInvocation};
use tokio::sync::Notify;

use super::address::{Address, Wire};
use super::trouble::{Health, Trouble};
use crate::troubles::Troubles;

/// Between two tries to connect, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// Clones are the same.
#[derive(Clone)]
pub(super) struct Link {
    inner: Arc<Inner>,
}

struct Inner {
    address: Address,
    /// Or why there is none.
    wire: Mutex<Result<Wire, Trouble>>,
    lost: Notify,
    reaching: Health,
    troubles: Arc<Troubles>,
}

/// The pauses between tries to connect.
pub(super) struct Pauses(Duration);

impl Default for Pauses {
    fn default() -> Self {
        Self(PAUSES.0)
    }
}

impl Pauses {
    pub(super) fn next(&mut self) -> Duration {
        let pause = self.0;
        self.0 = (pause * 2).min(PAUSES.1);
        pause
    }
}

impl Link {
    /// Connects, and stays connected for as long as anybody holds it. Troubles are put where others see them.
    pub(super) async fn open(address: Address, troubles: Arc<Troubles>) -> Result<Self, Trouble> {
        let uses_tls = address.uses_tls();
        let wire = address.connect(deaf).await.map_err(|error| Trouble::from(error).advising(uses_tls))?;
        let reaching = Health::of("connecting", &troubles);
        let inner = Arc::new(Inner { address, wire: Mutex::new(Ok(wire)), lost: Notify::new(), reaching, troubles });
        let kept = Arc::downgrade(&inner);
        tokio::spawn(async move {
            let mut pauses = Pauses::default();
            while let Some(inner) = kept.upgrade() {
                if inner.lock().is_ok() {
                    // Wakes up now and then to see whether anybody is left.
                    let _ = tokio::time::timeout(PAUSES.1, inner.lost.notified()).await;
                    continue;
                }
                let connected = inner.address.connect(deaf).await.map_err(Trouble::from);
                match connected {
                    Ok(wire) => {
                        *inner.lock() = Ok(wire);
                        inner.reaching.is_well();
                        pauses = Pauses::default();
                    }
                    Err(trouble) => {
                        inner.reaching.is_ill(&trouble);
                        *inner.lock() = Err(trouble.still());
                        drop(inner);
                        tokio::time::sleep(pauses.next()).await;
                    }
                }
            }
        });
        Ok(Self { inner })
    }

    pub(super) fn troubles(&self) -> &Arc<Troubles> {
        &self.inner.troubles
    }

    pub(super) fn address(&self) -> &Address {
        &self.inner.address
    }

    pub(super) async fn invoke<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, Trouble> {
        let mut wire = self.wire()?;
        script.invoke_async(&mut wire).await.map_err(|error| self.failed(error.into()))
    }

    pub(super) async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Trouble> {
        let mut wire = self.wire()?;
        command.query_async(&mut wire).await.map_err(|error| self.failed(error.into()))
    }

    fn wire(&self) -> Result<Wire, Trouble> {
        self.inner.lock().clone()
    }

    fn failed(&self, trouble: Trouble) -> Trouble {
        let mut wire = self.inner.lock();
        if trouble.state.asks_for_another_wire() && wire.is_ok() {
            // Whether that is trouble is seen, and told, when the next one is made.
            *wire = Err(trouble.still());
            self.inner.lost.notify_one();
        }
        drop(wire);
        trouble
    }
}

impl Inner {
    fn lock(&self) -> std::sync::MutexGuard<'_, Result<Wire, Trouble>> {
        self.wire.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// This connection subscribes to nothing.
fn deaf(_: PushInfo) -> Result<(), redis::aio::SendError> {
    Ok(())
}
