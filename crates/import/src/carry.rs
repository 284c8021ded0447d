//! Schemas that are carried whole: complete in themselves, whatever they referred to.

use std::borrow::Cow;
use std::collections::BTreeMap;

use growset_model::SAFE_INTEGER;
use jsonschema::PatternOptions;
use serde_json::{Map, Value};

use crate::blur::Blur;
use crate::library::{LISTS, Library, MAPS, ONE, Spot};
use crate::pointer;

/// A schema that stands alone.
pub(crate) struct Bundled {
    pub whole: Value,
    /// Schemas with a keyword that judges would stumble over; there it is left out.
    pub left_out: Vec<LeftOut>,
}

/// Where, which keyword, and why.
pub(crate) type LeftOut = (Spot, &'static str, &'static str);

const SLOW: &str = "is left out of what is carried whole: engines read it differently, or slowly";
const NO_PATTERN: &str = "is left out of what is carried whole: it holds no regular expression";
const BLURRED: &str = "is left out of what is carried whole: it refuses by what cannot be said exactly";

/// A schema with everything that it refers to under `$defs`.
pub(crate) fn bundle(library: &Library, schema: &Value, spot: &Spot) -> Bundled {
    let mut bundle =
        Bundle { library, names: BTreeMap::new(), waiting: Vec::new(), left_out: Vec::new(), blur: Blur::new(library) };
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
pub(crate) fn is_unsafe_bound(keyword: &str, value: &Value) -> bool {
    let is_bound = matches!(keyword, "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum");
    is_bound && value.is_number() && value.as_f64().is_some_and(|bound| bound.abs() > SAFE_INTEGER as f64)
}

/// Whether judges will take it, who want patterns that run in linear time.
pub(crate) fn is_schema(schema: &Value) -> bool {
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline();
    let linear = options.with_pattern_options(PatternOptions::regex());
    jsonschema::draft202012::meta::is_valid(schema) && linear.build(schema).is_ok()
}

pub(crate) fn is_linear(pattern: &str) -> bool {
    is_schema(&serde_json::json!({ "pattern": pattern }))
}

/// Why a pattern that is not linear is left out.
fn fault<'a>(mut patterns: impl Iterator<Item = &'a str>) -> &'static str {
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline();
    let any = options.with_pattern_options(PatternOptions::fancy_regex());
    let is_read = |pattern: &str| any.build(&serde_json::json!({ "pattern": pattern })).is_ok();
    if patterns.all(is_read) { SLOW } else { NO_PATTERN }
}

struct Bundle<'a> {
    library: &'a Library,
    names: BTreeMap<Spot, String>,
    waiting: Vec<(String, Spot)>,
    left_out: Vec<LeftOut>,
    blur: Blur<'a>,
}

impl Bundle<'_> {
    /// Keyword by keyword, so that a value or a property that is spelled like a keyword stays as it is.
    fn rewritten(&mut self, value: &Value, spot: &Spot) -> Value {
        let Value::Object(members) = value else { return value.clone() };
        let mut members = self.with_linear_patterns(members, spot).into_owned();
        members.retain(|keyword, value| !is_unsafe_bound(keyword, value));
        self.without_blurred_choices(&mut members, spot);
        let (mut plain, mut moved) = (Map::new(), Map::new());
        for (keyword, value) in &members {
            let below = spot.below(&[keyword]);
            match (keyword.as_str(), value) {
                // What is referred to is taken along by name; the rest is of no use here.
                ("$defs" | "definitions" | "self", _) => {}
                ("$ref", Value::String(reference)) => {
                    let name = Spot::of_reference(reference).map(|target| self.name(target));
                    plain.insert(keyword.clone(), name.unwrap_or_else(|| reference.clone()).into());
                }
                ("dependencies", Value::Object(all)) => moved = self.dependencies(all, &below),
                (_, value) => _ = plain.insert(keyword.clone(), self.inside(keyword, value, &below)),
            }
        }
        if moved.keys().any(|keyword| plain.contains_key(keyword)) {
            let mut parts = plain.get("allOf").and_then(Value::as_array).cloned().unwrap_or_default();
            parts.push(Value::Object(moved));
            plain.insert("allOf".to_owned(), parts.into());
        } else {
            plain.extend(moved);
        }
        Value::Object(plain)
    }

    fn inside(&mut self, keyword: &str, value: &Value, spot: &Spot) -> Value {
        match value {
            Value::Object(_) if ONE.contains(&keyword) => self.rewritten(value, spot),
            Value::Array(items) if LISTS.contains(&keyword) || keyword == "items" => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| self.rewritten(item, &spot.below(&[&at.to_string()]))).collect()
            }
            Value::Object(named) if MAPS.contains(&keyword) => {
                let named = named.iter();
                let named = named.map(|(name, inner)| (name.clone(), self.rewritten(inner, &spot.below(&[name]))));
                Value::Object(named.collect())
            }
            plain => plain.clone(), // Holds no schema.
        }
    }

    /// One keyword until draft-07, two since; 2019-09 may say both.
    fn dependencies(&mut self, all: &Map<String, Value>, spot: &Spot) -> Map<String, Value> {
        let (mut required, mut schemas) = (Map::new(), Map::new());
        for (name, value) in all {
            match value {
                Value::Array(_) => _ = required.insert(name.clone(), value.clone()),
                schema => _ = schemas.insert(name.clone(), self.rewritten(schema, &spot.below(&[name]))),
            }
        }
        let both = [("dependentRequired", required), ("dependentSchemas", schemas)];
        let said = both.into_iter().filter(|(_, all)| !all.is_empty());
        said.map(|(keyword, all)| (keyword.to_owned(), Value::Object(all))).collect()
    }

    /// Where a schema that accepts more would make the one around it accept less, nothing may be said inexactly.
    fn without_blurred_choices(&mut self, members: &mut Map<String, Value>, spot: &Spot) {
        let blur = &mut self.blur;
        let mut is_blurred = |keyword: &str| members.get(keyword).is_some_and(|value| blur.is_in(value, spot.document));
        let [not, condition, one_of, contains] = ["not", "if", "oneOf", "contains"].map(&mut is_blurred);
        let mut out = |keyword: &'static str, note| self.left_out.push((spot.clone(), keyword, note));
        if not {
            members.shift_remove("not");
            out("not", BLURRED);
        }
        if condition {
            ["if", "then", "else"].iter().for_each(|keyword| _ = members.shift_remove(*keyword));
            out("if", BLURRED);
        }
        if contains && members.shift_remove("maxContains").is_some() {
            out("maxContains", BLURRED);
        }
        if one_of && let Some(cases) = members.shift_remove("oneOf") {
            if members.contains_key("anyOf") {
                out("oneOf", BLURRED);
            } else {
                members.insert("anyOf".to_owned(), cases);
                out("oneOf", "becomes `anyOf` in what is carried whole: its cases cannot be told apart exactly");
            }
        }
        // What is left out counts nothing as seen any more.
        if condition || one_of {
            for keyword in ["unevaluatedProperties", "unevaluatedItems"] {
                if members.shift_remove(keyword).is_some() {
                    out(keyword, BLURRED);
                }
            }
        }
    }

    /// A schema without the patterns that engines read differently, or slowly; it accepts what it accepted.
    fn with_linear_patterns<'m>(
        &mut self,
        members: &'m Map<String, Value>,
        spot: &Spot,
    ) -> Cow<'m, Map<String, Value>> {
        let mut members = Cow::Borrowed(members);
        let pattern = members.get("pattern").and_then(Value::as_str).filter(|pattern| !self.blur.is_linear(pattern));
        if let Some(why) = pattern.map(|pattern| fault([pattern].into_iter())) {
            members.to_mut().shift_remove("pattern");
            self.left_out.push((spot.clone(), "pattern", why));
        }
        let patterns = members.get("patternProperties").and_then(Value::as_object);
        let patterns = patterns.filter(|all| !all.keys().all(|pattern| self.blur.is_linear(pattern)));
        if let Some(why) = patterns.map(|all| fault(all.keys().map(String::as_str))) {
            // What no pattern is about any more would fall to these.
            for keyword in ["patternProperties", "additionalProperties", "unevaluatedProperties"] {
                members.to_mut().shift_remove(keyword);
            }
            self.left_out.push((spot.clone(), "patternProperties", why));
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
