//! One file per target; each has one line in [`crate::TARGETS`].

pub(crate) mod schemas;

pub(crate) mod rust;

pub(crate) mod typescript;

pub(crate) mod docs;

pub(crate) mod html;

pub(crate) mod catalog;

pub(crate) mod openapi;

pub(crate) mod asyncapi;

mod words;

use growset_model::{Event, fill};
use serde_json::Value;

use crate::Request;

/// An example as listeners get it: with the derived fields filled in.
fn as_heard(request: &Request, event: &Event, example: &Value) -> Value {
    let mut value = example.clone();
    fill(request.catalog, &event.payload, request.functions, &mut value);
    value
}
