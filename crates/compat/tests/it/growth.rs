//! The proof that growth verdicts are right: random contracts and random edits, judged by the `jsonschema` crate.

mod edit;

mod judge;

mod additive;

mod laws;

mod carried;

mod reach;

mod recursion;
