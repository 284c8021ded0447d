//! Payloads of one event, judged one after the other as they come.

use growset_model::{Catalog, Event, Language};
use jsonschema::Validator;
use serde_json::Value;

use super::{Against, Exhibit, Problem, compile, problems};

/// The judge of one event's payloads in one language. Its schema is compiled once.
pub struct PayloadJudge<'a> {
    catalog: &'a Catalog,
    against: Against<'a>,
    validator: Validator,
}

impl<'a> PayloadJudge<'a> {
    /// Nothing when the schema cannot be compiled, which only a JSON Schema that is carried whole can cause.
    pub fn new(catalog: &'a Catalog, event: &'a Event, language: Language) -> Option<Self> {
        let against = Against::Payload(event, language);
        let validator = compile(&against.schema(catalog)).ok()?;
        Some(Self { catalog, against, validator })
    }

    /// What is wrong with a payload; nothing when it is one.
    pub fn problems(&self, payload: &Value) -> Vec<Problem> {
        let exhibit = Exhibit { against: self.against, value: payload };
        problems(self.catalog, &exhibit, &self.validator, None)
    }
}
