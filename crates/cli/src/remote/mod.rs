//! Other people's servers over HTTP: one request on one connection, and streams that are followed.
//!
//! Connects by itself instead of through a pooling client, because `doctor` has to see each step fail on its own.

mod address;

mod options;

mod error;

mod trust;

mod client;

mod event_stream;

mod catalog;

pub(crate) use address::Address;
pub(crate) use catalog::{named_catalog, served_catalog};
pub(crate) use client::{Asked, Client, Reply};
pub(crate) use error::RemoteError;
pub(crate) use event_stream::{Event, EventStream, Item};
pub(crate) use options::RemoteOptions;
