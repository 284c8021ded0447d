//! What a schema says that asserts nothing, and that a contract has no word for: told, never lost in silence.

use serde_json::{Map, Value};

use crate::library::Spot;
use crate::loss::Done;
use crate::reader::Reader;

type Schema = Map<String, Value>;

/// Keywords that are read, or told of where they are left out.
const READ: [&str; 65] = [
    "$defs",
    "$dynamicRef",
    "$recursiveRef",
    "$ref",
    "$schema",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "contentEncoding",
    "default",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "deprecated",
    "description",
    "discriminator",
    "else",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "id",
    "if",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "required",
    "self",
    "then",
    "title",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "x-growset-audience",
    "x-growset-deprecated",
    "x-growset-derived",
    "x-growset-event",
    "x-growset-from",
    "x-growset-owner",
    "x-growset-pii",
    "x-growset-values",
];

/// Words on a value, for which only fields, types, events and cases have a place.
const WORDS: [&str; 6] = ["title", "description", "examples", "example", "default", "deprecated"];

impl Reader<'_> {
    /// Tells of every keyword that nobody reads.
    pub(crate) fn tell_unread(&mut self, schema: &Schema, spot: &Spot) {
        if self.is_ours(spot) {
            return; // What we wrote, we read.
        }
        for keyword in schema.keys().filter(|keyword| READ.binary_search(&keyword.as_str()).is_err()) {
            self.note(spot, keyword, Done::Dropped, "has no word in a contract, and is left out");
        }
    }

    /// Tells of words that stand where a contract has no place for them: on items, on the values of a map, on a case.
    pub(crate) fn tell_words(&mut self, schema: &Value, spot: &Spot) {
        let Some(members) = schema.as_object().filter(|_| !self.is_ours(spot)) else { return };
        for keyword in WORDS.iter().filter(|keyword| members.contains_key(**keyword)) {
            self.note(spot, keyword, Done::Dropped, "stands where a contract has no place for words, and is left out");
        }
    }

    /// Tells of the words of a part that give way to those of the whole.
    pub(crate) fn tell_words_given_up(&mut self, part: &Schema, whole: &Schema, spot: &Spot) {
        if self.is_ours(spot) {
            return;
        }
        let gives_way = |keyword: &str| matches!((part.get(keyword), whole.get(keyword)), (Some(part), Some(whole)) if part != whole);
        for keyword in WORDS.into_iter().filter(|keyword| gives_way(keyword)) {
            self.note(spot, keyword, Done::Dropped, "gives way to what is said beside it");
        }
    }

    /// Tells of the examples and defaults of a field or type that are not kept.
    pub(crate) fn tell_examples(&mut self, schema: &Value, spot: &Spot, keeps_default: bool) {
        let examples = schema.get("examples").and_then(Value::as_array).map_or(0, Vec::len);
        let is_beside = examples > 0 && schema.get("example").is_some();
        if examples > 1 || is_beside {
            self.note(spot, "examples", Done::Dropped, "keeps the first one alone");
        }
        if !keeps_default && schema.get("default").is_some() {
            self.note(spot, "default", Done::Dropped, "stands on what is always there, and is left out");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keywords_are_sorted() {
        assert!(READ.is_sorted());
    }
}
