//! Tests of the model through its public face.

mod pattern;
mod schema;
