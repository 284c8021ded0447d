//! What a judge of 2020-12 may take otherwise than a judge of the schema's own draft: it may only stand where to accept more
//! inside is to accept more outside.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::library::{self, Library, Spot};
use crate::{carry, merge};

/// Looks for it.
pub(crate) struct Blur<'a> {
    library: &'a Library,
    /// Whether a pattern is read alike everywhere; to find out costs much.
    linear: BTreeMap<String, bool>,
}

impl<'a> Blur<'a> {
    pub(crate) fn new(library: &'a Library) -> Self {
        Self { library, linear: BTreeMap::new() }
    }

    /// Whether a pattern runs in linear time, and so is kept.
    pub(crate) fn is_linear(&mut self, pattern: &str) -> bool {
        if let Some(known) = self.linear.get(pattern) {
            return *known;
        }
        let is_linear = carry::is_linear(pattern);
        self.linear.insert(pattern.to_owned(), is_linear);
        is_linear
    }

    /// Whether a schema or one of a list, or anything that they refer to, says something that is not kept exactly.
    pub(crate) fn is_in(&mut self, value: &Value, document: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![(value, document)];
        while let Some((value, document)) = waiting.pop() {
            let members = match value {
                Value::Object(members) => members,
                Value::Array(items) => {
                    waiting.extend(items.iter().map(|item| (item, document)));
                    continue;
                }
                _ => continue, // Everything or nothing.
            };
            if self.says(members, document) {
                return true;
            }
            if let Some(spot) = members.get("$ref").and_then(Value::as_str).and_then(Spot::of_reference)
                && let Some(target) = self.library.at(&spot)
            {
                let document = spot.document;
                if seen.insert(spot) {
                    waiting.push((target, document));
                }
            }
            let inner = library::subschemas(members).into_iter();
            let inner = inner.filter(|(keyword, ..)| !matches!(*keyword, "$defs" | "definitions"));
            waiting.extend(inner.map(|(.., schema)| (schema, document)));
        }
        false
    }

    fn says(&mut self, members: &Map<String, Value>, document: usize) -> bool {
        // Some judges hold texts to these, and some do not.
        let is_optional =
            ["format", "contentEncoding", "contentMediaType"].iter().any(|key| members.contains_key(*key));
        let types = members.get("type").map(merge::listed).unwrap_or_default();
        let is = |ty: &str| types.iter().any(|known| known == ty);
        // 2.0 is an integer since draft-06.
        let is_old_integer = is("integer") && !is("number") && self.library.drafts_four.contains(&document);
        let is_unsafe = members.iter().any(|(keyword, value)| carry::is_unsafe_bound(keyword, value));
        let pattern = members.get("pattern").and_then(Value::as_str);
        let patterns = members.get("patternProperties").and_then(Value::as_object);
        let patterns = patterns.into_iter().flat_map(|all| all.keys().map(String::as_str)).chain(pattern);
        is_optional || is_old_integer || is_unsafe || patterns.into_iter().any(|pattern| !self.is_linear(pattern))
    }
}
