//! Which nodes are alive. One that says nothing for a while is not, and what it had is free again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::Script;

use crate::store::redis::keys::NODES;
use crate::store::redis::link::Link;
use crate::store::redis::trouble::Trouble;

/// How often a node says that it is alive.
pub(super) const BEAT: Duration = Duration::from_secs(5);

/// For how long it is believed.
const LEASE: Duration = Duration::from_secs(15);

/// For how long those are known that are alive no more: longer than what they stated is kept.
const MEMORY: Duration = Duration::from_secs(15 * 60);

/// The nodes on one store. Clones are the same.
#[derive(Clone)]
pub(super) struct Nodes {
    inner: Arc<Inner>,
}

struct Inner {
    me: String,
    known: Mutex<Arc<Known>>,
    /// The store may not know any more that this node is alive.
    is_forgotten: AtomicBool,
}

/// Who is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Beside this node.
    pub(super) alive: Vec<String>,
    pub(super) dead: Vec<String>,
}

impl Nodes {
    /// One node more.
    pub(super) async fn enter(link: &Link) -> Result<Self, Trouble> {
        // Two nodes of one name would only count each other's streams as their own.
        let me = format!("{:016x}", getrandom::u64().unwrap_or_default());
        let nodes =
            Self { inner: Arc::new(Inner { me, known: Mutex::default(), is_forgotten: AtomicBool::default() }) };
        nodes.beat(link).await?;
        Ok(nodes)
    }

    pub(super) fn me(&self) -> &str {
        &self.inner.me
    }

    pub(super) fn known(&self) -> Arc<Known> {
        self.inner.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says that this node is alive, and finds out who else is.
    pub(super) async fn beat(&self, link: &Link) -> Result<Arc<Known>, Trouble> {
        let script = Script::new(include_str!("nodes.lua"));
        let mut call = script.prepare_invoke();
        call.key(NODES).arg(self.me()).arg(LEASE.as_millis() as u64).arg(MEMORY.as_millis() as u64);
        let (mut alive, dead): (Vec<String>, Vec<String>) = link.invoke(&call).await?;
        alive.retain(|node| node != self.me());
        let known = Arc::new(Known { alive, dead });
        *self.inner.known.lock().unwrap_or_else(PoisonError::into_inner) = known.clone();
        self.inner.is_forgotten.store(false, Ordering::Relaxed);
        Ok(known)
    }

    /// The store failed. It may come back without knowing that this node is alive.
    pub(super) fn doubt(&self) {
        self.inner.is_forgotten.store(true, Ordering::Relaxed);
    }

    /// Says that this node is alive when the store may have forgotten it: others would take back what a stranger states.
    pub(super) async fn reappear(&self, link: &Link) -> Result<(), Trouble> {
        if self.inner.is_forgotten.load(Ordering::Relaxed) {
            self.beat(link).await?;
        }
        Ok(())
    }
}
