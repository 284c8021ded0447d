//! To whom one event goes, checked at run time. For generated types the compiler does that (`growset_event::Target`).

use std::sync::Arc;

use growset_model::Audience;

/// The ring that an event goes into.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The ring of one organisation.
    Org(Arc<str>),
    /// The ring of everyone.
    Public,
}

/// To whom one event goes. Only made for the audience of its event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient {
    /// Every listener of an organisation.
    Org(Arc<str>),
    /// Every connection of one user of an organisation.
    User(Arc<str>, Arc<str>),
    /// The listeners of one channel of an organisation.
    Channel(Arc<str>, Arc<str>),
    /// Everyone.
    Public,
}

/// A recipient as a publisher names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The organisation.
    pub org: Option<String>,
    /// One user of it.
    pub user: Option<String>,
    /// One channel of it.
    pub channel: Option<String>,
}

/// Longest name of an organisation, user or channel, in bytes.
pub const LONGEST_NAME: usize = 128;

impl Named {
    /// The recipient, when what is named is what the audience wants: no more and no less.
    pub fn for_audience(self, audience: Audience) -> Result<Recipient, String> {
        let wanted = match audience {
            Audience::Org => [true, false, false],
            Audience::User => [true, true, false],
            Audience::Channel => [true, false, true],
            Audience::Public => [false, false, false],
        };
        let given = [("org", &self.org), ("user", &self.user), ("channel", &self.channel)];
        for ((member, value), wanted) in given.into_iter().zip(wanted) {
            match (value, wanted) {
                (None, true) => return Err(format!("`{member}` is missing; the audience is {}", audience.as_str())),
                (Some(_), false) => {
                    return Err(format!("`{member}` does not belong here; the audience is {}", audience.as_str()));
                }
                (Some(name), true) if !is_name(name) => {
                    return Err(format!("`{member}` has 1 to {LONGEST_NAME} bytes without control characters"));
                }
                (Some(_), true) | (None, false) => {}
            }
        }
        let [org, user, channel] = [self.org, self.user, self.channel].map(|name| name.unwrap_or_default().into());
        Ok(match audience {
            Audience::Org => Recipient::Org(org),
            Audience::User => Recipient::User(org, user),
            Audience::Channel => Recipient::Channel(org, channel),
            Audience::Public => Recipient::Public,
        })
    }
}

/// Whether a text can be the name of an organisation, user or channel.
pub fn is_name(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.len()) && !text.chars().any(char::is_control)
}

impl Recipient {
    /// The ring that it is in.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Org(org) | Self::User(org, _) | Self::Channel(org, _) => Scope::Org(org.clone()),
            Self::Public => Scope::Public,
        }
    }

    /// The user, for an event to one.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::User(_, user) => Some(user),
            Self::Org(_) | Self::Channel(..) | Self::Public => None,
        }
    }

    /// The channel, for an event to one.
    pub fn channel(&self) -> Option<&str> {
        match self {
            Self::Channel(_, channel) => Some(channel),
            Self::Org(_) | Self::User(..) | Self::Public => None,
        }
    }

    /// The same, with the organisation's name that a ring shares with everyone: equal names are then one, which is seen
    /// without a look at the letters.
    pub(crate) fn sharing(self, scope: &Scope) -> Self {
        match (self, scope) {
            (Self::Org(_), Scope::Org(org)) => Self::Org(org.clone()),
            (Self::User(_, user), Scope::Org(org)) => Self::User(org.clone(), user),
            (Self::Channel(_, channel), Scope::Org(org)) => Self::Channel(org.clone(), channel),
            (same, Scope::Public) | (same @ Self::Public, Scope::Org(_)) => same,
        }
    }

    /// Puts together again what [`Self::scope`], [`Self::user`] and [`Self::channel`] took apart.
    pub(crate) fn of_parts(scope: &Scope, user: Option<&str>, channel: Option<&str>) -> Self {
        match (scope, user, channel) {
            (Scope::Public, _, _) => Self::Public,
            (Scope::Org(org), Some(user), _) => Self::User(org.clone(), user.into()),
            (Scope::Org(org), None, Some(channel)) => Self::Channel(org.clone(), channel.into()),
            (Scope::Org(org), None, None) => Self::Org(org.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_is_exactly_what_the_audience_wants() {
        let named = |org: Option<&str>, user: Option<&str>, channel: Option<&str>| Named {
            org: org.map(str::to_owned),
            user: user.map(str::to_owned),
            channel: channel.map(str::to_owned),
        };
        let org = named(Some("acme"), None, None);
        let user = named(Some("acme"), Some("u1"), None);
        let channel = named(Some("acme"), None, Some("dash"));
        let everyone = named(None, None, None);
        let all =
            [(Audience::Org, org), (Audience::User, user), (Audience::Channel, channel), (Audience::Public, everyone)];
        for (audience, _) in &all {
            for (own, named) in &all {
                assert_eq!(named.clone().for_audience(*audience).is_ok(), audience == own, "{audience:?} {named:?}");
            }
        }
        let long = "x".repeat(129);
        for name in ["", "a\nb", "\0", &long] {
            assert!(named(Some(name), None, None).for_audience(Audience::Org).is_err(), "{name:?}");
        }
    }
}
