//! Every document, brought to one form: the keywords of 2020-12, and each `$ref` as the document and the pointer that it
//! leads to. Whoever reads on needs to know neither drafts nor URIs.
//!
//! Never fetches: a reference to something that was not handed over is refused.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::document::{self, Document, Draft};
use crate::island::{Island, Islands};
use crate::loss::{Done, Loss, Refusal};
use crate::malformed;
use crate::once::{Once, once};
use crate::pointer;

/// Starts every resolved `$ref`: `growset-document:3#/$defs/Money`.
const RESOLVED: &str = "growset-document:";

/// Keywords that hold one schema.
pub(crate) const ONE: [&str; 12] = [
    "not",
    "if",
    "then",
    "else",
    "items",
    "additionalProperties",
    "additionalItems",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
/// Keywords that hold a list of schemas.
pub(crate) const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords that hold schemas by name.
pub(crate) const MAPS: [&str; 6] =
    ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];
/// What may stand beside a `$ref` before 2019-09 without being ignored: it asserts nothing, or is referred to.
const ANNOTATIONS: [&str; 9] =
    ["title", "description", "default", "examples", "deprecated", "$comment", "definitions", "$defs", "nullable"];

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    /// Which document, by index.
    pub document: usize,
    /// JSON Pointer.
    pub pointer: String,
}

/// The documents in one form.
pub(crate) struct Library {
    /// In the order in which they were handed over.
    pub schemas: Vec<Value>,
    /// Documents in which 2.0 is no integer.
    pub drafts_four: BTreeSet<usize>,
}

/// What names lead to: `$id` by URI, anchors by URI and fragment.
#[derive(Default)]
struct Index {
    targets: BTreeMap<String, Spot>,
}

struct Walk<'a> {
    documents: &'a [Document],
    index: &'a Index,
    document: usize,
    draft: Draft,
    refusals: &'a mut Vec<Refusal>,
    losses: &'a mut Vec<Loss>,
}

impl Library {
    /// Brings the schemas of every document to one form; what cannot be followed is refused.
    pub(crate) fn new(
        documents: &[Document],
        islands: &Islands,
        refusals: &mut Vec<Refusal>,
        losses: &mut Vec<Loss>,
    ) -> Self {
        let mut index = Index::default();
        for (at, document) in documents.iter().enumerate() {
            index.targets.insert(document.path.clone(), Spot { document: at, pointer: String::new() });
            for name in document.names_in_registry() {
                index.add(name, at, "");
            }
            for Island { pointer, .. } in islands.of(at) {
                let schema = document.value.pointer(pointer).unwrap_or(&Value::Null);
                index.collect(at, &document.path, schema, pointer.clone());
            }
        }
        let schemas = documents.iter().enumerate().map(|(at, document)| {
            let mut whole = document.value.clone();
            for Island { pointer, draft } in islands.of(at) {
                let mut walk = Walk { documents, index: &index, document: at, draft: *draft, refusals, losses };
                if let Some(schema) = whole.pointer_mut(pointer) {
                    *schema = walk.schema(schema, &document.path, pointer);
                }
            }
            whole
        });
        let schemas = schemas.collect();
        let is_four = |at: &usize| islands.of(*at).iter().any(|island| island.draft == Draft::Four);
        Self { schemas, drafts_four: (0..documents.len()).filter(is_four).collect() }
    }

    /// Of documents of which each is a schema; what is wrong with them is told by whoever imports them.
    pub(crate) fn of_schemas(documents: &[Document], draft: Option<Draft>) -> Self {
        let (mut refusals, mut losses) = (Vec::new(), Vec::new());
        let islands = Islands::of_schemas(documents, draft, &mut refusals);
        Self::new(documents, &islands, &mut refusals, &mut losses)
    }

    /// The schema at a spot.
    pub(crate) fn at(&self, spot: &Spot) -> Option<&Value> {
        self.schemas.get(spot.document)?.pointer(&spot.pointer)
    }
}

impl Spot {
    /// A spot for what is not told of again.
    pub(crate) const NOWHERE: Self = Self { document: 0, pointer: String::new() };

    /// Where a resolved `$ref` leads to.
    pub(crate) fn of_reference(reference: &str) -> Option<Self> {
        let (document, pointer) = reference.strip_prefix(RESOLVED)?.split_once('#')?;
        Some(Self { document: document.parse().ok()?, pointer: pointer.to_owned() })
    }

    /// The place of a member or item.
    pub(crate) fn below(&self, steps: &[&str]) -> Self {
        let pointer = steps.iter().fold(self.pointer.clone(), |pointer, step| pointer::join(&pointer, step));
        Self { document: self.document, pointer }
    }

    fn reference(&self) -> String {
        format!("{RESOLVED}{}#{}", self.document, self.pointer)
    }
}

impl Index {
    fn collect(&mut self, document: usize, base: &str, schema: &Value, pointer: String) {
        let Some(members) = schema.as_object() else { return };
        if members.contains_key("x-growset-opaque") {
            return;
        }
        let mut base = base.to_owned();
        if let Some(id) = identity(members) {
            if let Some(anchor) = id.strip_prefix('#') {
                self.add(format!("{base}#{anchor}"), document, &pointer);
            } else {
                base = join(&base, id.trim_end_matches('#'));
                self.add(base.clone(), document, &pointer);
            }
        }
        for anchor in ["$anchor", "$dynamicAnchor"].iter().filter_map(|keyword| members.get(*keyword)?.as_str()) {
            self.add(format!("{base}#{anchor}"), document, &pointer);
        }
        for (keyword, step, inner) in subschemas(members) {
            let below = pointer::join(&pointer, keyword);
            let below = step.map_or(below.clone(), |step| pointer::join(&below, &step));
            self.collect(document, &base, inner, below);
        }
    }

    fn add(&mut self, name: String, document: usize, pointer: &str) {
        self.targets.entry(name).or_insert_with(|| Spot { document, pointer: pointer.to_owned() });
    }
}

impl Walk<'_> {
    fn schema(&mut self, schema: &Value, base: &str, pointer: &str) -> Value {
        let Some(members) = schema.as_object() else { return schema.clone() };
        if members.contains_key("x-growset-opaque") {
            return schema.clone();
        }
        let base = match identity(members) {
            Some(id) if !id.starts_with('#') => join(base, id.trim_end_matches('#')),
            _ => base.to_owned(),
        };
        let mut plain = Map::new();
        for (keyword, value) in members {
            let below = pointer::join(pointer, keyword);
            if !self.draft.knows(keyword) {
                let note = format!("is no keyword of {}, and means nothing there", self.draft.as_str());
                self.lose(pointer, keyword, Done::Dropped, note);
                continue;
            }
            if let Some((steps, message)) = malformed::fault(keyword, value, self.draft) {
                let pointer = steps.iter().fold(pointer.to_owned(), |place, step| pointer::join(&place, step));
                self.refuse(pointer, message);
            }
            let value = self.keyword(keyword, value, &base, &below);
            let Once { value, repeated } = once(keyword, value);
            for repeated in repeated {
                let note = format!("says {repeated} more than once, which counts once");
                self.lose(pointer, keyword, Done::Dropped, note);
            }
            plain.insert(keyword.clone(), value);
        }
        self.modernise(&mut plain);
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            plain.shift_remove("$ref");
            if self.draft <= Draft::Seven {
                for keyword in plain.keys().filter(|keyword| document::asserts(keyword)) {
                    let note = format!("means nothing beside `$ref` in {}", self.draft.as_str());
                    self.lose(pointer, keyword, Done::Dropped, note);
                }
                plain.retain(|keyword, _| ANNOTATIONS.contains(&keyword.as_str()) || keyword.starts_with("x-"));
            }
            if document::is_dialect(reference) {
                let note = "leads to the schema of schemas, and takes anything".to_owned();
                self.lose(pointer, "$ref", Done::Widened, note);
            } else if let Some(spot) = self.resolve(reference, &base, pointer) {
                plain.insert("$ref".to_owned(), spot.reference().into());
            }
        }
        Value::Object(plain)
    }

    fn keyword(&mut self, keyword: &str, value: &Value, base: &str, pointer: &str) -> Value {
        match value {
            Value::Object(_) if ONE.contains(&keyword) => self.schema(value, base, pointer),
            Value::Array(items) if LISTS.contains(&keyword) || keyword == "items" => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| self.schema(item, base, &format!("{pointer}/{at}"))).collect()
            }
            Value::Object(named) if MAPS.contains(&keyword) => {
                let entries = named
                    .iter()
                    .map(|(name, inner)| (name.clone(), self.schema(inner, base, &pointer::join(pointer, name))));
                Value::Object(entries.collect())
            }
            _ => value.clone(), // Holds no schema.
        }
    }

    /// What older drafts spell in another way.
    fn modernise(&self, schema: &mut Map<String, Value>) {
        for name in ["$schema", "$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor"] {
            schema.shift_remove(name);
        }
        // As descriptions of APIs spelled it before they knew the word.
        if let Some(nullable) = schema.shift_remove("x-nullable") {
            schema.insert("nullable".to_owned(), nullable);
        }
        if self.draft == Draft::Four {
            if schema.get("id").is_some_and(Value::is_string) {
                schema.shift_remove("id");
            }
            for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
                if let Some(Value::Bool(is_exclusive)) = schema.get(exclusive).cloned() {
                    schema.shift_remove(exclusive);
                    if is_exclusive && let Some(limit) = schema.shift_remove(bound) {
                        schema.insert(exclusive.to_owned(), limit);
                    }
                }
            }
        }
        if self.draft <= Draft::Y2019 && schema.get("items").is_some_and(Value::is_array) {
            if let Some(items) = schema.shift_remove("items") {
                schema.insert("prefixItems".to_owned(), items);
            }
            if let Some(rest) = schema.shift_remove("additionalItems") {
                schema.insert("items".to_owned(), rest);
            }
        }
    }

    fn resolve(&mut self, reference: &str, base: &str, pointer: &str) -> Option<Spot> {
        let (resource, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let resource = if resource.is_empty() { base.to_owned() } else { join(base, resource) };
        let found = if fragment.is_empty() || fragment.starts_with('/') {
            self.resource(&resource, reference).map(|spot| Spot {
                document: spot.document,
                pointer: format!("{}{}", spot.pointer, pointer::decoded(fragment)),
            })
        } else {
            self.index.targets.get(&format!("{resource}#{fragment}")).cloned()
        };
        let message = match found {
            Some(spot) if self.documents[spot.document].value.pointer(&spot.pointer).is_some() => return Some(spot),
            Some(spot) => format!(
                "`$ref` {reference:?} leads to nothing: {} has no {:?}",
                self.documents[spot.document].path, spot.pointer
            ),
            None if !fragment.is_empty() && self.resource(&resource, reference).is_some() => {
                format!("`$ref` {reference:?} leads to nothing: no schema there has the anchor {fragment:?}")
            }
            None => format!(
                "`$ref` {reference:?} leads outside of the given files, and nothing is ever fetched; hand that file over too"
            ),
        };
        self.refuse(pointer.to_owned(), message);
        None
    }

    fn lose(&mut self, pointer: &str, construct: &str, done: Done, note: String) {
        let file = self.documents[self.document].path.clone();
        let (pointer, construct) = (pointer.to_owned(), construct.to_owned());
        self.losses.push(Loss { file, pointer, construct, done, note, count: 1, leaves_nothing: false });
    }

    fn refuse(&mut self, pointer: String, message: String) {
        let file = self.documents[self.document].path.clone();
        self.refusals.push(Refusal { file, pointer, message });
    }

    /// By `$id`, or by path: a document with an `$id` may still point at its neighbours by their files.
    fn resource(&self, resource: &str, reference: &str) -> Option<&Spot> {
        let (target, _) = reference.split_once('#').unwrap_or((reference, ""));
        let is_relative = !target.is_empty() && !target.contains(':') && !target.starts_with('/');
        let beside = is_relative.then(|| join(&self.documents[self.document].path, target));
        let targets = &self.index.targets;
        targets.get(resource).or_else(|| targets.get(&beside?))
    }
}

fn identity(members: &Map<String, Value>) -> Option<&str> {
    members.get("$id").or_else(|| members.get("id")).and_then(Value::as_str).filter(|id| !id.is_empty())
}

/// Every schema directly inside one, with the keyword and the step below it.
pub(crate) fn subschemas(members: &Map<String, Value>) -> Vec<(&str, Option<String>, &Value)> {
    let mut found = Vec::new();
    for (keyword, value) in members {
        match value {
            Value::Object(_) if ONE.contains(&keyword.as_str()) => found.push((keyword.as_str(), None, value)),
            Value::Array(items) if LISTS.contains(&keyword.as_str()) || keyword == "items" => {
                found.extend(items.iter().enumerate().map(|(at, item)| (keyword.as_str(), Some(at.to_string()), item)));
            }
            Value::Object(named) if MAPS.contains(&keyword.as_str()) => {
                found.extend(named.iter().map(|(name, inner)| (keyword.as_str(), Some(name.clone()), inner)));
            }
            _ => {} // Holds no schema.
        }
    }
    found
}

/// A reference seen from a base, by the text alone (RFC 3986, section 5.2, without queries).
pub(crate) fn join(base: &str, reference: &str) -> String {
    if reference.contains("://") || reference.starts_with("urn:") {
        return reference.to_owned();
    }
    let (root, path) = match base.find("://") {
        Some(at) => base.split_at(base[at + 3..].find('/').map_or(base.len(), |slash| at + 3 + slash)),
        None => ("", base),
    };
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let start = if reference.starts_with('/') { "" } else { folder };
    let mut segments: Vec<&str> = start.split('/').collect();
    for segment in reference.trim_start_matches('/').split('/') {
        match segment {
            "." => {}
            ".." if segments.len() > 1 || segments.first().is_some_and(|first| !first.is_empty()) => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    let joined = segments.join("/");
    let joined = if folder.is_empty() && root.is_empty() && !reference.starts_with('/') {
        joined.trim_start_matches('/')
    } else {
        &joined
    };
    format!("{root}{joined}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_seen_from_their_base() {
        assert_eq!(join("a/b.json", "c.json"), "a/c.json");
        assert_eq!(join("a/b.json", "../c.json"), "c.json");
        assert_eq!(join("b.json", "c.json"), "c.json");
        assert_eq!(join("https://x.example/a/b.json", "/c.json"), "https://x.example/c.json");
        assert_eq!(join("https://x.example/a/b.json", "c.json"), "https://x.example/a/c.json");
    }
}
