//! What is taken out of history: the law may ask for it, and a developer's own changes do.

use std::collections::BTreeSet;
use std::sync::Arc;

use growset_model::EventName;

use crate::frame::Frame;
use crate::recipient::{Recipient, Scope};

/// What is taken out of history, retained payloads and keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasure {
    /// Everything of an organisation.
    Org(Arc<str>),
    /// Everything that was sent to one user of an organisation.
    User(Arc<str>, Arc<str>),
    /// Everything that was published as one of these events.
    Events(BTreeSet<EventName>),
}

impl Erasure {
    /// Whether anything in a ring can be meant.
    pub(crate) fn concerns(&self, scope: &Scope) -> bool {
        match (self, scope) {
            (Self::Org(org) | Self::User(org, _), Scope::Org(other)) => org == other,
            (Self::Org(_) | Self::User(..), Scope::Public) => false,
            (Self::Events(_), Scope::Org(_) | Scope::Public) => true,
        }
    }

    /// Whether a frame of such a ring is meant.
    pub(crate) fn covers(&self, frame: &Frame) -> bool {
        match self {
            Self::Org(_) => true,
            Self::User(org, user) => frame.recipient == Recipient::User(org.clone(), user.clone()),
            Self::Events(events) => frame.renderings.iter().any(|one| events.contains(&*one.name)),
        }
    }

    /// Whether a key is meant when its frame is kept no more, so that nobody can tell whom it was for.
    pub(crate) fn covers_old_key(&self, event: &str) -> bool {
        match self {
            Self::Org(_) | Self::User(..) => true,
            Self::Events(events) => events.iter().any(|name| name.as_str() == event),
        }
    }
}
