//! Tests of the model through its public face.

mod build;

mod canonical;
mod pattern;
mod schema;
