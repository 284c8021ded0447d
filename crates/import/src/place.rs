//! Where in the sources a construct stands: what was laid together is traced back to the schemas that it was made of, and
//! keywords that were brought to one form to how the document spells them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::library::{LISTS, Library, MAPS, ONE, Spot};
use crate::pointer;

/// Schemas that hold at one place, references followed. More of them are not looked at.
const MOST_TOGETHER: usize = 64;

impl Library {
    /// The schemas that say a construct, or anything at all, at a spot, which may be made up: below `allOf`, say, that was laid out. The spot
    /// itself, as far as it leads, where none of them says it.
    pub(crate) fn places(&self, spot: &Spot, construct: &str) -> Vec<Spot> {
        let says = |spot: &Spot| self.at(spot).is_some_and(|schema| schema.get(construct).is_some());
        if says(spot) || construct.is_empty() && self.at(spot).is_some() {
            return vec![spot.clone()];
        }
        let steps: Vec<&str> = spot.pointer.split('/').skip(1).collect();
        let mut silent: Option<Spot> = None;
        let mut deepest: Option<Spot> = None;
        // What one part says may stand below another way than what the other says: every start is tried, the nearest first.
        for length in (0..=steps.len()).rev() {
            let start = Spot { document: spot.document, pointer: joined(&steps[..length]) };
            let ends_inside = length > 0 && holds_named(steps[length - 1]);
            if ends_inside || self.at(&start).is_none() {
                continue;
            }
            deepest.get_or_insert_with(|| start.clone());
            let found = self.followed(start, &steps[length..]);
            let told = found.iter().flat_map(|spot| self.together(spot, &["allOf"])).filter(says);
            let told: BTreeSet<Spot> = told.collect();
            if !told.is_empty() {
                return told.into_iter().collect();
            }
            silent = silent.or(found.into_iter().next());
        }
        silent.or(deepest).into_iter().collect()
    }

    /// Where steps lead from a schema and from all that hold where it holds; nowhere, if they do not.
    fn followed(&self, start: Spot, steps: &[&str]) -> Vec<Spot> {
        let mut found = vec![start];
        let mut rest = steps;
        while let [keyword, more @ ..] = rest {
            let length = if ONE.contains(keyword) { 1 } else { 2 };
            let below = joined(rest.get(..length).unwrap_or(rest));
            let inside = |spots: &[Spot]| -> Vec<Spot> {
                let together = spots.iter().flat_map(|spot| self.together(spot, &["allOf", "anyOf", "oneOf"]));
                let inside = together.map(|spot| Spot { pointer: format!("{}{below}", spot.pointer), ..spot });
                inside.filter(|spot| self.at(spot).is_some()).collect()
            };
            let mut next = inside(&found);
            if next.is_empty() {
                // What stands around cases belongs to each of them.
                next = inside(&found.iter().filter_map(around).collect::<Vec<_>>());
            }
            // Cases that were made up say what their parts say.
            if !(next.is_empty() && LISTS.contains(keyword)) {
                found = next;
            }
            rest = more.get(length - 1..).unwrap_or_default();
        }
        found
    }

    /// A schema and those that hold where it holds: what it refers to, and what it lists under some keywords.
    pub(crate) fn together(&self, spot: &Spot, keywords: &[&str]) -> BTreeSet<Spot> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![spot.clone()];
        while let Some(spot) = waiting.pop() {
            let Some(members) = self.at(&spot).and_then(Value::as_object) else { continue };
            if found.len() >= MOST_TOGETHER || !found.insert(spot.clone()) {
                continue;
            }
            waiting.extend(members.get("$ref").and_then(Value::as_str).and_then(Spot::of_reference));
            for keyword in keywords {
                let count = members.get(*keyword).and_then(Value::as_array).map_or(0, Vec::len);
                waiting.extend((0..count).map(|at| spot.below(&[keyword, &at.to_string()])));
            }
        }
        found
    }
}

fn joined(steps: &[&str]) -> String {
    steps.iter().map(|step| format!("/{step}")).collect()
}

/// `properties` without the one that is looked for is no schema; what holds it is.
fn holds_named(step: &str) -> bool {
    MAPS.contains(&step) || LISTS.contains(&step)
}

/// The schema that a spot is a case or a part of.
fn around(spot: &Spot) -> Option<Spot> {
    let (list, _) = spot.pointer.rsplit_once('/')?;
    let (above, keyword) = list.rsplit_once('/')?;
    LISTS.contains(&keyword).then(|| Spot { document: spot.document, pointer: above.to_owned() })
}

/// A pointer as the document spells it, as far as it leads there.
pub(crate) fn written(whole: &Value, pointer: &str) -> String {
    let (mut written, mut value) = (String::new(), whole);
    for name in pointer::steps(pointer) {
        let members = value.as_object();
        let is_tuple = members.and_then(|members| members.get("items")).is_some_and(Value::is_array);
        let name = match name.as_str() {
            "prefixItems" if is_tuple => "items",
            "items" if is_tuple && !members.is_some_and(has_prefix) => "additionalItems",
            other => other,
        };
        let next = match value {
            Value::Object(members) => members.get(name),
            Value::Array(items) => name.parse::<usize>().ok().and_then(|at| items.get(at)),
            _ => None, // Nothing is inside of it.
        };
        let Some(next) = next else { break };
        written = pointer::join(&written, name);
        value = next;
    }
    written
}

fn has_prefix(members: &Map<String, Value>) -> bool {
    members.contains_key("prefixItems")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_laid_together_is_traced_to_the_part_that_says_it() {
        let schema = json!({
            "allOf": [{ "$ref": "growset-document:0#/$defs/D" }, { "properties": { "a": { "format": "x" } } }],
            "$defs": { "D": { "properties": { "a": { "minLength": 1 }, "b": true } } },
        });
        let library = Library { schemas: vec![schema], drafts_four: BTreeSet::new() };
        let at = |pointer: &str| Spot { document: 0, pointer: pointer.to_owned() };
        assert_eq!(library.places(&at("/properties/a"), "format"), [at("/allOf/1/properties/a")]);
        assert_eq!(library.places(&at("/properties/b"), "format"), [at("/$defs/D/properties/b")]);
        assert_eq!(library.places(&at("/properties/c"), "format"), [at("")]);
        assert_eq!(library.places(&at(""), "properties"), [at("/$defs/D"), at("/allOf/1")]);
    }

    #[test]
    fn tuples_are_pointed_at_as_older_drafts_spell_them() {
        let old = json!({ "items": [{}], "additionalItems": {} });
        assert_eq!(written(&old, "/prefixItems/0"), "/items/0");
        assert_eq!(written(&old, "/items"), "/additionalItems");
        assert_eq!(written(&json!({ "prefixItems": [{}], "items": {} }), "/items"), "/items");
        assert_eq!(written(&json!({ "a": 1 }), "/a/b"), "/a");
    }
}
