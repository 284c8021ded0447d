//! Values that a schema which is carried whole might take, or might just not: guesses from its keywords, which a judge
//! has to confirm. Where it is compared with another one, what differs is looked at first.

use std::cell::Cell;
use std::collections::BTreeSet;

use growset_model::Pattern;
use serde_json::{Map, Value, json};

/// How deep a schema is looked into.
const DEEPEST: u32 = 6;

/// How many guesses are made of one schema.
const MOST: usize = 96;

/// How many guesses are made of a member or an item that both schemas have alike.
const MOST_ALIKE: usize = 4;

/// How many schemas are looked into, the same one by two references twice.
const MOST_SCHEMAS: u32 = 300;

/// Guesses, the simplest first. `other` is what the schema is compared with.
pub(super) fn guesses(schema: &Value, other: Option<&Value>) -> Vec<Value> {
    let left = Cell::new(MOST_SCHEMAS);
    Guess { root: schema, other_root: other, left }.of(schema, other, DEEPEST)
}

struct Guess<'s> {
    root: &'s Value,
    other_root: Option<&'s Value>,
    left: Cell<u32>,
}

impl<'s> Guess<'s> {
    fn of(&self, schema: &'s Value, other: Option<&'s Value>, depth: u32) -> Vec<Value> {
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
        values.extend(texts(schema));
        for (schema, other) in self.beside(schema, other) {
            values.extend(self.of(schema, other, depth));
        }
        values.extend(self.lists(schema, other, depth));
        values.extend(self.objects(schema, other, depth));
        let mut seen = BTreeSet::new();
        values.retain(|value| seen.insert(value.to_string()));
        // What is alike takes part in what differs elsewhere, and needs a value or two of its own type.
        if other == Some(schema) && !holds_reference(schema) {
            self.put_fitting_first(&mut values, schema);
            values.truncate(MOST_ALIKE);
        }
        values.truncate(MOST);
        values
    }

    /// The schemas that judge the very same value.
    fn beside(&self, schema: &'s Value, other: Option<&'s Value>) -> Vec<(&'s Value, Option<&'s Value>)> {
        let mut schemas = Vec::new();
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let of_other = other.filter(|other| other.get("$ref").and_then(Value::as_str) == Some(target));
            let at = |root: Option<&'s Value>| target.strip_prefix('#').and_then(|pointer| root?.pointer(pointer));
            schemas.extend(at(Some(self.root)).map(|schema| (schema, of_other.and_then(|_| at(self.other_root)))));
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            let choices = schema.get(key).and_then(Value::as_array).into_iter().flatten().enumerate();
            schemas.extend(choices.map(|(at, choice)| (choice, other.and_then(|other| other.get(key)?.get(at)))));
        }
        for key in ["not", "if", "then", "else"] {
            schemas.extend(schema.get(key).map(|inner| (inner, other.and_then(|other| other.get(key)))));
        }
        schemas
    }

    fn lists(&self, schema: &'s Value, other: Option<&'s Value>, depth: u32) -> Vec<Value> {
        let under = |key: &str| match schema.get(key) {
            Some(inner) => self.of(inner, other.and_then(|other| other.get(key)), depth),
            None => Vec::new(),
        };
        let mut items = under("items");
        items.extend(under("contains"));
        let counts = ["minItems", "maxItems"].into_iter().filter_map(|key| schema.get(key)?.as_u64());
        let twice = schema.get("uniqueItems").map(|_| 2);
        let counts: Vec<usize> = counts
            .flat_map(|count| [count.saturating_sub(1), count, count.saturating_add(1)])
            .chain(twice)
            .filter_map(|count| usize::try_from(count).ok().filter(|count| *count <= MOST))
            .collect();
        let repeated: &[Value] = if items.is_empty() { &[Value::Null] } else { &items };
        let of_counts = counts.into_iter().flat_map(|count| {
            repeated.iter().take(8).map(move |item| Value::Array(vec![item.clone(); count])).collect::<Vec<_>>()
        });
        items.iter().map(|item| json!([item])).chain(of_counts).collect()
    }

    /// What is required, each with every guess of one more member or of another value.
    fn objects(&self, schema: &'s Value, other: Option<&'s Value>, depth: u32) -> Vec<Value> {
        let known = schema.get("properties").and_then(Value::as_object);
        let of_other = other.and_then(|other| other.get("properties")?.as_object());
        let guessed: Map<String, Value> = known
            .into_iter()
            .flatten()
            .map(|(name, schema)| {
                let other = of_other.and_then(|members| members.get(name));
                (name.clone(), Value::Array(self.fitting(schema, other, depth)))
            })
            .collect();
        let values = |name: &str| guessed.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
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
        let mut objects = Vec::new();
        if !guessed.is_empty() || !least.is_empty() {
            objects.extend([Value::Object(least.clone()), with("unknownMember", true.into())]);
        }
        // The first guess of every member, then the second: a schema of many members is looked at everywhere.
        let most = guessed.keys().map(|name| values(name).len()).max().unwrap_or(0);
        for nth in 0..most {
            let of_member = |name: &String| values(name).get(nth).map(|value| with(name, value.clone()));
            objects.extend(guessed.keys().filter_map(of_member));
        }
        let more = schema.get("additionalProperties").filter(|more| more.is_object());
        let more = more.map_or_else(Vec::new, |more| {
            self.fitting(more, other.and_then(|other| other.get("additionalProperties")), depth)
        });
        objects.extend(more.iter().map(|value| with("unknownMember", value.clone())));
        objects.extend(counted(schema, &least, more.first().unwrap_or(&Value::Null)));
        objects
    }

    /// The guesses of a member, those first that its own type takes.
    fn fitting(&self, schema: &'s Value, other: Option<&'s Value>, depth: u32) -> Vec<Value> {
        let mut values = self.of(schema, other, depth);
        self.put_fitting_first(&mut values, schema);
        values
    }

    fn put_fitting_first(&self, values: &mut [Value], schema: &Value) {
        let judge = jsonschema::draft202012::new(schema).ok();
        values.sort_by_key(|value| judge.as_ref().is_some_and(|judge| !judge.is_valid(value)));
    }
}

/// What a reference leads to may differ where the reference does not.
fn holds_reference(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members.iter().any(|(key, value)| key == "$ref" || holds_reference(value)),
        Value::Array(items) => items.iter().any(holds_reference),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Objects of as many members as a schema's limits, and of one more or less.
fn counted(schema: &Value, least: &Map<String, Value>, member: &Value) -> Vec<Value> {
    let counts = ["minProperties", "maxProperties"].into_iter().filter_map(|key| schema.get(key)?.as_u64());
    let around = counts.flat_map(|count| [count.saturating_sub(1), count, count.saturating_add(1)]);
    let around = around.filter_map(|count| usize::try_from(count).ok().filter(|count| *count <= MOST));
    let of_count = |count: usize| {
        let names = (0..count.saturating_sub(least.len())).map(|number| format!("unknownMember{number}"));
        let more = names.map(|name| (name, member.clone()));
        Value::Object(least.clone().into_iter().chain(more).collect())
    };
    around.map(of_count).collect()
}

/// Texts and numbers at the limits of a schema, and just past them.
fn limits(schema: &Value) -> Vec<Value> {
    let around = |keys: [&str; 4]| -> Vec<f64> {
        let limits = keys.into_iter().filter_map(|key| schema.get(key)?.as_f64());
        limits.flat_map(|limit| [limit, limit - 1.0, limit + 1.0]).collect()
    };
    let mut numbers = around(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]);
    let step = schema.get("multipleOf").and_then(Value::as_f64);
    numbers.extend(step.into_iter().flat_map(|step| [step, step * 2.0, step / 2.0, step + 1.0]));
    let lengths = around(["minLength", "maxLength", "", ""]);
    let texts = lengths.into_iter().filter(|length| (0.0..=4096.0).contains(length));
    let texts = texts.map(|length| Value::from("a".repeat(length as usize)));
    numbers.into_iter().map(super::sample::number).chain(texts).collect()
}

/// Texts that a schema's pattern is found in, and some that are little more.
fn texts(schema: &Value) -> Vec<Value> {
    let pattern = schema.get("pattern").and_then(Value::as_str).and_then(|pattern| Pattern::parse(pattern).ok());
    let samples = pattern.map_or_else(Vec::new, |pattern| pattern.samples());
    let more = samples.iter().flat_map(|text| [format!("{text}!"), format!(" {text}"), format!("{text}{text}")]);
    samples.iter().cloned().chain(more.collect::<Vec<_>>()).map(Value::from).collect()
}
