//! What cannot be imported, by file: nothing of such a file is read, nor of a file that refers to it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::Document;
use crate::library::{Library, Spot};
use crate::loss::{Loss, Refusal};

/// Refusals so far, and the losses met before anything was read.
#[derive(Default)]
pub(crate) struct Refused {
    pub refusals: Vec<Refusal>,
    pub losses: Vec<Loss>,
}

impl Refused {
    /// Refuses every file that refers to a refused one.
    pub(crate) fn spread(&mut self, documents: &[Document], library: &Library) {
        let mut users: BTreeMap<usize, BTreeMap<usize, String>> = BTreeMap::new();
        for (at, schema) in library.schemas.iter().enumerate() {
            for (spot, pointer) in references(schema) {
                users.entry(spot.document).or_default().entry(at).or_insert(pointer);
            }
        }
        let mut refused = self.files();
        let is_refused = |at: &usize| refused.contains(&documents[*at].path);
        let mut waiting: Vec<usize> = (0..documents.len()).filter(is_refused).collect();
        while let Some(bad) = waiting.pop() {
            for (user, pointer) in users.get(&bad).into_iter().flatten() {
                let file = documents[*user].path.clone();
                if refused.insert(file.clone()) {
                    let message = format!("refers to {}, which is refused", documents[bad].path);
                    self.refusals.push(Refusal { file, pointer: pointer.clone(), message });
                    waiting.push(*user);
                }
            }
        }
    }

    /// In order of file and place, each once.
    pub(crate) fn sorted(&mut self) -> Vec<Refusal> {
        self.refusals.sort();
        self.refusals.dedup();
        std::mem::take(&mut self.refusals)
    }

    /// What was lost of files that are not refused.
    pub(crate) fn losses_of_others(&mut self) -> Vec<Loss> {
        let refused = self.files();
        let losses = std::mem::take(&mut self.losses);
        losses.into_iter().filter(|loss| !refused.contains(&loss.file)).collect()
    }

    /// The files that nothing is read of.
    pub(crate) fn files(&self) -> BTreeSet<String> {
        self.refusals.iter().map(|refusal| refusal.file.clone()).collect()
    }
}

/// Every resolved reference below a value, with the pointer to the schema that holds it.
pub(crate) fn references(value: &Value) -> Vec<(Spot, String)> {
    let mut found = Vec::new();
    collect(value, &mut String::new(), &mut |spot, pointer| found.push((spot, pointer.to_owned())));
    found
}

fn collect(value: &Value, pointer: &mut String, found: &mut impl FnMut(Spot, &str)) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if let Some(spot) = value.as_str().filter(|_| key == "$ref").and_then(Spot::of_reference) {
                    found(spot, pointer);
                }
                let length = pointer.len();
                *pointer = crate::pointer::join(pointer, key);
                collect(value, pointer, found);
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let length = pointer.len();
                pointer.push_str(&format!("/{at}"));
                collect(item, pointer, found);
                pointer.truncate(length);
            }
        }
        _ => {} // Holds no reference.
    }
}
