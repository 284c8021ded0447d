//! What may go out: only declared events, only payloads of I, with their derived fields filled in.
//!
//! Knows nothing of rings, stores and HTTP. Invariant: nothing else makes an [`AdmittedPayload`], and the hub takes
//! nothing else.

mod event;
mod payload;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use growset_model::lock::catalog_digest;
use growset_model::strict::{self, Strict};
use growset_model::{Catalog, Function, Released, fingerprint, serial};
use serde_json::Value;

pub(crate) use self::event::AdmittedEvent;
pub use self::payload::AdmittedPayload;
use crate::refusal::{Problem, Refusal, nearest};
use crate::selection::Selections;

/// A catalog that payloads are admitted by.
pub struct Admission {
    catalog: Catalog,
    released: Released,
    digest: String,
    json: Bytes,
    events: BTreeMap<String, Arc<AdmittedEvent>>,
    functions: Vec<Function>,
    served: Served,
    selections: Selections,
}

/// Why a catalog cannot be admitted.
#[derive(Debug, thiserror::Error)]
pub enum AdmissionError {
    /// Not JSON.
    #[error("the catalog is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// Not a catalog.
    #[error("the catalog is none: {0}")]
    NotCatalog(#[from] serial::SerialError),
    /// A payload schema cannot be compiled, which only a JSON Schema that is carried whole can cause.
    #[error("the payload schema of `{event}` cannot be compiled: {message}")]
    Schema {
        /// The event.
        event: String,
        /// What the compiler said.
        message: String,
    },
    /// Shapes that its lock does not hold, and that may therefore still change.
    #[error("not released: {}; run `growset release` and `growset generate`, or try it with --dev", .0.join(", "))]
    Unreleased(Vec<String>),
}

/// Which shapes of a catalog are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Served {
    /// Those that the lock holds. Drafts are refused, and so is a catalog with a shape that is not released.
    #[default]
    Released,
    /// Drafts, and what is not released yet, as well: for `--dev`.
    Everything,
}

impl Admission {
    /// Admits the text of a `catalog.json`. `registered` are the application's own derived functions.
    pub fn from_json(text: &[u8], registered: &[Function], served: Served) -> Result<Self, AdmissionError> {
        Self::judge(text, registered.iter().chain(growset_derive::BUILT_IN).copied().collect(), served)
    }

    /// Another catalog, served and judged like this one.
    pub(crate) fn candidate(&self, text: &[u8]) -> Result<Self, AdmissionError> {
        Self::judge(text, self.functions.clone(), self.served)
    }

    fn judge(text: &[u8], functions: Vec<Function>, served: Served) -> Result<Self, AdmissionError> {
        let admission = Self::read(text, functions, served)?;
        let unreleased = admission.unreleased();
        match served {
            Served::Released if !unreleased.is_empty() => Err(AdmissionError::Unreleased(unreleased)),
            Served::Released | Served::Everything => Ok(admission),
        }
    }

    /// Another catalog, served like this one. Whether it is released was judged when it was admitted.
    pub(crate) fn with_catalog(&self, text: &[u8]) -> Result<Self, AdmissionError> {
        Self::read(text, self.functions.clone(), self.served)
    }

    /// The catalog that nodes have admitted, for whoever publishes beside them.
    #[cfg(feature = "redis")]
    pub(crate) fn admitted(text: &[u8], registered: &[Function], served: Served) -> Result<Self, AdmissionError> {
        Self::read(text, registered.iter().chain(growset_derive::BUILT_IN).copied().collect(), served)
    }

    fn read(text: &[u8], functions: Vec<Function>, served: Served) -> Result<Self, AdmissionError> {
        let value: Value = serde_json::from_slice(text)?;
        let catalog = serial::from_json(&value)?;
        let released = serial::released_from_json(&value)?;
        let mut events = BTreeMap::new();
        for event in catalog.events.values() {
            let admitted = AdmittedEvent::new(&catalog, event, &functions, served)?;
            events.insert(event.name.to_string(), Arc::new(admitted));
        }
        let digest = catalog_digest(&catalog);
        Ok(Self {
            digest,
            json: value.to_string().into(),
            catalog,
            released,
            events,
            functions,
            served,
            selections: Selections::default(),
        })
    }

    fn unreleased(&self) -> Vec<String> {
        let stable = self.catalog.events.values().filter(|event| !event.is_draft());
        stable
            .filter(|event| !self.released.holds(&event.name, &fingerprint(&self.catalog, event).digest))
            .map(|event| event.name.to_string())
            .collect()
    }

    /// What the catalog says of its lock.
    pub(crate) fn released(&self) -> &Released {
        &self.released
    }

    pub(crate) fn selections(&self) -> &Selections {
        &self.selections
    }

    pub(crate) fn served(&self) -> Served {
        self.served
    }

    /// The digest of the catalog, as 64 hexadecimal digits.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The catalog.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The catalog in its serialised form.
    pub fn json(&self) -> &Bytes {
        &self.json
    }

    pub(crate) fn event(&self, name: &str) -> Option<&Arc<AdmittedEvent>> {
        self.events.get(name)
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Arc<AdmittedEvent>> {
        self.events.values()
    }

    /// The event of that name, when it may be published.
    pub(crate) fn publishable(&self, name: &str) -> Result<&Arc<AdmittedEvent>, Refusal> {
        let event = self.events.get(name).ok_or_else(|| self.unknown(name))?;
        event.refusal().map_or(Ok(event), Err)
    }

    fn unknown(&self, name: &str) -> Refusal {
        let nearest = self.nearest(name).map(str::to_owned);
        Refusal::UnknownEvent { event: name.chars().take(128).collect(), nearest }
    }

    /// The served event whose name is spelled most like this one.
    pub(crate) fn nearest(&self, name: &str) -> Option<&str> {
        let served = self.events.iter().filter(|(_, event)| event.refusal().is_none());
        nearest(name, served.map(|(name, _)| name.as_str()))
    }

    /// Admits a payload as it was sent.
    pub fn admit(&self, event: &str, payload: &[u8]) -> Result<AdmittedPayload, Refusal> {
        let Strict { value, duplicates, .. } = strict::parse(payload).map_err(|error| Refusal::InvalidPayload {
            event: event.chars().take(128).collect(),
            problems: vec![Problem { pointer: String::new(), message: format!("no JSON: {error}") }],
        })?;
        self.admit_value(event, value, duplicates)
    }

    /// Admits a payload that was read strictly. `duplicates` are the pointers of keys that stand twice.
    pub(crate) fn admit_value(
        &self,
        name: &str,
        value: Value,
        duplicates: Vec<String>,
    ) -> Result<AdmittedPayload, Refusal> {
        let event = self.publishable(name)?;
        if !duplicates.is_empty() {
            let problems = duplicates
                .into_iter()
                .map(|pointer| Problem { pointer, message: "the key stands here twice; keep one".to_owned() })
                .collect();
            return Err(Refusal::InvalidPayload { event: name.to_owned(), problems });
        }
        AdmittedPayload::admit(self, event, value)
    }

    pub(crate) fn functions(&self) -> &[Function] {
        &self.functions
    }
}
