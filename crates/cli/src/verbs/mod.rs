//! One file per verb.

pub(crate) mod check;

pub(crate) mod generate;

pub(crate) mod watch;

pub(crate) mod fix;

pub(crate) mod new;

pub(crate) mod init;

pub(crate) mod explain;

pub(crate) mod release;

pub(crate) mod bump;

pub(crate) mod retire;

pub(crate) mod changelog;

#[cfg(feature = "server")]
pub(crate) mod serve;

#[cfg(feature = "server")]
pub(crate) mod demo;

#[cfg(feature = "server")]
pub(crate) mod tap;

#[cfg(feature = "server")]
pub(crate) mod emit;

#[cfg(feature = "server")]
pub(crate) mod doctor;

#[cfg(feature = "server")]
pub(crate) mod proxy;

pub(crate) mod import;

pub(crate) mod audit;
