//! All that a service needs beside serde to send and read typed events: the trait that every generated payload
//! implements, the audiences, the targets, and the texts of a known form that payloads hold.
//!
//! Knows nothing of catalogs, transports or the server.

mod event;

mod audience;

mod target;

mod text;

mod unknown;

#[doc(hidden)]
pub mod wire;

pub use audience::{Audience, Channel, Org, Public, User};
pub use event::Event;
pub use target::Target;
pub use text::{Date, Decimal, Email, FormError, Timestamp, Uri, Uuid};
pub use unknown::UnknownValue;
