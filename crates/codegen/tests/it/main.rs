//! What targets print, whatever a contract says.

mod rust_syntax;
