//! The server from outside: over its public API and over HTTP.

mod whatwg;

mod support;

mod publishing;

mod receiving;

mod listening;

mod connections;

mod resuming;

mod injection;

mod isolation;

mod slow_listeners;

mod slow_sockets;

mod conformance;

mod stores;

#[cfg(feature = "redis")]
mod redis;

#[cfg(feature = "redis")]
mod proxy;

#[cfg(feature = "redis")]
mod outages;

#[cfg(feature = "redis")]
mod partition;

#[cfg(feature = "redis")]
mod failover;

#[cfg(feature = "redis")]
mod fleet;

#[cfg(feature = "redis")]
mod addresses;

#[cfg(feature = "redis")]
mod direct;

#[cfg(feature = "redis")]
mod commons;

#[cfg(feature = "redis")]
mod feeding;

mod crashes;

mod draining;

mod trust;

mod keys;

#[cfg(feature = "tls")]
mod tls;

mod catalogs;

mod erasing;

mod versions;
