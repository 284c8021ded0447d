//! Any bytes as each kind of file: reading never panics, never hangs, and every place lies inside its text.
//!
//! `cargo +nightly fuzz run read` in `crates/syntax`. What it finds goes into `corpus/read`, which the tests replay.

#![no_main]

use growset_syntax::{Input, apply_fixes, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let paths = ["growset.yaml", "shared.types.yaml", "order.created.yaml"];
    let inputs = paths.map(|path| Input { path: path.to_owned(), shown: path.to_owned(), bytes: bytes.to_vec() });
    let reading = read(inputs.to_vec());
    for diagnostic in &reading.diagnostics {
        assert!(diagnostic.place.file().is_none() || reading.sources.text(diagnostic.place).is_some());
    }
    apply_fixes(&reading.sources, &reading.diagnostics);
});
