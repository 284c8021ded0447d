//! What every generated payload type says of itself.

use serde::Serialize;

use crate::audience::Audience;

/// The payload of one event. Implemented by generated types.
pub trait Event: Serialize {
    /// On the wire, in the `event:` field, with the version: `order.created.v2`.
    const NAME: &'static str;
    /// Without the version: `order.created`.
    const BASE: &'static str;
    /// From one.
    const VERSION: u32;
    /// Who receives it: a [`Target`](crate::Target) of another audience does not compile.
    type Audience: Audience;
}
