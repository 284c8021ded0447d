//! Schemas that are carried whole: complete in themselves, whatever they referred to.

use std::collections::BTreeMap;

use growset_model::SAFE_INTEGER;
use serde_json::{Map, Value};

use crate::library::{Library, Spot};
use crate::pointer;

/// A schema with everything that it refers to under `$defs`.
pub(crate) fn bundle(library: &Library, schema: &Value) -> Value {
    let mut bundle = Bundle { library, names: BTreeMap::new(), waiting: Vec::new() };
    let mut whole = bundle.rewritten(schema);
    let mut definitions = Map::new();
    while let Some((name, spot)) = bundle.waiting.pop() {
        let definition = library.at(&spot).map_or(Value::Bool(true), |target| bundle.rewritten(target));
        definitions.insert(name, definition);
    }
    definitions.sort_keys();
    if let Value::Object(members) = &mut whole
        && !definitions.is_empty()
    {
        members.insert("$defs".to_owned(), Value::Object(definitions));
    }
    whole
}

/// A bound that JavaScript cannot hold exactly, and no contract may spell. It is as good as none.
fn is_unsafe_bound(keyword: &str, value: &Value) -> bool {
    let is_bound = matches!(keyword, "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum");
    is_bound && value.is_number() && value.as_f64().is_some_and(|bound| bound.abs() > SAFE_INTEGER as f64)
}

/// Whether judges will take it.
pub(crate) fn is_schema(schema: &Value) -> bool {
    jsonschema::draft202012::meta::is_valid(schema) && jsonschema::draft202012::new(schema).is_ok()
}

struct Bundle<'a> {
    library: &'a Library,
    names: BTreeMap<Spot, String>,
    waiting: Vec<(String, Spot)>,
}

impl Bundle<'_> {
    fn rewritten(&mut self, value: &Value) -> Value {
        let mut value = self.inside(value);
        if let Value::Object(members) = &mut value {
            // What is referred to is taken along by name; the rest is of no use here.
            members.shift_remove("$defs");
            members.shift_remove("definitions");
            members.shift_remove("self");
        }
        value
    }

    fn inside(&mut self, value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let entries = members.iter().filter(|(key, value)| !is_unsafe_bound(key, value)).map(|(key, value)| {
                    let target = value.as_str().filter(|_| key == "$ref").and_then(Spot::of_reference);
                    let value = match target {
                        Some(spot) => self.name(spot).into(),
                        None => self.inside(value),
                    };
                    (key.clone(), value)
                });
                Value::Object(entries.collect())
            }
            Value::Array(items) => items.iter().map(|item| self.inside(item)).collect(),
            plain => plain.clone(),
        }
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
