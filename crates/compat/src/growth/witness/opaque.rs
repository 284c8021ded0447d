//! Values that a schema which is carried whole might take, or might just not: guesses from its keywords, which a judge
//! has to confirm.

use std::cell::Cell;

use serde_json::{Map, Value, json};

/// How deep a schema is looked into.
const DEEPEST: u32 = 4;

/// How many guesses are made of one schema.
const MOST: usize = 64;

/// How many schemas are looked into, the same one by two references twice.
const MOST_SCHEMAS: u32 = 200;

/// Guesses, the simplest first.
pub(super) fn guesses(schema: &Value) -> Vec<Value> {
    Guess { root: schema, left: Cell::new(MOST_SCHEMAS) }.of(schema, DEEPEST)
}

struct Guess<'s> {
    root: &'s Value,
    left: Cell<u32>,
}

impl Guess<'_> {
    fn of(&self, schema: &Value, depth: u32) -> Vec<Value> {
        let simple = [Value::Null, false.into(), 0.into(), 1.5.into(), "".into(), "a".into(), json!([]), json!({})];
        let mut values: Vec<Value> = simple.into();
        let (Some(depth), Some(left)) = (depth.checked_sub(1), self.left.get().checked_sub(1)) else {
            return values;
        };
        self.left.set(left);
        values.extend(["const", "default"].into_iter().filter_map(|key| schema.get(key).cloned()));
        let listed = ["enum", "examples"].into_iter().filter_map(|key| schema.get(key)?.as_array().cloned());
        values.extend(listed.flatten());
        values.extend(limits(schema));
        if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#')) {
            values.extend(self.root.pointer(target).into_iter().flat_map(|schema| self.of(schema, depth)));
        }
        for choices in ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|key| schema.get(key)?.as_array()) {
            values.extend(choices.iter().flat_map(|schema| self.of(schema, depth)));
        }
        values.extend(self.lists(schema, depth));
        values.extend(self.objects(schema, depth));
        let mut seen = std::collections::BTreeSet::new();
        values.retain(|value| seen.insert(value.to_string()));
        values.truncate(MOST);
        values
    }

    fn lists(&self, schema: &Value, depth: u32) -> Vec<Value> {
        let items = schema.get("items").map_or_else(Vec::new, |items| self.of(items, depth));
        let counts = ["minItems", "maxItems"].into_iter().filter_map(|key| schema.get(key)?.as_u64());
        let counts: Vec<usize> = counts
            .flat_map(|count| [count.saturating_sub(1), count, count.saturating_add(1)])
            .filter_map(|count| usize::try_from(count).ok().filter(|count| *count <= MOST))
            .collect();
        let of_counts = counts.into_iter().flat_map(|count| {
            items.iter().take(8).map(move |item| Value::Array(vec![item.clone(); count])).collect::<Vec<_>>()
        });
        items.iter().map(|item| json!([item])).chain(of_counts).collect()
    }

    /// What is required, each with every guess of one more member or of another value.
    fn objects(&self, schema: &Value, depth: u32) -> Vec<Value> {
        let known = schema.get("properties").and_then(Value::as_object);
        let guessed: Map<String, Value> = known
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.clone(), Value::Array(self.fitting(schema, depth))))
            .collect();
        let values = |name: &str| guessed.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let required = schema.get("required").and_then(Value::as_array);
        let least: Map<String, Value> = required
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|name| (name.to_owned(), values(name).first().cloned().unwrap_or(Value::Null)))
            .collect();
        let with = |name: &str, value: Value| {
            let mut members = least.clone();
            members.insert(name.to_owned(), value);
            Value::Object(members)
        };
        let changed = guessed.keys().flat_map(|name| values(name).into_iter().map(move |value| (name, value)));
        let mut objects: Vec<Value> = changed.map(|(name, value)| with(name, value)).collect();
        if !guessed.is_empty() || !least.is_empty() {
            objects.insert(0, with("unknownMember", true.into()));
            objects.insert(0, Value::Object(least.clone()));
        }
        objects
    }

    /// The guesses of a member, those first that its own type takes.
    fn fitting(&self, schema: &Value, depth: u32) -> Vec<Value> {
        let mut values = self.of(schema, depth);
        let judge = jsonschema::draft202012::new(schema).ok();
        values.sort_by_key(|value| judge.as_ref().is_some_and(|judge| !judge.is_valid(value)));
        values
    }
}

/// Texts and numbers at the limits of a schema, and just past them.
fn limits(schema: &Value) -> Vec<Value> {
    let around = |keys: [&str; 4]| -> Vec<f64> {
        let limits = keys.into_iter().filter_map(|key| schema.get(key)?.as_f64());
        limits.flat_map(|limit| [limit, limit - 1.0, limit + 1.0]).collect()
    };
    let numbers = around(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]);
    let lengths = around(["minLength", "maxLength", "", ""]);
    let texts = lengths.into_iter().filter(|length| (0.0..=4096.0).contains(length));
    let texts = texts.map(|length| Value::from("a".repeat(length as usize)));
    numbers.into_iter().map(super::sample::number).chain(texts).collect()
}
