//! What is wrong with the store just now, for whoever asks a node how it is.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Troubles that have begun and are not over, by what cannot be done.
#[derive(Debug, Default)]
pub(crate) struct Troubles {
    begun: Mutex<BTreeMap<&'static str, Trouble>>,
}

#[derive(Debug, Clone)]
struct Trouble {
    message: String,
    /// Whether nothing but a change of rights will end it.
    is_denied: bool,
}

/// What a node that is denied this is of no use for.
const LISTENING: &str = "listening";

impl Troubles {
    #[cfg(feature = "redis")]
    pub(crate) fn begin(&self, what: &'static str, message: &str, is_denied: bool) {
        self.lock().insert(what, Trouble { message: message.to_owned(), is_denied });
    }

    #[cfg(feature = "redis")]
    pub(crate) fn end(&self, what: &'static str) {
        self.lock().remove(what);
    }

    /// What cannot be done.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.lock().keys().copied().collect()
    }

    /// One line for each; nothing when all is well.
    pub(crate) fn to_text(&self) -> String {
        self.lock().iter().map(|(what, trouble)| format!("{what}: {}\n", trouble.message)).collect()
    }

    /// Whether listeners here hear nothing until somebody gives this node its rights.
    pub(crate) fn is_deaf(&self) -> bool {
        self.lock().get(LISTENING).is_some_and(|trouble| trouble.is_denied)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Trouble>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
