//! Publishes typed events to a Growset server over HTTP. A retry goes under the key of the first try, so that it is
//! never a second event, and a server that is busy is given the time that it asks for.
//!
//! Knows nothing of catalogs: the server admits what is sent, and its refusal is handed on as it was told.

mod publisher;

mod authority;

mod outgoing;

mod batch;

mod answer;

mod patience;

mod error;

pub use error::{AddressError, PublishError, Refused};
pub use outgoing::Outgoing;
pub use publisher::{Published, Publisher};
