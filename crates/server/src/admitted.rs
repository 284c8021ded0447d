//! The catalog that is served: kept in the store, followed by every node, and replaced only by one that grows from it.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use growset_model::EventName;
use tokio::sync::oneshot;

use crate::admission::{Admission, AdmissionError};
use crate::cursor::Position;
use crate::erasure::Erasure;
use crate::hub::{Hub, Shared};
use crate::metrics::family;
use crate::standing::{Divergence, Standing};
use crate::store::{Command, Journal, Keeping, KeptCatalog, StoreError};

/// The catalog that is served.
#[derive(Clone)]
pub(crate) struct Admitted {
    /// Of the store; a later one has a larger one.
    pub(crate) revision: u64,
    pub(crate) admission: Arc<Admission>,
    /// Where public events stood when it began to be served: who hears of them by it hears all of them.
    pub(crate) public_from: Option<Position>,
}

/// What became of a catalog that was handed to a hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was served already.
    Same,
    /// It is served now.
    Admitted,
    /// It is older than what is served, which stays.
    Older,
}

/// Why a catalog is not served.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// It is none, or not released.
    #[error(transparent)]
    Refused(#[from] AdmissionError),
    /// It does not grow from the one that is served.
    #[error(transparent)]
    Diverged(#[from] Divergence),
    /// The one that the store keeps cannot be read, by a node that is too old for one.
    #[error("the admitted catalog in the store cannot be read: {0}")]
    Kept(AdmissionError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The hub was closed.
    #[error("the server is shutting down")]
    Closed,
}

impl Admitted {
    /// What a node starts with: its own catalog where that grows from the kept one, else the kept one.
    pub(crate) fn at_start(
        own: Admission,
        kept: Option<KeptCatalog>,
        journal: &mut dyn Journal,
        remarks: &mut Vec<String>,
    ) -> Result<Self, CatalogError> {
        let own = Arc::new(own);
        let mut kept = kept;
        loop {
            let after = match Self::judge(&own, kept.as_ref(), remarks)? {
                Ok(admitted) => return Ok(admitted),
                Err(after) => after,
            };
            match journal.keep_catalog(after, own.json())? {
                Keeping::Kept(revision) => return Ok(Self { revision, admission: own, public_from: None }),
                Keeping::Overtaken(other) => kept = Some(other),
            }
        }
    }

    /// What a node starts with, or the revision that its own catalog takes the place of once it is kept.
    pub(crate) fn judge(
        own: &Arc<Admission>,
        kept: Option<&KeptCatalog>,
        remarks: &mut Vec<String>,
    ) -> Result<Result<Self, u64>, CatalogError> {
        let Some(kept) = kept else {
            return Ok(Err(0));
        };
        let admitted = own.with_catalog(&kept.json).map_err(CatalogError::Kept)?;
        let admission = match Standing::of(own, &admitted)? {
            Standing::Newer { .. } => return Ok(Err(kept.revision)),
            Standing::Same => own.clone(),
            Standing::Older => {
                remarks.push(format!(
                    "this node's catalog {:.8} is older than the admitted one; serving the admitted one, {:.8}",
                    own.digest(),
                    admitted.digest()
                ));
                Arc::new(admitted)
            }
        };
        Ok(Ok(Self { revision: kept.revision, admission, public_from: None }))
    }
}

impl Hub {
    /// Serves another catalog from now on, when it grows from the present one; open streams follow at once.
    pub async fn admit_catalog(&self, text: &[u8]) -> Result<Outcome, CatalogError> {
        let candidate = Arc::new(self.admission().candidate(text)?);
        loop {
            let present = self.shared.admitted();
            let forgotten = match Standing::of(&candidate, &present.admission)? {
                Standing::Same => return Ok(Outcome::Same),
                Standing::Older => return Ok(Outcome::Older),
                Standing::Newer { forgotten } => forgotten,
            };
            match self.keep(present.revision, &candidate).await? {
                Keeping::Kept(revision) => {
                    self.shared.serve(revision, candidate);
                    if !forgotten.is_empty() {
                        self.forget(forgotten).await?;
                    }
                    return Ok(Outcome::Admitted);
                }
                Keeping::Overtaken(other) => self.shared.follow(&other).map_err(CatalogError::Kept)?,
            }
        }
    }

    /// What was recorded of these events means nothing any more.
    async fn forget(&self, events: BTreeSet<EventName>) -> Result<(), CatalogError> {
        let (answer, answered) = oneshot::channel();
        self.shared.tell(Command::Erase(Erasure::Events(events), answer)).map_err(|_| CatalogError::Closed)?;
        Ok(answered.await.map_err(|_| CatalogError::Closed)??)
    }

    async fn keep(&self, after: u64, candidate: &Admission) -> Result<Keeping, CatalogError> {
        let (answer, answered) = oneshot::channel();
        let command = Command::KeepCatalog { after, json: candidate.json().clone(), answer };
        self.shared.tell(command).map_err(|_| CatalogError::Closed)?;
        Ok(answered.await.map_err(|_| CatalogError::Closed)??)
    }
}

impl Shared {
    pub(crate) fn admitted(&self) -> Admitted {
        self.admitted.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves what the store keeps, when that is newer.
    pub(crate) fn follow(&self, kept: &KeptCatalog) -> Result<(), AdmissionError> {
        let present = self.admitted();
        if kept.revision > present.revision {
            let admission = Arc::new(present.admission.with_catalog(&kept.json)?);
            self.serve(kept.revision, admission);
        }
        Ok(())
    }

    /// What the store was found to keep, when it was looked for.
    pub(crate) fn note_kept(&self, kept: Result<Option<KeptCatalog>, String>) {
        let followed = kept.and_then(|kept| match kept {
            Some(kept) => self.follow(&kept).map_err(|error| error.to_string()),
            None => Ok(()),
        });
        let was_well = self.metrics.followed(followed.is_ok());
        if let (Err(trouble), true) = (followed, was_well) {
            tracing::error!(%trouble, "cannot follow the admitted catalog");
        }
    }

    /// Everything that is counted, and which catalog is served.
    pub(crate) fn metrics_text(&self) -> String {
        let mut text = self.metrics.to_text();
        let admitted = self.admitted();
        let digest = admitted.admission.digest();
        let labels = format!("{{admitted=\"{digest}\",own=\"{}\"}}", self.own_catalog);
        let rows = vec![(labels, admitted.revision.to_string())];
        let help = "Revision of the admitted catalog; `own` is the one that this node was started with.";
        family(&mut text, "growset_catalog_revision", "gauge", help, rows);
        text
    }

    /// Invariant: revisions only grow, whoever comes first.
    fn serve(&self, revision: u64, admission: Arc<Admission>) {
        let public_from = self.public_ring().map(|ring| ring.lock().end());
        let mut present = self.admitted.write().unwrap_or_else(PoisonError::into_inner);
        if revision <= present.revision {
            return;
        }
        tracing::info!(revision, catalog = admission.digest(), "serving another catalog");
        *present = Admitted { revision, admission, public_from };
        // Listeners look at this number alone, which costs them nothing.
        self.revision.store(present.revision, Ordering::Release);
        drop(present);
        self.every_ring().iter().for_each(|(_, ring)| ring.wake());
    }
}
