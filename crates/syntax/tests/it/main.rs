//! The reader as others use it: texts in, catalog and diagnostics out.

mod catalog;
mod fixes;
mod own_catalog;
mod rules;
mod show;
