//! The built-in derived functions: what `from: { money: [amount, currency] }` in a contract computes.
//!
//! Each is a plain value of the table below. Who checks contracts or fills payloads is handed the table; nothing here
//! knows who calls. One function, one file, one sorted line.

mod money;

use growset_model::Function;

/// Every built-in function, sorted by name.
pub const BUILT_IN: &[Function] = &[money::MONEY];
