//! The reader as others use it: texts in, catalog and diagnostics out.

#![expect(clippy::disallowed_methods, reason = "the crate touches no disk, but its tests read fixtures from there")]

mod broken_yaml;
mod catalog;
mod fixes;
mod hostile;
mod own_catalog;
mod rules;
mod show;
mod ways_out;
