//! The hub: what was admitted goes in, listeners come out.
//!
//! Knows nothing of HTTP and credentials: it takes recipients, admitted payloads and subscriptions, which can only be
//! made valid.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, mpsc};
use std::time::{SystemTime, UNIX_EPOCH};

use growset_event::{Event, Target};
use tokio::sync::oneshot;

use crate::admission::{Admission, AdmittedPayload};
use crate::admitted::{Admitted, CatalogError};
use crate::erasure::Erasure;
use crate::listener::{self, Listener};
use crate::metrics::Metrics;
use crate::recipient::{Named, Recipient, Scope};
use crate::refusal::Refusal;
use crate::ring::{Ring, Start};
use crate::settings::Settings;
use crate::store::{Store, StoreError};
use crate::subscription::Subscription;
use crate::writer::{self, Command, Draft};

/// Takes admitted events and hands them to listeners. Clones are the same hub.
#[derive(Clone)]
pub struct Hub {
    pub(crate) shared: Arc<Shared>,
}

/// What was made of a publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The event's id.
    pub id: String,
    /// Whether an earlier publish under the same key had already made it.
    pub is_repeat: bool,
}

/// Why a publish was not taken.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PublishError {
    /// The catalog does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Another payload was published under the key.
    #[error("the key was used for another payload, which became {first}")]
    KeyTaken {
        /// The id of that event.
        first: String,
    },
    /// The store failed; nothing was taken.
    #[error("nothing was stored: {0}")]
    Store(String),
    /// The hub was closed.
    #[error("the server is shutting down")]
    Closed,
    /// A type's own serialisation failed.
    #[error("the payload cannot be serialised: {0}")]
    Serialise(String),
}

/// One event on its way in.
pub struct Item {
    /// To whom.
    pub recipient: Recipient,
    /// What.
    pub payload: AdmittedPayload,
    /// The publisher's identity of the event, at most 128 bytes.
    pub key: Option<String>,
}

pub(crate) struct Shared {
    pub(crate) admitted: RwLock<Admitted>,
    /// Of `admitted`, for those who only want to know whether it changed.
    pub(crate) revision: AtomicU64,
    /// The digest of the catalog that this node was started with.
    pub(crate) own_catalog: String,
    rings: Mutex<HashMap<Scope, Arc<Ring>>>,
    start: Start,
    pub(crate) settings: Settings,
    pub(crate) metrics: Metrics,
    /// Tells one run of one node from another.
    pub(crate) server: String,
    writer: mpsc::Sender<Command>,
    listeners: AtomicU64,
    /// Zero, or the milliseconds over which leaving listeners come back.
    goodbye: AtomicU64,
}

impl Hub {
    /// Starts a hub on a store, with this catalog when it grows from the one that the store keeps. The remarks are for
    /// the operator.
    pub fn start(
        admission: Admission,
        mut store: impl Store + 'static,
        settings: Settings,
    ) -> Result<(Self, Vec<String>), CatalogError> {
        let mut history = store.open(u32::try_from(now_ms() / 1000).unwrap_or(u32::MAX))?;
        let mut remarks = std::mem::take(&mut history.remarks);
        let own_catalog = admission.digest().to_owned();
        let admitted = Admitted::at_start(admission, history.catalog.take(), &mut store, &mut remarks)?;
        let start = Start { born: history.born, epoch: history.epoch, last: 0, erased: 0, eras: Vec::new() };
        let (sender, receiver) = mpsc::channel();
        let shared = Arc::new(Shared {
            revision: AtomicU64::new(admitted.revision),
            admitted: RwLock::new(admitted),
            own_catalog,
            rings: Mutex::new(HashMap::new()),
            start,
            settings,
            metrics: Metrics::default(),
            server: format!("{}-{:08x}", history.epoch, random()),
            writer: sender,
            listeners: AtomicU64::new(0),
            goodbye: AtomicU64::new(0),
        });
        writer::spawn(&shared, history, Box::new(store), receiver).map_err(|cause| StoreError::Disk {
            action: "start a thread for",
            path: "the store".into(),
            cause,
        })?;
        Ok((Self { shared }, remarks))
    }

    /// The catalog that payloads are admitted by.
    pub fn admission(&self) -> Arc<Admission> {
        self.shared.admission()
    }

    /// Erases history, retained payloads and keys, on disk as well. What is missing is told as a gap.
    pub async fn erase(&self, erasure: Erasure) -> Result<(), PublishError> {
        let (answer, answered) = oneshot::channel();
        self.shared.tell_writer(Command::Erase(erasure, answer)).map_err(|()| PublishError::Closed)?;
        let erased = answered.await.map_err(|_| PublishError::Closed)?;
        erased.map_err(|error| PublishError::Store(error.to_string()))
    }

    /// Publishes a typed event. A target of another audience does not compile:
    ///
    /// ```compile_fail,E0308
    /// # use growset_event::{Event, Org, Target};
    /// # #[derive(serde::Serialize)] struct OrderCreated;
    /// # impl Event for OrderCreated {
    /// #     const NAME: &'static str = "order.created";
    /// #     const BASE: &'static str = "order.created";
    /// #     const VERSION: u32 = 1;
    /// #     type Audience = Org;
    /// # }
    /// async fn wrong(hub: &growset_server::Hub) {
    ///     let _ = hub.publish(Target::public(), &OrderCreated).await;
    /// }
    /// ```
    ///
    /// ```
    /// # use growset_event::{Event, Org, Target};
    /// # #[derive(serde::Serialize)] struct OrderCreated;
    /// # impl Event for OrderCreated {
    /// #     const NAME: &'static str = "order.created";
    /// #     const BASE: &'static str = "order.created";
    /// #     const VERSION: u32 = 1;
    /// #     type Audience = Org;
    /// # }
    /// async fn right(hub: &growset_server::Hub) {
    ///     let _ = hub.publish(Target::org("acme"), &OrderCreated).await;
    /// }
    /// ```
    pub async fn publish<E: Event>(&self, target: Target<E::Audience>, event: &E) -> Result<Published, PublishError> {
        let text = serde_json::to_vec(event).map_err(|error| PublishError::Serialise(error.to_string()))?;
        let payload = self.admission().admit(E::NAME, &text)?;
        let named = Named {
            org: target.org_id().map(str::to_owned),
            user: target.user_id().map(str::to_owned),
            channel: target.channel_name().map(str::to_owned),
        };
        let recipient = named
            .for_audience(payload.audience)
            .map_err(|message| PublishError::Refused(Refusal::WrongRecipient { message }))?;
        self.publish_item(Item { recipient, payload, key: None }).await
    }

    /// Publishes one event.
    pub async fn publish_item(&self, item: Item) -> Result<Published, PublishError> {
        self.publish_items(vec![item]).await.pop().unwrap_or(Err(PublishError::Closed))
    }

    /// Publishes events in order. One that fails does not keep the others.
    pub async fn publish_items(&self, items: Vec<Item>) -> Vec<Result<Published, PublishError>> {
        let count = items.len();
        let (answer, answered) = oneshot::channel();
        let drafts = items.into_iter().map(Draft::from).collect();
        if self.shared.tell_writer(Command::Publish(drafts, answer)).is_err() {
            return vec![Err(PublishError::Closed); count];
        }
        answered.await.unwrap_or_else(|_| vec![Err(PublishError::Closed); count])
    }

    /// Opens a stream, from the last id when there is one. Nothing when the subscription has already ended.
    pub fn listen(&self, subscription: Subscription, last_id: Option<&str>) -> Option<Listener> {
        Listener::open(self.shared.clone(), subscription, last_id)
    }

    /// What is pending, as JSON. Nothing when the subscription has already ended.
    pub(crate) fn poll(&self, subscription: Subscription, after: Option<&str>) -> Option<String> {
        listener::poll(&self.shared, subscription, after)
    }

    /// Sends every listener away, to come back spread over so many milliseconds.
    pub fn say_goodbye(&self, over_ms: u64) {
        self.shared.goodbye.store(over_ms.max(1), Ordering::SeqCst);
        let rings: Vec<Arc<Ring>> = self.shared.lock_rings().values().cloned().collect();
        rings.iter().for_each(|ring| ring.wake());
    }

    /// How many streams are open.
    pub fn listeners(&self) -> u64 {
        u64::try_from(self.shared.metrics.listeners()).unwrap_or(0)
    }

    /// Stores what was published so far and lets go of the store. Later publishes fail.
    pub async fn close(&self) {
        let (answer, answered) = oneshot::channel();
        if self.shared.tell_writer(Command::Close(answer)).is_ok() {
            // The writer may be gone already, which is as good.
            let _ = answered.await;
        }
    }
}

impl Shared {
    pub(crate) fn admission(&self) -> Arc<Admission> {
        self.admitted().admission
    }

    /// Fails when the hub was closed.
    pub(crate) fn tell_writer(&self, command: Command) -> Result<(), ()> {
        self.writer.send(command).map_err(|_| ())
    }

    fn lock_rings(&self) -> MutexGuard<'_, HashMap<Scope, Arc<Ring>>> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ring(&self, scope: &Scope) -> Arc<Ring> {
        self.ring_from(scope, || self.start.clone())
    }

    pub(crate) fn ring_from(&self, scope: &Scope, start: impl FnOnce() -> Start) -> Arc<Ring> {
        let mut rings = self.lock_rings();
        if let Some(ring) = rings.get(scope) {
            return ring.clone();
        }
        let ring = Arc::new(Ring::new(self.settings.retention, scope, start()));
        rings.insert(scope.clone(), ring.clone());
        ring
    }

    pub(crate) fn org_ring(&self, org: &Arc<str>) -> Arc<Ring> {
        self.ring(&Scope::Org(org.clone()))
    }

    pub(crate) fn public_ring(&self) -> Arc<Ring> {
        self.ring(&Scope::Public)
    }

    pub(crate) fn every_ring(&self) -> Vec<(Scope, Arc<Ring>)> {
        self.lock_rings().iter().map(|(scope, ring)| (scope.clone(), ring.clone())).collect()
    }

    pub(crate) fn next_listener(&self) -> u64 {
        self.listeners.fetch_add(1, Ordering::Relaxed)
    }

    /// When the server leaves: after how many milliseconds this listener should come back.
    pub(crate) fn goodbye(&self) -> Option<u64> {
        match self.goodbye.load(Ordering::SeqCst) {
            0 => None,
            over => Some(random_below(over)),
        }
    }
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Between three quarters and five quarters of a time, so that those who left together do not come back together.
pub(crate) fn jitter(ms: u64) -> u64 {
    ms - ms / 4 + random_below((ms / 2).max(1))
}

fn random_below(bound: u64) -> u64 {
    // Two factors of 32 bits do not overflow.
    (u64::from(random()) * bound.min(u64::from(u32::MAX))) >> 32
}

fn random() -> u32 {
    // Without a source of randomness everyone gets the same delay, which is no reason to fail.
    getrandom::u32().unwrap_or(0)
}
