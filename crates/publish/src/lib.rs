//! Publishes typed events to a Growset server over HTTP, or straight to the Redis of several nodes. A retry goes under the key of the first try, so that it is
//! never a second event, and a server that is busy is given the time that it asks for.
//!
//! Knows nothing of catalogs: the server admits what is sent, and its refusal is handed on as it was told. Whoever goes to
//! Redis (the feature `redis`) has the server's own admission on board.

mod publisher;

mod web;

#[cfg(feature = "redis")]
mod direct;

mod authority;

mod outgoing;

mod batch;

mod answer;

mod patience;

mod error;

#[cfg(feature = "redis")]
pub use direct::Redis;
#[cfg(feature = "redis")]
pub use error::DirectError;
pub use error::{AddressError, PublishError, Refused};
#[cfg(feature = "redis")]
pub use growset_server::Function;
pub use outgoing::Outgoing;
pub use publisher::{Published, Publisher};

/// The guide's example of publishing past the nodes, compiled with the examples above.
#[cfg(all(doctest, feature = "redis"))]
#[doc = include_str!("../../cli/pages/nodes.md")]
struct Guide;
