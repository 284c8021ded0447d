//! The hub: what was admitted goes in, listeners come out.
//!
//! Knows nothing of HTTP and credentials: it takes recipients, admitted payloads and subscriptions, which can only be
//! made valid.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, mpsc};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use growset_event::{Event, Target};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::admission::{Admission, AdmittedPayload};
use crate::admitted::{Admitted, CatalogError, Following};
use crate::commons::{Alone, Commons, Held};
use crate::cursor::{Cursor, Position};
use crate::erasure::Erasure;
use crate::listener::{Listener, Place};
use crate::metrics::Metrics;
use crate::recipient::{Named, Recipient, Scope};
use crate::refusal::Refusal;
use crate::ring::{Attendance, Ring, Since, Start};
use crate::settings::Settings;
use crate::store::{self, Closed, Command, Journal, Store, StoreError};
use crate::subscription::Subscription;
use crate::troubles::Troubles;
use crate::writer;

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
    /// Something else was published under the key, or to somebody else.
    #[error("the key was used for another payload or recipient, which became {first}; give each event its own")]
    KeyTaken {
        /// The id of that event.
        first: String,
    },
    /// The store failed; nothing was taken.
    #[error("nothing was stored: {0}")]
    Store(String),
    /// The store did not say whether it took the event.
    #[error("whether it was stored is not known; publish it again under the same key: {0}")]
    Unclear(String),
    /// The hub was closed.
    #[error("the server is shutting down")]
    Closed,
    /// A type's own serialisation failed.
    #[error("the payload cannot be serialised: {0}")]
    Serialise(String),
}

/// Why there is no stream.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ListenError {
    /// The event that it would end with has come already.
    #[error("the stream has ended")]
    Ended,
    /// The store cannot say what has to be replayed.
    #[error("what was missed cannot be told: {0}")]
    Store(String),
    /// The hub was closed.
    #[error("the server is shutting down")]
    Closed,
}

/// One event on its way in.
pub struct Item {
    /// To whom.
    pub recipient: Recipient,
    /// What.
    pub payload: AdmittedPayload,
    /// The publisher's identity of the event, 1 to 128 bytes.
    pub key: Option<String>,
}

/// Longest publisher's key, in bytes.
const LONGEST_KEY: usize = 128;

/// Refuses a key that no publisher may use.
pub(crate) fn check_key(key: Option<&str>) -> Result<(), Refusal> {
    match key {
        Some(key) if key.is_empty() || key.len() > LONGEST_KEY => {
            Err(Refusal::MalformedRequest { message: format!("`key` has 1 to {LONGEST_KEY} bytes") })
        }
        Some(_) | None => Ok(()),
    }
}

pub(crate) struct Shared {
    pub(crate) admitted: RwLock<Admitted>,
    /// Of `admitted`, for those who only want to know whether it changed.
    pub(crate) turn: AtomicU64,
    /// Whether it is the one that the store keeps.
    pub(crate) following: Mutex<Following>,
    /// The digest of the catalog that this node was started with.
    pub(crate) own_catalog: String,
    rings: Mutex<HashMap<Scope, Arc<Ring>>>,
    /// Held by a node of several, so that it always hears public events.
    #[cfg(feature = "redis")]
    public: Mutex<Option<Attendance>>,
    /// What a ring starts from that nothing was published to; nothing where only the store can tell.
    start: Option<Start>,
    pub(crate) settings: Settings,
    pub(crate) metrics: Arc<Metrics>,
    /// Tells one run of one node from another.
    pub(crate) server: String,
    store: Box<dyn Store>,
    /// What it shares with other nodes on the store, beside events.
    pub(crate) commons: Box<dyn Commons>,
    /// What is wrong with the store just now.
    pub(crate) troubles: Arc<Troubles>,
    /// The tickets whose streams are open here.
    pub(crate) held: Held,
    /// Once the server leaves.
    goodbye: OnceLock<Goodbye>,
}

/// How a server leaves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Goodbye {
    /// The time over which listeners go.
    pub(crate) over: Duration,
    /// When it ends.
    pub(crate) until: Instant,
}

impl Hub {
    /// Starts a hub over one journal, with this catalog when it grows from the one that the journal keeps. The remarks are
    /// for the operator.
    pub fn start(
        admission: Admission,
        mut journal: impl Journal + 'static,
        settings: Settings,
    ) -> Result<(Self, Vec<String>), CatalogError> {
        let mut history = journal.open(u32::try_from(now_ms() / 1000).unwrap_or(u32::MAX))?;
        let mut remarks = std::mem::take(&mut history.remarks);
        let own_catalog = admission.digest().to_owned();
        let admitted = Admitted::at_start(admission, history.catalog.take(), &mut journal, &mut remarks)?;
        let start = Start { born: history.born, epoch: history.epoch, last: 0, erased: 0, eras: Vec::new() };
        let (sender, receiver) = mpsc::channel();
        let shared = Shared::new(
            admitted,
            own_catalog,
            settings,
            Some(start),
            Box::new(sender),
            Box::<Alone>::default(),
            Arc::default(),
        );
        writer::spawn(&shared, history, Box::new(journal), receiver).map_err(|cause| StoreError::Disk {
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
        self.shared.tell(Command::Erase(erasure, answer)).map_err(|_| PublishError::Closed)?;
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
        if self.shared.has_diverged() {
            let diverged = "another catalog was admitted, which does not grow from the one that this node serves";
            return vec![Err(PublishError::Store(diverged.to_owned())); items.len()];
        }
        store::publish(items, |drafts, answer| self.shared.tell(Command::Publish(drafts, answer))).await
    }

    /// Opens a stream, from the last id when there is one.
    pub async fn listen(&self, subscription: Subscription, last_id: Option<&str>) -> Result<Listener, ListenError> {
        let last = last_id.and_then(Cursor::parse);
        let since = |position: Option<Position>| match (position, &subscription.until) {
            (Some(_), Some(_)) => Since::Everything,
            (Some(position), None) => Since::After(position),
            (None, _) => Since::Now,
        };
        let scope = Scope::Org(subscription.identity.org.clone());
        let org = self.shared.attend(scope, since(last.map(|last| last.org))).await?;
        let public = match subscription.hears_public() {
            true => Some(self.shared.attend(Scope::Public, since(last.and_then(|last| last.public))).await?),
            false => None,
        };
        let places = (Place::at_end(org), public.map(Place::at_end));
        Listener::open(self.shared.clone(), subscription, last_id, places).ok_or(ListenError::Ended)
    }

    /// Sends every listener away, spread over so long, to come back spread over as long.
    pub fn say_goodbye(&self, over: Duration) {
        // Whoever says it again says nothing new.
        let _ = self.shared.goodbye.set(Goodbye { over, until: Instant::now() + over });
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
        if self.shared.tell(Command::Close(answer)).is_ok() {
            // The writer may be gone already, which is as good.
            let _ = answered.await;
        }
    }
}

impl Shared {
    pub(crate) fn new(
        admitted: Admitted,
        own_catalog: String,
        settings: Settings,
        start: Option<Start>,
        store: Box<dyn Store>,
        commons: Box<dyn Commons>,
        troubles: Arc<Troubles>,
    ) -> Arc<Self> {
        Arc::new(Self {
            turn: AtomicU64::new(admitted.turn),
            following: Mutex::default(),
            admitted: RwLock::new(admitted),
            own_catalog,
            rings: Mutex::new(HashMap::new()),
            #[cfg(feature = "redis")]
            public: Mutex::new(None),
            settings,
            metrics: Arc::default(),
            server: format!("{}-{:08x}", start.as_ref().map_or(0, |start| start.epoch), random()),
            start,
            store,
            commons,
            troubles,
            held: Held::default(),
            goodbye: OnceLock::new(),
        })
    }

    pub(crate) fn admission(&self) -> Arc<Admission> {
        self.admitted().admission
    }

    /// Fails when the hub was closed.
    pub(crate) fn tell(&self, command: Command) -> Result<(), Closed> {
        self.store.tell(command)
    }

    /// The ring of a listener, with what it wants to find there.
    pub(crate) async fn attend(&self, scope: Scope, since: Since) -> Result<Attendance, ListenError> {
        if let Some(ring) = self.ring(&scope).and_then(|ring| ring.enter(since)) {
            return Ok(ring);
        }
        let (answer, answered) = oneshot::channel();
        self.tell(Command::Attend(scope, since, answer)).map_err(|_| ListenError::Closed)?;
        let attended = answered.await.map_err(|_| ListenError::Closed)?;
        attended.map_err(|error| ListenError::Store(error.to_string()))
    }

    fn lock_rings(&self) -> MutexGuard<'_, HashMap<Scope, Arc<Ring>>> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing when only the store can tell what is in it.
    pub(crate) fn ring(&self, scope: &Scope) -> Option<Arc<Ring>> {
        match &self.start {
            Some(start) => Some(self.ring_from(scope, || start.clone())),
            None => self.lock_rings().get(scope).cloned(),
        }
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

    /// A ring that its store has filled.
    #[cfg(feature = "redis")]
    pub(crate) fn add_ring(&self, scope: &Scope, ring: &Arc<Ring>) {
        self.lock_rings().insert(scope.clone(), ring.clone());
    }

    /// A ring that nothing comes to any more.
    #[cfg(feature = "redis")]
    pub(crate) fn remove_ring(&self, scope: &Scope) {
        self.lock_rings().remove(scope);
    }

    #[cfg(feature = "redis")]
    pub(crate) fn keep_public(&self, public: Attendance) {
        *self.public.lock().unwrap_or_else(PoisonError::into_inner) = Some(public);
    }

    pub(crate) fn public_ring(&self) -> Option<Arc<Ring>> {
        self.ring(&Scope::Public)
    }

    pub(crate) fn every_ring(&self) -> Vec<(Scope, Arc<Ring>)> {
        self.lock_rings().iter().map(|(scope, ring)| (scope.clone(), ring.clone())).collect()
    }

    /// How the server leaves, once it does.
    pub(crate) fn goodbye(&self) -> Option<Goodbye> {
        self.goodbye.get().copied()
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

/// A part of a time.
pub(crate) fn random_part(whole: Duration) -> Duration {
    Duration::from_millis(random_below(u64::try_from(whole.as_millis()).unwrap_or(u64::MAX)))
}

fn random_below(bound: u64) -> u64 {
    // Two factors of 32 bits do not overflow.
    (u64::from(random()) * bound.min(u64::from(u32::MAX))) >> 32
}

fn random() -> u32 {
    // Without a source of randomness everyone gets the same delay, which is no reason to fail.
    getrandom::u32().unwrap_or(0)
}
