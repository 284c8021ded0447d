//! What targets print, whatever a contract says.

mod listener;

mod names;

mod rust_syntax;
