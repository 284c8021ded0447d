//! One event on its way out.

use growset_event::{Event, Target};
use serde::Serialize;
use serde_json::Value;

use crate::error::PublishError;

/// One event with its target, which the compiler holds against the event's audience:
///
/// ```compile_fail,E0308
/// # use growset_event::{Event, Org, Target};
/// # #[derive(serde::Serialize)] struct OrderCreated;
/// # impl Event for OrderCreated {
/// #     const NAME: &'static str = "order.created";
/// #     const BASE: &'static str = "order.created";
/// #     const VERSION: u32 = 1;
/// #     type Audience = Org;
/// # }
/// growset_publish::Outgoing::new(Target::public(), &OrderCreated);
/// ```
#[derive(Debug, Clone, Serialize)]
pub struct Outgoing {
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    org: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    data: Value,
    key: Option<String>,
}

impl Outgoing {
    /// Serialises an event.
    ///
    /// ```
    /// # use growset_event::{Event, Org, Target};
    /// # #[derive(serde::Serialize)] struct OrderCreated;
    /// # impl Event for OrderCreated {
    /// #     const NAME: &'static str = "order.created";
    /// #     const BASE: &'static str = "order.created";
    /// #     const VERSION: u32 = 1;
    /// #     type Audience = Org;
    /// # }
    /// let outgoing = growset_publish::Outgoing::new(Target::org("acme"), &OrderCreated)?.with_key("order-7f3k");
    /// # Ok::<_, growset_publish::PublishError>(())
    /// ```
    pub fn new<E: Event>(target: Target<E::Audience>, event: &E) -> Result<Self, PublishError> {
        let data = serde_json::to_value(event).map_err(|error| PublishError::Serialise { cause: error.to_string() })?;
        let owned = |part: Option<&str>| part.map(str::to_owned);
        Ok(Self {
            event: E::NAME,
            org: owned(target.org_id()),
            user: owned(target.user_id()),
            channel: owned(target.channel_name()),
            data,
            key: None,
        })
    }

    /// Under a key of your own, such as the id of the row that was written: whoever publishes it again, even after a
    /// crash, gets the first event's id. Keys are of one organisation and event, 1 to 128 bytes, and remembered for ten
    /// minutes at least.
    pub fn with_key(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }

    /// The event's name, to whom it goes, the payload and the key.
    #[cfg(feature = "redis")]
    pub(crate) fn parts(&self) -> (&'static str, growset_server::Named, Value, Option<String>) {
        let named =
            growset_server::Named { org: self.org.clone(), user: self.user.clone(), channel: self.channel.clone() };
        (self.event, named, self.data.clone(), self.key.clone())
    }

    pub(crate) fn with_key_or(mut self, other: impl FnOnce() -> String) -> Self {
        self.key.get_or_insert_with(other);
        self
    }
}
