//! To whom one event is sent.

use std::marker::PhantomData;

use crate::audience::{Audience, Channel, Org, Public, User};

/// To whom one event is sent. Made only by the function of its audience, so that what an event's contract allows is
/// a matter of types:
///
/// ```
/// use growset_event::{Event, Org, Target};
///
/// # #[derive(serde::Serialize)] struct OrderCreated;
/// # impl Event for OrderCreated {
/// #     const NAME: &'static str = "order.created";
/// #     const BASE: &'static str = "order.created";
/// #     const VERSION: u32 = 1;
/// #     type Audience = Org;
/// # }
/// fn publish<E: Event>(target: Target<E::Audience>, event: &E) {}
///
/// publish(Target::org("acme"), &OrderCreated);
/// ```
///
/// An event for an organisation cannot be sent to everyone:
///
/// ```compile_fail,E0308
/// use growset_event::{Event, Org, Target};
///
/// # #[derive(serde::Serialize)] struct OrderCreated;
/// # impl Event for OrderCreated {
/// #     const NAME: &'static str = "order.created";
/// #     const BASE: &'static str = "order.created";
/// #     const VERSION: u32 = 1;
/// #     type Audience = Org;
/// # }
/// fn publish<E: Event>(target: Target<E::Audience>, event: &E) {}
///
/// publish(Target::public(), &OrderCreated);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target<A: Audience> {
    org: Option<String>,
    user: Option<String>,
    channel: Option<String>,
    audience: PhantomData<A>,
}

impl Target<Org> {
    /// Every listener of `org`.
    pub fn org(org: impl Into<String>) -> Self {
        Self::new(Some(org.into()), None, None)
    }
}

impl Target<User> {
    /// Every connection of `user` of `org`.
    pub fn user(org: impl Into<String>, user: impl Into<String>) -> Self {
        Self::new(Some(org.into()), Some(user.into()), None)
    }
}

impl Target<Channel> {
    /// The listeners of `channel` of `org`.
    pub fn channel(org: impl Into<String>, channel: impl Into<String>) -> Self {
        Self::new(Some(org.into()), None, Some(channel.into()))
    }
}

impl Target<Public> {
    /// Everyone.
    pub fn public() -> Self {
        Self::new(None, None, None)
    }
}

impl<A: Audience> Target<A> {
    fn new(org: Option<String>, user: Option<String>, channel: Option<String>) -> Self {
        Self { org, user, channel, audience: PhantomData }
    }

    /// The organisation; nothing for everyone.
    pub fn org_id(&self) -> Option<&str> {
        self.org.as_deref()
    }

    /// The user of the organisation, for a target of that audience.
    pub fn user_id(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The channel of the organisation, for a target of that audience.
    pub fn channel_name(&self) -> Option<&str> {
        self.channel.as_deref()
    }

    /// As contracts spell the audience.
    pub fn audience(&self) -> &'static str {
        A::NAME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_knows_its_parts() {
        let target = Target::user("acme", "u1");
        assert_eq!((target.org_id(), target.user_id(), target.channel_name()), (Some("acme"), Some("u1"), None));
        assert_eq!(Target::channel("acme", "dash").channel_name(), Some("dash"));
        assert_eq!((Target::public().org_id(), Target::public().audience()), (None, "public"));
    }
}
