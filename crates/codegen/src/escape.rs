//! One escaper per output context: the only way that text of a contract reaches an output.

pub mod rust;
