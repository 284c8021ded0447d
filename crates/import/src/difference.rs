//! What two documents of one event differ in, as they stand: where an import loses the difference, no comparison of contracts
//! can see it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::annotation::ANNOTATIONS;
use crate::document::{Document, Draft};
use crate::library::{LISTS, Library, MAPS, ONE, Spot};
use crate::loss::{Done, Loss, Spelled, is_keyword};
use crate::merge::listed;
use crate::place::written;

type Schema = Map<String, Value>;

/// One keyword that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The schema in the older document.
    pub before: Spelled,
    /// The schema in the newer document.
    pub after: Spelled,
    /// Such as `additionalProperties`; the name of a property, where one of the two has it alone.
    pub keyword: String,
    /// The schemas whose `$ref` leads there, in both documents.
    above: Vec<Spelled>,
}

/// Documents that are compared with each other.
pub struct Comparison<'a> {
    documents: &'a [Document],
    library: Library,
}

impl<'a> Comparison<'a> {
    /// Over the documents of one import.
    pub fn new(documents: &'a [Document], draft: Option<Draft>) -> Self {
        Self { documents, library: Library::of_schemas(documents, draft) }
    }

    /// Every place where what is accepted is said differently, by the paths of two documents.
    pub fn differences(&self, before: &str, after: &str) -> Vec<Difference> {
        let root = |path: &str| {
            let document = self.documents.iter().position(|document| document.path == path)?;
            Some(Spot { document, pointer: String::new() })
        };
        let (Some(before), Some(after)) = (root(before), root(after)) else { return Vec::new() };
        let mut pairs = Pairs { comparison: self, seen: BTreeSet::new(), found: BTreeSet::new(), above: Vec::new() };
        pairs.compare(before, after);
        pairs.found.into_iter().collect()
    }

    fn spelled(&self, spot: &Spot) -> Spelled {
        let Document { path, value } = &self.documents[spot.document];
        Spelled { file: path.clone(), pointer: written(value, &spot.pointer) }
    }
}

impl Difference {
    /// Whether a loss of one of the two documents is about it. What is carried whole is not lost: its text is compared.
    pub fn is_lost_by(&self, loss: &Loss) -> bool {
        if loss.done == Done::CarriedWhole {
            return false;
        }
        let is_all = loss.leaves_nothing || !is_keyword(&loss.construct);
        let is_about = |side: &Spelled, is_here: bool| {
            let rest = side.pointer.strip_prefix(&loss.pointer).filter(|_| side.file == loss.file);
            match rest.map(|rest| rest.strip_prefix('/').ok_or(rest)) {
                Some(Ok(rest)) => is_all || rest.split('/').next() == Some(loss.construct.as_str()),
                Some(Err("")) => is_all || is_here && limit(&self.keyword) == limit(&loss.construct),
                Some(Err(_)) | None => false, // Elsewhere, or another property whose name starts alike.
            }
        };
        [&self.before, &self.after].into_iter().any(|side| is_about(side, true))
            || self.above.iter().any(|side| is_about(side, false))
    }
}

/// An exclusive limit is one of the same kind.
fn limit(keyword: &str) -> &str {
    match keyword {
        "exclusiveMinimum" => "minimum",
        "exclusiveMaximum" => "maximum",
        other => other,
    }
}

struct Pairs<'a> {
    comparison: &'a Comparison<'a>,
    seen: BTreeSet<(Spot, Spot)>,
    found: BTreeSet<Difference>,
    above: Vec<Spelled>,
}

impl Pairs<'_> {
    fn differ(&mut self, before: &Spot, after: &Spot, keyword: &str) {
        let (before, after) = (self.comparison.spelled(before), self.comparison.spelled(after));
        let above = self.above.clone();
        self.found.insert(Difference { before, after, keyword: keyword.to_owned(), above });
    }

    fn compare(&mut self, before: Spot, after: Spot) {
        let known = self.above.len();
        let [before, after] = [before, after].map(|spot| {
            let end = landed(&self.comparison.library, spot.clone());
            if end != spot {
                self.above.push(self.comparison.spelled(&spot));
            }
            end
        });
        self.compare_ends(before, after);
        self.above.truncate(known);
    }

    fn compare_ends(&mut self, before: Spot, after: Spot) {
        let library = &self.comparison.library;
        let (Some(left), Some(right)) = (library.at(&before), library.at(&after)) else { return };
        if left == right || !self.seen.insert((before.clone(), after.clone())) {
            return;
        }
        let (Some(left), Some(right)) = (left.as_object(), right.as_object()) else {
            return self.differ(&before, &after, "");
        };
        let keywords: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
        for keyword in keywords {
            if !is_word(keyword) && !keyword.starts_with("x-") {
                self.keyword(keyword, (&before, left), (&after, right));
            }
        }
    }

    fn keyword(&mut self, keyword: &str, (before, left): (&Spot, &Schema), (after, right): (&Spot, &Schema)) {
        let both = left.get(keyword).zip(right.get(keyword));
        match both {
            Some((Value::Array(left), Value::Array(right)))
                if LISTS.contains(&keyword) && left.len() == right.len() =>
            {
                for at in (0..left.len()).map(|at| at.to_string()) {
                    self.compare(before.below(&[keyword, &at]), after.below(&[keyword, &at]));
                }
            }
            Some((Value::Object(left), Value::Object(right))) if MAPS.contains(&keyword) => {
                let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
                for name in names {
                    if left.contains_key(name) && right.contains_key(name) {
                        self.compare(before.below(&[keyword, name]), after.below(&[keyword, name]));
                    } else {
                        self.differ(&before.below(&[keyword]), &after.below(&[keyword]), name);
                    }
                }
            }
            Some((Value::Object(_), Value::Object(_))) if ONE.contains(&keyword) => {
                self.compare(before.below(&[keyword]), after.below(&[keyword]));
            }
            _ if meaning(keyword, left.get(keyword)) != meaning(keyword, right.get(keyword)) => {
                self.differ(before, after, keyword);
            }
            _ => {} // Says the same in another way.
        }
    }
}

/// Whether a keyword changes nothing of what is accepted.
fn is_word(keyword: &str) -> bool {
    keyword == "$schema" || ANNOTATIONS.contains(&keyword)
}

/// Where a reference leads that stands alone.
fn landed(library: &Library, mut spot: Spot) -> Spot {
    let mut seen = BTreeSet::new();
    while let Some(members) = library.at(&spot).and_then(Value::as_object) {
        let is_alone = members.keys().all(|key| key == "$ref" || is_word(key));
        let target = members.get("$ref").and_then(Value::as_str).and_then(Spot::of_reference);
        let Some(target) = target.filter(|_| is_alone && seen.insert(spot.clone())) else { break };
        spot = target;
    }
    spot
}

/// A keyword's value without what makes no difference: order, one type or a list of it, what absence means.
fn meaning(keyword: &str, value: Option<&Value>) -> Option<Vec<String>> {
    match (keyword, value) {
        ("additionalProperties" | "items", None | Some(Value::Bool(true))) => None,
        ("required", Some(Value::Array(names))) if names.is_empty() => None,
        ("uniqueItems", Some(Value::Bool(false))) => None,
        ("type", Some(types)) => Some(sorted(listed(types))),
        ("required" | "enum", Some(Value::Array(values))) => {
            Some(sorted(values.iter().map(Value::to_string).collect()))
        }
        (_, value) => value.map(|value| vec![value.to_string()]),
    }
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn differ(before: Value, after: Value) -> Vec<(String, String)> {
        let document = |path: &str, value: Value| Document { path: path.to_owned(), value };
        let documents = [document("1", before), document("2", after)];
        let found = Comparison::new(&documents, None).differences("1", "2");
        found.into_iter().map(|difference| (difference.after.pointer, difference.keyword)).collect()
    }

    #[test]
    fn what_is_said_differently_is_found_with_its_place() {
        let schema = |inner: Value| json!({ "type": "object", "properties": { "a": inner } });
        let at = |keyword: &str| vec![("/properties/a".to_owned(), keyword.to_owned())];
        assert_eq!(differ(schema(json!({ "const": true })), schema(json!({ "const": false }))), at("const"));
        assert_eq!(
            differ(schema(json!({ "type": "string" })), schema(json!({ "type": ["string"], "title": "A" }))),
            []
        );
        assert_eq!(differ(schema(json!({})), schema(json!({ "multipleOf": 5 }))), at("multipleOf"));
        let referring = json!({ "$ref": "#/$defs/A" });
        let whole = json!({ "type": "object", "properties": { "a": referring }, "$defs": { "A": { "minimum": 1 } } });
        assert_eq!(differ(schema(json!({ "minimum": 1 })), whole.clone()), []);
        assert_eq!(differ(schema(json!({ "minimum": 2 })), whole), [("/$defs/A".to_owned(), "minimum".to_owned())]);
    }
}
