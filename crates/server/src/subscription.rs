//! What a listener hears: what it asked for, within what its credential allows.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::admission::Admission;
use crate::frame::{Frame, Rendering};
use crate::recipient::Recipient;

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
    /// What was asked for, to look it up again when the catalog grows.
    patterns: Vec<String>,
    /// What the credential allows of it.
    allowed: Option<Vec<String>>,
    names: BTreeSet<String>,
    /// Retired events that were asked for by name, with their successors.
    pub(crate) retired: Vec<(String, Option<String>)>,
    /// Deprecated events among the names.
    pub(crate) deprecated: Vec<String>,
    pub(crate) hears_public: bool,
    pub(crate) until: Option<String>,
}

/// A name that no served event has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} names no event of the catalog{}", nearest.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
pub struct UnknownName {
    /// As it was asked for.
    pub event: String,
    /// A served name that is spelled nearly so.
    pub nearest: Option<String>,
}

impl Subscription {
    /// Every served event, of these channels.
    pub fn to_all(admission: &Admission, identity: Identity, channels: BTreeSet<String>) -> Self {
        let mut all = Self::of_nothing(identity, channels);
        all.patterns.push("*".to_owned());
        all.add_all(admission, "*");
        all
    }

    /// The events of these names; `payment.*` stands for all that begin with `payment.`, `*` for all.
    pub fn to<'a>(
        admission: &Admission,
        identity: Identity,
        channels: BTreeSet<String>,
        patterns: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, UnknownName> {
        let mut subscription = Self::of_nothing(identity, channels);
        for pattern in patterns {
            if !subscription.add_all(admission, pattern) {
                let nearest = admission.nearest(pattern).map(str::to_owned);
                return Err(UnknownName { event: pattern.chars().take(128).collect(), nearest });
            }
            subscription.patterns.push(pattern.to_owned());
        }
        Ok(subscription)
    }

    fn of_nothing(identity: Identity, channels: BTreeSet<String>) -> Self {
        Self {
            identity,
            channels,
            patterns: Vec::new(),
            allowed: None,
            names: BTreeSet::new(),
            retired: Vec::new(),
            deprecated: Vec::new(),
            hears_public: false,
            until: None,
        }
    }

    /// Adds the events that a pattern speaks of. Whether there are any.
    fn add_all(&mut self, admission: &Admission, pattern: &str) -> bool {
        let mut is_known = false;
        for event in admission.events().filter(|event| matches(pattern, event.name.as_str()) && !event.is_draft()) {
            is_known = true;
            if event.is_retired() {
                self.add_retired(admission, event.name.as_str(), pattern);
            } else {
                self.add(admission, event.name.as_str());
            }
        }
        is_known
    }

    /// What was recorded of a retired event is still heard; who asked for it by name is told.
    fn add_retired(&mut self, admission: &Admission, name: &str, pattern: &str) {
        self.names.insert(name.to_owned());
        if pattern == name {
            let contract = admission.catalog().events.values().find(|event| event.name.as_str() == name);
            let successor = contract.and_then(|event| event.retired.as_ref()?.successor.as_ref());
            self.retired.push((name.to_owned(), successor.map(ToString::to_string)));
        }
    }

    fn add(&mut self, admission: &Admission, name: &str) {
        if let Some(event) = admission.event(name)
            && self.names.insert(name.to_owned())
        {
            self.hears_public |= event.audience == growset_model::Audience::Public;
            if event.is_deprecated {
                self.deprecated.push(name.to_owned());
            }
        }
    }

    /// Keeps the names that a credential allows, by patterns.
    pub fn limit(&mut self, allowed: Vec<String>) {
        let is_allowed = |name: &str| allowed.iter().any(|pattern| matches(pattern, name));
        self.names.retain(|name| is_allowed(name));
        self.deprecated.retain(|name| is_allowed(name));
        self.retired.retain(|(name, _)| is_allowed(name));
        self.allowed = Some(allowed);
    }

    /// The same wish, by a catalog that has grown.
    pub(crate) fn follow(&self, admission: &Admission) -> Self {
        let mut next = Self::of_nothing(self.identity.clone(), self.channels.clone());
        for pattern in &self.patterns {
            next.add_all(admission, pattern);
        }
        next.patterns.clone_from(&self.patterns);
        next.until.clone_from(&self.until);
        if let Some(allowed) = &self.allowed {
            next.limit(allowed.clone());
        }
        next
    }

    /// Ends after the terminal event of this name. Nothing when it is not one, or is not heard.
    pub fn until(mut self, admission: &Admission, name: &str) -> Option<Self> {
        let is_terminal = admission.event(name).is_some_and(|event| event.terminal);
        (is_terminal && self.names.contains(name)).then(|| {
            self.until = Some(name.to_owned());
            self
        })
    }

    /// The names that are heard, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The version of a frame that this listener gets; never two.
    pub(crate) fn pick<'a>(&self, frame: &'a Frame) -> Option<&'a Rendering> {
        if !self.is_for(&frame.recipient) {
            return None;
        }
        frame.renderings.iter().find(|rendering| self.names.contains(rendering.name.as_str()))
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
