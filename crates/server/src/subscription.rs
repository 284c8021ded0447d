//! What a listener hears: what it asked for, within what its credential allows.

use std::collections::BTreeSet;
use std::sync::Arc;

use growset_model::EventName;

use crate::admission::Admission;
use crate::frame::{Frame, Rendering};
use crate::recipient::Recipient;
use crate::selection::{Selection, UnknownName, Wanted};

/// Who listens. Comes from a credential, never from a query alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The organisation.
    pub org: Arc<str>,
    /// The user, for events to one.
    pub user: Option<Arc<str>>,
}

/// What a listener hears.
#[derive(Debug, Clone)]
pub struct Subscription {
    pub(crate) identity: Identity,
    pub(crate) channels: BTreeSet<String>,
    /// Shared with everyone who asks for the same.
    selection: Arc<Selection>,
    pub(crate) until: Option<String>,
    /// The beginning of the digest of the catalog that the page was built from.
    pub(crate) page: Option<Arc<str>>,
}

impl Subscription {
    /// Every served event, of these channels.
    pub fn to_all(admission: &Admission, identity: Identity, channels: BTreeSet<String>) -> Self {
        Self::of(admission.selection(Wanted::everything()), identity, channels)
    }

    /// The events of these names; `payment.*` stands for all that begin with `payment.`, `*` for all.
    pub fn to<'a>(
        admission: &Admission,
        identity: Identity,
        channels: BTreeSet<String>,
        patterns: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, UnknownName> {
        let wanted = Wanted::of(patterns);
        wanted.check(admission)?;
        Ok(Self::of(admission.selection(wanted), identity, channels))
    }

    fn of(selection: Arc<Selection>, identity: Identity, channels: BTreeSet<String>) -> Self {
        Self { identity, channels, selection, until: None, page: None }
    }

    /// Of its events those that a credential allows, by patterns.
    pub fn limited(mut self, admission: &Admission, allowed: &[String]) -> Self {
        self.selection = admission.selection(self.selection.wanted.limited(allowed));
        self
    }

    /// The same wish, by a catalog that has grown.
    pub(crate) fn follow(&self, admission: &Admission) -> Self {
        Self { selection: admission.selection(self.selection.wanted.clone()), ..self.clone() }
    }

    /// Ends after the terminal event of this name. Nothing when it is not one, or is not heard.
    pub fn until(mut self, admission: &Admission, name: &str) -> Option<Self> {
        let is_terminal = admission.event(name).is_some_and(|event| event.terminal);
        (is_terminal && self.selection.names.contains(name)).then(|| {
            self.until = Some(name.to_owned());
            self
        })
    }

    /// The names that are heard, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.selection.names.iter().map(String::as_str)
    }

    /// Retired events that were asked for by name, with their successors.
    pub(crate) fn retired(&self) -> &[(String, Option<String>)] {
        &self.selection.retired
    }

    /// Deprecated events among the names.
    pub(crate) fn deprecated(&self) -> &[String] {
        &self.selection.deprecated
    }

    pub(crate) fn hears_public(&self) -> bool {
        self.selection.hears_public
    }

    /// Whether it ends after an event of this name.
    pub(crate) fn ends_with(&self, name: &EventName) -> bool {
        self.until.as_deref() == Some(name.as_str())
    }

    /// The version of a frame that this listener gets, by its number; never two.
    pub(crate) fn pick(&self, frame: &Frame) -> Option<usize> {
        if !self.is_for(&frame.recipient) {
            return None;
        }
        frame.renderings.iter().position(|rendering| self.selection.names.contains(rendering.name.as_str()))
    }

    /// [`Self::pick`], as the version itself.
    pub(crate) fn picked<'a>(&self, frame: &'a Frame) -> Option<&'a Rendering> {
        frame.renderings.get(self.pick(frame)?)
    }

    /// Invariant: the organisation is compared again here, though a frame of another one is in another ring.
    fn is_for(&self, recipient: &Recipient) -> bool {
        match recipient {
            Recipient::Org(org) => *org == self.identity.org,
            Recipient::User(org, user) => *org == self.identity.org && Some(user) == self.identity.user.as_ref(),
            Recipient::Channel(org, channel) => *org == self.identity.org && self.channels.contains(&**channel),
            Recipient::Public => true,
        }
    }
}

/// Whether a pattern (`*`, `payment.*` or a whole name) speaks of a name.
pub fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(prefix) => prefix.ends_with(['.', ':', '-', '_', '/']) && name.starts_with(prefix),
        None => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_ends_at_a_separator() {
        for (pattern, name, expected) in [
            ("*", "a.b", true),
            ("a.*", "a.b", true),
            ("a.*", "a.b.c", true),
            ("a.*", "ab.c", false),
            ("a*", "a.b", false),
            ("a.b", "a.b", true),
            ("a.b", "a.b.c", false),
            ("", "a.b", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
