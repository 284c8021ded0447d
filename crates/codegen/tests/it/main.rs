//! What targets print, whatever a contract says.

mod names;

mod rust_syntax;
