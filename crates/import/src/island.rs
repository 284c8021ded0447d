//! Where schemas stand: whole documents, or places in documents that are more than a schema.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Document, Draft};
use crate::library::{Spot, join};
use crate::loss::Refusal;
use crate::pointer;

/// A schema, and the draft that it is written in.
#[derive(Debug, Clone)]
pub(crate) struct Island {
    /// JSON Pointer; empty for the whole document.
    pub pointer: String,
    pub draft: Draft,
}

/// The schemas of every document.
#[derive(Debug, Default)]
pub(crate) struct Islands {
    /// Invariant: none of a document lies inside another.
    by_document: BTreeMap<usize, Vec<Island>>,
}

impl Islands {
    /// Every document is one schema. An unknown draft is refused.
    pub(crate) fn of_schemas(documents: &[Document], fallback: Option<Draft>, refusals: &mut Vec<Refusal>) -> Self {
        let mut islands = Self::default();
        for (at, document) in documents.iter().enumerate() {
            let draft = document.draft(fallback).unwrap_or_else(|dialect| {
                refusals.push(unknown(document, &dialect));
                Draft::Y2020
            });
            islands.add(at, Island { pointer: String::new(), draft });
        }
        islands
    }

    /// The schemas that are asked for, and what they refer to in turn. A document's own `$schema` goes first.
    pub(crate) fn reached(
        documents: &[Document],
        starts: Vec<(Spot, Draft)>,
        fallback: Option<Draft>,
        refusals: &mut Vec<Refusal>,
    ) -> Self {
        let by_path: BTreeMap<&str, usize> =
            documents.iter().enumerate().map(|(at, document)| (document.path.as_str(), at)).collect();
        let mut islands = Self::default();
        let mut waiting = starts;
        while let Some((spot, inherited)) = waiting.pop() {
            let document = &documents[spot.document];
            let Some(schema) = document.value.pointer(&spot.pointer) else { continue };
            let named = document.value.get("$schema").map(|_| document.draft(fallback));
            let draft = named.unwrap_or(Ok(inherited)).unwrap_or_else(|dialect| {
                refusals.push(unknown(document, &dialect));
                inherited
            });
            if !islands.add(spot.document, Island { pointer: spot.pointer, draft }) {
                continue;
            }
            collect(schema, &mut |reference| {
                let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
                let path = if file.is_empty() { document.path.clone() } else { join(&document.path, file) };
                if let Some(at) = by_path.get(path.as_str())
                    && (fragment.is_empty() || fragment.starts_with('/'))
                {
                    waiting.push((Spot { document: *at, pointer: pointer::decoded(fragment) }, draft));
                }
            });
        }
        islands
    }

    /// The schemas of one document.
    pub(crate) fn of(&self, document: usize) -> &[Island] {
        self.by_document.get(&document).map_or(&[], Vec::as_slice)
    }

    /// Answers whether it was not there yet.
    fn add(&mut self, document: usize, island: Island) -> bool {
        let known = self.by_document.entry(document).or_default();
        if known.iter().any(|other| holds(&other.pointer, &island.pointer)) {
            return false;
        }
        known.retain(|other| !holds(&island.pointer, &other.pointer));
        known.push(island);
        true
    }
}

fn unknown(document: &Document, dialect: &str) -> Refusal {
    let message = format!("`$schema` {dialect:?} is no draft that is known; name one by --draft");
    Refusal { file: document.path.clone(), pointer: "/$schema".to_owned(), message }
}

fn holds(outer: &str, inner: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Every reference below a value, as it is written.
fn collect(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value.as_str() {
                    Some(reference) if key == "$ref" => found(reference),
                    _ => collect(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {} // Holds no reference.
    }
}
