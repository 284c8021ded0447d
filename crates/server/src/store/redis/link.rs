//! The connection that everything but listening goes over. When it is lost, it is made anew in the background, and
//! meanwhile every request fails at once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::{Cmd, FromRedisValue, PushInfo, ScriptInvocation};
use tokio::sync::Notify;

use super::address::{Address, Wire};
use super::trouble::{Health, Trouble};

/// Between two tries to connect, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// Clones are the same.
#[derive(Clone)]
pub(super) struct Link {
    inner: Arc<Inner>,
}

struct Inner {
    address: Address,
    wire: Mutex<Option<Wire>>,
    lost: Notify,
    reaching: Health,
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
    /// Connects, and stays connected for as long as anybody holds it.
    pub(super) async fn open(address: Address) -> Result<Self, Trouble> {
        let wire = address.connect(deaf).await?;
        let reaching = Health::default();
        let inner = Arc::new(Inner { address, wire: Mutex::new(Some(wire)), lost: Notify::new(), reaching });
        let kept = Arc::downgrade(&inner);
        tokio::spawn(async move {
            let mut pauses = Pauses::default();
            while let Some(inner) = kept.upgrade() {
                if inner.lock().is_some() {
                    // Wakes up now and then to see whether anybody is left.
                    let _ = tokio::time::timeout(PAUSES.1, inner.lost.notified()).await;
                    continue;
                }
                let connected = inner.address.connect(deaf).await.map_err(Trouble::from);
                match connected {
                    Ok(wire) => {
                        *inner.lock() = Some(wire);
                        inner.reaching.is_well("connecting");
                        pauses = Pauses::default();
                    }
                    Err(trouble) => {
                        inner.reaching.is_ill("connecting", &trouble);
                        drop(inner);
                        tokio::time::sleep(pauses.next()).await;
                    }
                }
            }
        });
        Ok(Self { inner })
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
        self.inner.lock().clone().ok_or_else(Trouble::away)
    }

    fn failed(&self, trouble: Trouble) -> Trouble {
        if trouble.state.asks_for_another_wire() && self.inner.lock().take().is_some() {
            self.inner.reaching.is_ill("connecting", &trouble);
            self.inner.lost.notify_one();
        }
        trouble
    }
}

impl Inner {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Wire>> {
        self.wire.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// This connection subscribes to nothing.
fn deaf(_: PushInfo) -> Result<(), redis::aio::SendError> {
    Ok(())
}
