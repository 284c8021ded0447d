//! One file per target; each has one line in [`crate::TARGETS`].

pub(crate) mod schemas;

pub(crate) mod rust;

pub(crate) mod typescript;

pub(crate) mod docs;

pub(crate) mod catalog;
