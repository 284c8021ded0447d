//! Payloads that a source schema accepts, made at random: what proves that an import refuses none of them.
//!
//! Guesses along the schema and keeps what a judge of the source's own draft accepts, so that a guess may be wrong.

use std::collections::BTreeSet;

use jsonschema::{ValidationError, Validator};
use proptest::prelude::Rng as _;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Number, Value, json};

use crate::document::{Document, Draft};
use crate::excuse::Excuses;
use crate::library::{Library, Spot};
use crate::loss::Loss;
use crate::{carry, merge};

type Schema = Map<String, Value>;

const DEEPEST: usize = 8;
/// Texts that many patterns and formats take.
const TEXTS: [&str; 16] = [
    "",
    "a",
    "Abc def",
    "0",
    "42",
    "é",
    "2026-11-21",
    "2026-11-21T10:20:30Z",
    "2026-11-21T10:20:30.123+02:00",
    "2b1f8f1e-58a8-4c5b-9f0c-2d6f5d8f8a11",
    "https://example.com/a?b=c",
    "a@example.com",
    "1-0-0",
    "192.0.2.1",
    "example.com",
    "2026-11-21 10:20:30",
];

/// Makes payloads of documents that may refer to each other.
pub struct Sampler<'a> {
    documents: &'a [Document],
    draft: Option<Draft>,
    library: Library,
}

impl<'a> Sampler<'a> {
    /// Over the documents of one import.
    pub fn new(documents: &'a [Document], draft: Option<Draft>) -> Self {
        Self { documents, draft, library: Library::of_schemas(documents, draft) }
    }

    /// Payloads that a document accepts, out of so many guesses. Fewer, or none, where guesses fail.
    pub fn payloads(&self, document: usize, guesses: usize, seed: u64) -> Vec<Value> {
        let Some(judge) = self.judge(document) else { return Vec::new() };
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let spot = Spot { document, pointer: String::new() };
        let Some(schema) = self.library.at(&spot) else { return Vec::new() };
        let mut names = BTreeSet::new();
        collect_names(schema, &mut names);
        let names = names.into_iter().collect();
        let runner = TestRunner::new_with_rng(Config::default(), rng);
        let mut guess = Guess { library: &self.library, names, runner };
        let made = (0..guesses).map(|_| guess.value(schema, 0));
        made.filter(|value| judge.is_valid(value)).collect()
    }

    /// Whether the losses of an import name why a validator of it refused a payload of a document: at that place, for
    /// that reason.
    pub fn names(&self, losses: &[Loss], document: usize, error: &ValidationError) -> bool {
        Excuses::new(self.documents, &self.library, losses).cover(document, error)
    }

    /// The examples that a document gives of itself and accepts.
    pub fn examples(&self, document: usize) -> Vec<Value> {
        let Some(judge) = self.judge(document) else { return Vec::new() };
        let examples = self.documents[document].value.get("examples").and_then(Value::as_array);
        examples.into_iter().flatten().filter(|example| judge.is_valid(example)).cloned().collect()
    }

    /// Of the document as it stands; of its modern form where it refers to others.
    fn judge(&self, at: usize) -> Option<Validator> {
        let draft = match self.documents[at].draft(self.draft).ok()? {
            Draft::Four => jsonschema::Draft::Draft4,
            Draft::Six => jsonschema::Draft::Draft6,
            Draft::Seven => jsonschema::Draft::Draft7,
            Draft::Y2019 => jsonschema::Draft::Draft201909,
            Draft::Y2020 => jsonschema::Draft::Draft202012,
        };
        let mut plain = self.documents[at].value.clone();
        if let Some(members) = plain.as_object_mut() {
            // Dialects that only name a draft, and identities that no other document needs here.
            ["$schema", "$id", "id"].iter().for_each(|key| _ = members.shift_remove(*key));
        }
        let own = jsonschema::options().with_draft(draft).build(&plain).ok();
        own.or_else(|| {
            let schema = self.library.at(&Spot { document: at, pointer: String::new() })?;
            jsonschema::draft202012::new(&carry::bundle(&self.library, schema, &Spot::NOWHERE).whole).ok()
        })
    }
}

fn collect_names(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            let properties = members.get("properties").and_then(Value::as_object).into_iter().flatten();
            names.extend(properties.map(|(name, _)| name.clone()));
            members.values().for_each(|value| collect_names(value, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_names(item, names)),
        _ => {} // Declares nothing.
    }
}

struct Guess<'a> {
    library: &'a Library,
    /// Of every property that the document declares.
    names: Vec<String>,
    runner: TestRunner,
}

impl Guess<'_> {
    fn below(&mut self, limit: usize) -> usize {
        // The bias of a remainder does no harm here.
        usize::try_from(self.runner.rng().next_u64() % limit.max(1) as u64).unwrap_or_default()
    }

    fn pick<'v, T>(&mut self, from: &'v [T]) -> Option<&'v T> {
        if from.is_empty() { None } else { from.get(self.below(from.len())) }
    }

    fn value(&mut self, schema: &Value, depth: usize) -> Value {
        let Some(members) = schema.as_object() else { return self.anything() };
        if depth > DEEPEST {
            return self.shallow(members);
        }
        let members = self.laid_out(members, depth);
        if let Some(constant) = members.get("const") {
            return constant.clone();
        }
        if let Some(values) = members.get("enum").and_then(Value::as_array) {
            return self.pick(values).cloned().unwrap_or_default();
        }
        let types = members.get("type").map(merge::listed).unwrap_or_default();
        let ty = self.pick(&types).cloned();
        let has = |keywords: &[&str]| keywords.iter().any(|keyword| members.contains_key(*keyword));
        match ty.as_deref() {
            Some("object") => self.object(&members, depth),
            Some("array") => self.array(&members, depth),
            Some("string") => self.text(&members),
            Some("integer") => self.number(&members, true),
            Some("number") => self.number(&members, false),
            Some("boolean") => (self.below(2) == 0).into(),
            Some(_) => Value::Null,
            // Without a type, other keywords leave alone whatever they are not about.
            None if self.below(4) == 0 => self.anything(),
            None if has(&["properties", "required", "additionalProperties"]) => self.object(&members, depth),
            None if has(&["items", "prefixItems"]) => self.array(&members, depth),
            None if has(&["pattern", "format", "maxLength"]) => self.text(&members),
            None => self.anything(),
        }
    }

    /// References followed, `allOf` laid together, one case of each choice taken.
    fn laid_out(&mut self, members: &Schema, depth: usize) -> Schema {
        let mut merged = members.clone();
        let mut lost = Vec::new();
        for _ in 0..=DEEPEST.saturating_sub(depth) {
            let mut parts: Vec<Value> = Vec::new();
            if let Some(reference) = merged.shift_remove("$ref") {
                let spot = reference.as_str().and_then(Spot::of_reference);
                parts.extend(spot.and_then(|spot| self.library.at(&spot)).cloned());
            }
            if let Some(Value::Array(all)) = merged.shift_remove("allOf") {
                parts.extend(all);
            }
            for keyword in ["oneOf", "anyOf"] {
                if let Some(Value::Array(cases)) = merged.shift_remove(keyword) {
                    parts.extend(self.pick(&cases).cloned());
                }
            }
            if parts.is_empty() {
                break;
            }
            for part in parts.iter().filter_map(Value::as_object) {
                merged = merge::both(&merged, part, &mut lost);
            }
        }
        merged
    }

    /// Something small, for schemas that stand too deep.
    fn shallow(&mut self, members: &Schema) -> Value {
        match members.get("type").map(merge::listed).unwrap_or_default().last().map(String::as_str) {
            Some("object") => json!({}),
            Some("array") => json!([]),
            Some("string") => json!("a"),
            Some("integer" | "number") => json!(1),
            Some("boolean") => json!(true),
            _ => Value::Null,
        }
    }

    fn anything(&mut self) -> Value {
        let all =
            [json!(null), json!(true), json!(-7), json!(1.5), json!("x"), json!([1, "a"]), json!({ "k": [null] })];
        self.pick(&all).cloned().unwrap_or_default()
    }

    fn object(&mut self, members: &Schema, depth: usize) -> Value {
        let required: Vec<&str> =
            members.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let mut object = Map::new();
        let properties = members.get("properties").and_then(Value::as_object);
        for (name, schema) in properties.into_iter().flatten() {
            if required.contains(&name.as_str()) || self.below(5) < 3 {
                object.insert(name.clone(), self.value(schema, depth + 1));
            }
        }
        let rest = members.get("additionalProperties").cloned().unwrap_or(Value::Bool(true));
        for name in required {
            if !object.contains_key(name) {
                object.insert(name.to_owned(), self.value(&rest, depth + 1));
            }
        }
        let patterns = members.get("patternProperties").and_then(Value::as_object);
        for (pattern, schema) in patterns.into_iter().flatten() {
            if let Some(name) = self.matching(pattern) {
                object.insert(name, self.value(schema, depth + 1));
            }
        }
        if rest != Value::Bool(false) && self.below(3) == 0 {
            let known = std::mem::take(&mut self.names);
            // What is undeclared here may be declared elsewhere, and held to a type by who lays schemas together.
            let name = self.pick(&known).filter(|name| !object.contains_key(name.as_str())).cloned();
            self.names = known;
            object.insert(name.unwrap_or_else(|| "undeclared".to_owned()), self.value(&rest, depth + 1));
        }
        Value::Object(object)
    }

    fn array(&mut self, members: &Schema, depth: usize) -> Value {
        let count = |key: &str| members.get(key).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
        let least = count("minItems").unwrap_or(0);
        let most = count("maxItems").unwrap_or(least + 2).clamp(least, least + 3);
        let length = least + self.below(most - least + 1);
        let first = members.get("prefixItems").and_then(Value::as_array).cloned().unwrap_or_default();
        let rest = members.get("items").cloned().unwrap_or(Value::Bool(true));
        (0..length.min(32)).map(|at| self.value(first.get(at).unwrap_or(&rest), depth + 1)).collect()
    }

    fn text(&mut self, members: &Schema) -> Value {
        let pattern = members.get("pattern").and_then(Value::as_str);
        let made = pattern.filter(|_| self.below(4) > 0).and_then(|pattern| self.matching(pattern));
        let mut text = made.unwrap_or_else(|| self.pick(&TEXTS).map_or_else(String::new, |text| (*text).to_owned()));
        let count = |key: &str| members.get(key).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
        let least = count("minLength").unwrap_or(0).min(10_000);
        while text.chars().count() < least {
            text.push('a');
        }
        if let Some(most) = count("maxLength") {
            text = text.chars().take(most).collect();
        }
        text.into()
    }

    /// A text that a pattern finds something in.
    fn matching(&mut self, pattern: &str) -> Option<String> {
        let strategy = proptest::string::string_regex(pattern.trim_start_matches('^').trim_end_matches('$')).ok()?;
        Some(strategy.new_tree(&mut self.runner).ok()?.current())
    }

    fn number(&mut self, members: &Schema, is_whole: bool) -> Value {
        let limit = |key: &str| members.get(key).and_then(Value::as_f64);
        let least = limit("minimum").or(limit("exclusiveMinimum").map(|limit| limit + 1.0));
        let most = limit("maximum").or(limit("exclusiveMaximum").map(|limit| limit - 1.0));
        let (low, high) = (
            least.unwrap_or(most.unwrap_or(0.0).min(0.0) - 10.0),
            most.unwrap_or(least.unwrap_or(0.0).max(0.0) + 1e18),
        );
        let choices = [low, high, low + 1.0, (low + high) / 2.0, 0.0, 1.0, 12.5, 1e10];
        let picked = self.pick(&choices).copied().unwrap_or_default();
        let picked = if is_whole { picked.round() } else { picked };
        if picked.fract() == 0.0 && picked.abs() < 9e18 {
            return (picked as i64).into();
        }
        Number::from_f64(picked).map_or(Value::Null, Value::Number)
    }
}
