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
use crate::metrics::{family, label};
use crate::standing::{Divergence, Standing};
use crate::store::{Command, Journal, Keeping, KeptCatalog, StoreError};

/// The catalog that is served.
#[derive(Clone)]
pub(crate) struct Admitted {
    /// Of the store; a later one has a larger one.
    pub(crate) revision: u64,
    /// Counts the catalogs that were served here. A store that was emptied may begin its revisions anew.
    pub(crate) turn: u64,
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

/// What became of a catalog that the store was found to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Followed {
    /// It is served.
    Served,
    /// What is served grows from it, and has to take its place in the store.
    Outgrown,
}

/// Whether what is served is what the store keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Following {
    #[default]
    Well,
    /// It cannot be asked or read.
    Lost,
    /// It keeps one that does not grow from what is served. Nothing is published here by either.
    Diverged,
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
            if let Some(admitted) = Self::judge(&own, kept.as_ref(), remarks)? {
                return Ok(admitted);
            }
            match journal.keep_catalog(kept.map_or(0, |kept| kept.revision), own.json())? {
                Keeping::Kept(revision) => return Ok(Self::at(revision, own)),
                Keeping::Overtaken(other) => kept = Some(other),
            }
        }
    }

    pub(crate) fn at(revision: u64, admission: Arc<Admission>) -> Self {
        Self { revision, turn: 0, admission, public_from: None }
    }

    /// What a node starts with; nothing when its own catalog has to take the place of the kept one first.
    pub(crate) fn judge(
        own: &Arc<Admission>,
        kept: Option<&KeptCatalog>,
        remarks: &mut Vec<String>,
    ) -> Result<Option<Self>, CatalogError> {
        let Some(kept) = kept else {
            return Ok(None);
        };
        let admitted = own.with_catalog(&kept.json).map_err(CatalogError::Kept)?;
        let admission = match Standing::of(own, &admitted)? {
            Standing::Newer { .. } => return Ok(None),
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
        Ok(Some(Self::at(kept.revision, admission)))
    }
}

impl Hub {
    /// Serves another catalog from now on, when it grows from the present one; open streams follow at once.
    pub async fn admit_catalog(&self, text: &[u8]) -> Result<Outcome, CatalogError> {
        let candidate = Arc::new(self.admission().candidate(text)?);
        let mut over = None;
        loop {
            let present = self.shared.admitted();
            let forgotten = match Standing::of(&candidate, &present.admission)? {
                Standing::Same => return Ok(Outcome::Same),
                Standing::Older => return Ok(Outcome::Older),
                Standing::Newer { forgotten } => forgotten,
            };
            match self.keep(over.take().unwrap_or_else(|| present.kept()), &candidate).await? {
                Keeping::Kept(revision) => {
                    self.shared.serve(present.revision, revision, candidate);
                    if !forgotten.is_empty() {
                        self.forget(forgotten).await?;
                    }
                    return Ok(Outcome::Admitted);
                }
                Keeping::Overtaken(other) => match self.shared.follow(&other)? {
                    Followed::Served => {}
                    Followed::Outgrown => over = Some(other),
                },
            }
        }
    }

    /// What was recorded of these events means nothing any more.
    async fn forget(&self, events: BTreeSet<EventName>) -> Result<(), CatalogError> {
        let (answer, answered) = oneshot::channel();
        self.shared.tell(Command::Erase(Erasure::Events(events), answer)).map_err(|_| CatalogError::Closed)?;
        Ok(answered.await.map_err(|_| CatalogError::Closed)??)
    }

    async fn keep(&self, over: KeptCatalog, candidate: &Admission) -> Result<Keeping, CatalogError> {
        let (answer, answered) = oneshot::channel();
        let command = Command::KeepCatalog { over, json: candidate.json().clone(), answer };
        self.shared.tell(command).map_err(|_| CatalogError::Closed)?;
        Ok(answered.await.map_err(|_| CatalogError::Closed)??)
    }
}

impl Shared {
    pub(crate) fn admitted(&self) -> Admitted {
        self.admitted.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves what the store keeps, when that grows from what is served. A store that was emptied or set back may keep
    /// anything under any revision, so that the catalogs themselves are compared.
    pub(crate) fn follow(&self, kept: &KeptCatalog) -> Result<Followed, CatalogError> {
        let present = self.admitted();
        if kept.json == *present.admission.json() {
            self.serve(present.revision, kept.revision, present.admission);
            return Ok(Followed::Served);
        }
        let admission = Arc::new(present.admission.with_catalog(&kept.json).map_err(CatalogError::Kept)?);
        Ok(match Standing::of(&admission, &present.admission)? {
            Standing::Same | Standing::Newer { .. } => {
                self.serve(present.revision, kept.revision, admission);
                Followed::Served
            }
            Standing::Older => Followed::Outgrown,
        })
    }

    /// Tells the operator when the catalog that the store keeps cannot be followed, and when it can again.
    pub(crate) fn note_followed(&self, followed: &Result<Followed, CatalogError>) {
        let mut following = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        let was = *following;
        *following = match followed {
            Ok(_) => Following::Well,
            Err(CatalogError::Diverged(_)) => Following::Diverged,
            // Whoever cannot ask goes by what was known last.
            Err(_) if was == Following::Diverged => was,
            Err(_) => Following::Lost,
        };
        let is_new = *following != was;
        match followed {
            Err(trouble @ CatalogError::Diverged(_)) if is_new => {
                tracing::error!(%trouble, "another catalog was admitted, and nothing is published here");
            }
            Err(trouble) if is_new => tracing::error!(%trouble, "cannot follow the admitted catalog"),
            Ok(_) if is_new => tracing::info!("follows the admitted catalog again"),
            Ok(_) | Err(_) => {}
        }
    }

    /// Whether the store keeps a catalog that does not grow from what is served.
    pub(crate) fn has_diverged(&self) -> bool {
        self.following() == Following::Diverged
    }

    fn following(&self) -> Following {
        *self.following.lock().unwrap_or_else(PoisonError::into_inner)
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
        let following = self.following();
        let flags = [
            ("growset_catalog_lost", following != Following::Well, "1 when the admitted catalog cannot be followed."),
            (
                "growset_catalog_diverged",
                following == Following::Diverged,
                "1 when the admitted catalog does not grow from what is served; nothing is published here meanwhile.",
            ),
        ];
        let rows = self.troubles.names().into_iter().map(|what| (label("what", what), "1".to_owned())).collect();
        family(&mut text, "growset_store_trouble", "gauge", "1 for what the store cannot do just now.", rows);
        for (name, is_so, help) in flags {
            family(&mut text, name, "gauge", help, vec![(String::new(), u8::from(is_so).to_string())]);
        }
        text
    }

    /// Serves a catalog that was judged by the one of a revision, unless another took that one's place meanwhile, of which
    /// whoever judged is told when it asks next.
    fn serve(&self, judged_by: u64, revision: u64, admission: Arc<Admission>) {
        let public_from = self.public_ring().map(|ring| ring.lock().end());
        let mut present = self.admitted.write().unwrap_or_else(PoisonError::into_inner);
        if present.revision != judged_by {
            return;
        }
        if present.admission.json() == admission.json() {
            present.revision = revision;
            return;
        }
        tracing::info!(revision, catalog = admission.digest(), "serving another catalog");
        *present = Admitted { revision, turn: present.turn + 1, admission, public_from };
        // Listeners look at this number alone, which costs them nothing.
        self.turn.store(present.turn, Ordering::Release);
        drop(present);
        self.every_ring().iter().for_each(|(_, ring)| ring.wake());
    }
}

impl Admitted {
    /// As the store keeps it.
    pub(crate) fn kept(&self) -> KeptCatalog {
        KeptCatalog { revision: self.revision, json: self.admission.json().clone() }
    }
}
