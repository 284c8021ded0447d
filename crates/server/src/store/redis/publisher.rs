//! Publishes to the Redis of several nodes without being one of them: by the catalog that they have admitted, with the
//! same judging, the same derived fields and the same script.

use std::sync::{Arc, PoisonError, RwLock, Weak};

use growset_model::Function;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use super::RedisStore;
use super::catalog::{self, FOLLOW_EVERY, Tag};
use super::intake;
use super::link::Link;
use super::outlet::Outlet;
use super::terms::Terms;
use super::trouble::Health;
use crate::admission::{Admission, AdmissionError};
use crate::hub::{Item, PublishError, Published, check_key};
use crate::recipient::Named;
use crate::refusal::Refusal;
use crate::store::{self, Closed, StoreError};

/// Publishes straight to the Redis of several nodes. Clones are the same.
#[derive(Clone)]
pub struct RedisPublisher {
    shared: Arc<Shared>,
}

struct Shared {
    admitted: RwLock<Admitted>,
    intake: UnboundedSender<intake::Asked>,
}

struct Admitted {
    tag: Tag,
    admission: Arc<Admission>,
}

/// Why nothing can be published there.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Redis cannot be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No node has run there.
    #[error("no catalog was admitted there; start a node on this Redis first: growset serve --store …")]
    NoCatalog,
    /// It was written by a later Growset.
    #[error("the catalog that the nodes have admitted cannot be read: {0}")]
    Catalog(#[from] AdmissionError),
}

impl RedisPublisher {
    /// Connects, and follows the catalog that the nodes have admitted. `registered` are the derived functions of the
    /// application that are known here. Wants a tokio runtime for as long as the publisher lives.
    pub async fn connect(store: RedisStore, registered: &[Function]) -> Result<Self, ConnectError> {
        let link = Link::open(store.address.clone(), Arc::default()).await.map_err(StoreError::from)?;
        let writing = store.writing(&link).await?;
        let kept = catalog::read(&link).await.map_err(StoreError::from)?.ok_or(ConnectError::NoCatalog)?;
        let terms = Terms::ask(&link).await.map_err(StoreError::from)?.ok_or(ConnectError::NoCatalog)?;
        let admission = Admission::admitted(&kept.json, registered, terms.served)?;
        let admitted = Admitted { tag: Tag::of(&kept), admission: Arc::new(admission) };
        let (intake, requests) = unbounded_channel();
        let (terms, known_terms) = watch::channel(terms);
        tokio::spawn(intake::run(Outlet::new(writing, known_terms, store.replicas), Arc::default(), requests));
        let shared = Arc::new(Shared { admitted: RwLock::new(admitted), intake });
        tokio::spawn(follow(link, terms, Arc::downgrade(&shared)));
        Ok(Self { shared })
    }

    /// One event for [`Self::publish`], judged by the catalog that the nodes have admitted.
    pub fn admit(&self, event: &str, to: Named, data: Value, key: Option<String>) -> Result<Item, Refusal> {
        check_key(key.as_deref())?;
        let payload = self.admission().admit_value(event, data, Vec::new())?;
        let recipient = to.for_audience(payload.audience).map_err(|message| Refusal::WrongRecipient { message })?;
        Ok(Item { recipient, payload, key })
    }

    /// Publishes events in order. One that fails does not keep the others.
    pub async fn publish(&self, items: Vec<Item>) -> Vec<Result<Published, PublishError>> {
        let send = |drafts, answer| self.shared.intake.send(intake::Asked::Publish(drafts, answer));
        store::publish(items, |drafts, answer| send(drafts, answer).map_err(|_| Closed)).await
    }

    /// The catalog that payloads are judged by.
    pub fn admission(&self) -> Arc<Admission> {
        self.shared.admitted().1
    }
}

impl Shared {
    fn admitted(&self) -> (Tag, Arc<Admission>) {
        let admitted = self.admitted.read().unwrap_or_else(PoisonError::into_inner);
        (admitted.tag.clone(), admitted.admission.clone())
    }
}

/// Judges by what the nodes admit, and keeps as long as they do, until the publisher is gone. What cannot be followed
/// stays as it was.
async fn follow(link: Link, terms: watch::Sender<Terms>, shared: Weak<Shared>) {
    let following = Health::of("following the catalog", link.troubles());
    let mut unreadable = None;
    loop {
        tokio::time::sleep(FOLLOW_EVERY).await;
        let Some((known, present)) = shared.upgrade().map(|shared| shared.admitted()) else {
            return;
        };
        let found = match catalog::tag(&link).await {
            Ok(None) => Ok(None), // The nodes keep it anew.
            Ok(Some(tag)) if tag == known || Some(&tag) == unreadable.as_ref() => Ok(None),
            Ok(Some(_)) => catalog::read(&link).await,
            Err(trouble) => Err(trouble),
        };
        let told = Terms::ask(&link).await;
        match (found, told) {
            (Ok(found), Ok(told)) => {
                following.is_well();
                if let Some(told) = told {
                    terms.send_if_modified(|known| std::mem::replace(known, told) != told);
                }
                let Some(kept) = found else { continue };
                match (present.with_catalog(&kept.json), shared.upgrade()) {
                    (Ok(admission), Some(shared)) => {
                        let admitted = Admitted { tag: Tag::of(&kept), admission: Arc::new(admission) };
                        *shared.admitted.write().unwrap_or_else(PoisonError::into_inner) = admitted;
                    }
                    (Err(error), _) => {
                        unreadable = Some(Tag::of(&kept));
                        tracing::error!(%error, "the admitted catalog cannot be read");
                    }
                    (Ok(_), None) => return,
                }
            }
            (Err(trouble), _) | (_, Err(trouble)) => following.is_ill(&trouble),
        }
    }
}
