//! The stream server: admits catalogs and payloads, keeps one total order per organisation, and hands every listener
//! what it may hear, exactly once and in order, or tells it what is missing.
//!
//! Knows nothing of YAML, code generation and git.

pub mod admission;

mod refusal;

mod recipient;

mod cursor;

mod frame;

mod waiting;

mod ring;

mod selection;

mod subscription;

mod settings;

pub mod store;

mod standing;

mod admitted;

mod erasure;

mod commons;

mod hub;

mod delivery;

mod flushing;

mod writer;

mod listener;

mod histogram;

mod troubles;

mod metrics;

pub mod http;

pub use admitted::{CatalogError, Outcome};
pub use cursor::{Cursor, Epoch, LONGEST_ID, Position};
pub use erasure::Erasure;
pub use growset_model::Function;
pub use hub::{Hub, Item, ListenError, PublishError, Published};
pub use listener::{Listener, Resume, Step};
pub use recipient::{LONGEST_NAME, Named, Recipient, Scope, is_name};
pub use refusal::{Problem, Refusal};
pub use ring::Retention;
pub use selection::UnknownName;
pub use settings::Settings;
pub use standing::Divergence;
pub use subscription::{Identity, Subscription, matches};

/// The guide's example of mounting, compiled with the examples above.
#[cfg(doctest)]
#[doc = include_str!("../../cli/pages/serving.md")]
struct Guide;
