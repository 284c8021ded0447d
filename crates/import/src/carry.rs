//! Schemas that are carried whole: complete in themselves, whatever they referred to.

use std::borrow::Cow;
use std::collections::BTreeMap;

use growset_model::SAFE_INTEGER;
use jsonschema::PatternOptions;
use serde_json::{Map, Value};

use crate::library::{Library, Spot};
use crate::pointer;

/// A schema that stands alone.
pub(crate) struct Bundled {
    pub whole: Value,
    /// Schemas with a keyword that judges would stumble over; there it is left out.
    pub left_out: Vec<(Spot, &'static str)>,
}

/// A schema with everything that it refers to under `$defs`.
pub(crate) fn bundle(library: &Library, schema: &Value, spot: &Spot) -> Bundled {
    let mut bundle = Bundle { library, names: BTreeMap::new(), waiting: Vec::new(), left_out: Vec::new() };
    let mut whole = bundle.rewritten(schema, spot);
    let mut definitions = Map::new();
    while let Some((name, spot)) = bundle.waiting.pop() {
        let definition = library.at(&spot).map_or(Value::Bool(true), |target| bundle.rewritten(target, &spot));
        definitions.insert(name, definition);
    }
    definitions.sort_keys();
    if let Value::Object(members) = &mut whole
        && !definitions.is_empty()
    {
        members.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Bundled { whole, left_out: bundle.left_out }
}

/// A bound that JavaScript cannot hold exactly, and no contract may spell. It is as good as none.
fn is_unsafe_bound(keyword: &str, value: &Value) -> bool {
    let is_bound = matches!(keyword, "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum");
    is_bound && value.is_number() && value.as_f64().is_some_and(|bound| bound.abs() > SAFE_INTEGER as f64)
}

/// Whether judges will take it, who want patterns that run in linear time.
pub(crate) fn is_schema(schema: &Value) -> bool {
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline();
    let linear = options.with_pattern_options(PatternOptions::regex());
    jsonschema::draft202012::meta::is_valid(schema) && linear.build(schema).is_ok()
}

fn is_linear(pattern: &str) -> bool {
    is_schema(&serde_json::json!({ "pattern": pattern }))
}

struct Bundle<'a> {
    library: &'a Library,
    names: BTreeMap<Spot, String>,
    waiting: Vec<(String, Spot)>,
    left_out: Vec<(Spot, &'static str)>,
}

impl Bundle<'_> {
    fn rewritten(&mut self, value: &Value, spot: &Spot) -> Value {
        let mut value = self.inside(value, spot);
        if let Value::Object(members) = &mut value {
            // What is referred to is taken along by name; the rest is of no use here.
            members.shift_remove("$defs");
            members.shift_remove("definitions");
            members.shift_remove("self");
        }
        value
    }

    fn inside(&mut self, value: &Value, spot: &Spot) -> Value {
        match value {
            Value::Object(members) => {
                let members = self.with_linear_patterns(members, spot);
                let entries = members.iter().filter(|(key, value)| !is_unsafe_bound(key, value)).map(|(key, value)| {
                    let target = value.as_str().filter(|_| key == "$ref").and_then(Spot::of_reference);
                    let value = match target {
                        Some(spot) => self.name(spot).into(),
                        None => self.inside(value, &spot.below(&[key])),
                    };
                    (key.clone(), value)
                });
                Value::Object(entries.collect())
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| self.inside(item, &spot.below(&[&at.to_string()]))).collect()
            }
            plain => plain.clone(),
        }
    }

    /// A schema without the patterns that engines read differently, or slowly; it accepts what it accepted.
    fn with_linear_patterns<'m>(
        &mut self,
        members: &'m Map<String, Value>,
        spot: &Spot,
    ) -> Cow<'m, Map<String, Value>> {
        let mut members = Cow::Borrowed(members);
        if members.get("pattern").and_then(Value::as_str).is_some_and(|pattern| !is_linear(pattern)) {
            members.to_mut().shift_remove("pattern");
            self.left_out.push((spot.clone(), "pattern"));
        }
        let patterns = members.get("patternProperties").and_then(Value::as_object);
        if patterns.is_some_and(|patterns| !patterns.keys().all(|pattern| is_linear(pattern))) {
            // What no pattern is about any more would fall to these.
            for keyword in ["patternProperties", "additionalProperties", "unevaluatedProperties"] {
                members.to_mut().shift_remove(keyword);
            }
            self.left_out.push((spot.clone(), "patternProperties"));
        }
        members
    }

    /// Where the target of a reference will stand.
    fn name(&mut self, spot: Spot) -> String {
        let known = self.names.get(&spot).cloned();
        let name = known.unwrap_or_else(|| {
            let wanted = pointer::last(&spot.pointer).unwrap_or_else(|| "root".to_owned());
            let is_taken = self.names.values().any(|name| *name == wanted);
            let name = if is_taken { format!("{wanted}{}", self.names.len()) } else { wanted };
            if self.library.at(&spot).is_some() {
                self.waiting.push((name.clone(), spot.clone()));
            }
            self.names.insert(spot, name.clone());
            name
        });
        format!("#{}", pointer::join("/$defs", &name))
    }
}
