//! End-to-end tests: the command as a person runs it, on folders as a person has them.

mod workplace;

mod floors;

mod junit;
mod lints;
mod lock;

mod git;
mod growth;
mod guide;

mod import;

mod import_cases;

mod verbs;

mod reports;

mod generate;

mod bad_input;

mod random_catalogs;
mod readme;

mod typescript;

mod docs;

mod schemas;

mod bump;
mod catalogs;

mod rust_crate;

mod texts;

mod publisher;

mod serve;

mod operating;

mod described;

mod scripted;

mod tap;

mod doctor;

mod nginx;

/// As the tests of the server start it, who set it up in more ways than these.
#[path = "../../crates/server/tests/it/redis/process.rs"]
#[allow(dead_code)]
mod redis_process;

mod nodes;

mod direct;
