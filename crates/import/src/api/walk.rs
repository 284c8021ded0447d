//! Walks through a description: follows references, and keeps what is found.

use serde_json::{Map, Value};

use crate::document::Document;
use crate::library::{Spot, join};
use crate::loss::{Done, Loss, Refusal};
use crate::pointer;
use crate::source::{Message, Source};

/// References that lead to references.
const LONGEST_CHAIN: usize = 32;

pub(crate) struct Walk<'a> {
    pub documents: &'a [Document],
    pub sources: Vec<Source>,
    pub refusals: Vec<Refusal>,
    pub losses: Vec<Loss>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(documents: &'a [Document]) -> Self {
        Self { documents, sources: Vec::new(), refusals: Vec::new(), losses: Vec::new() }
    }

    /// What stands at a spot.
    pub(crate) fn at(&self, spot: &Spot) -> Option<&'a Value> {
        self.documents[spot.document].value.pointer(&spot.pointer)
    }

    /// The members of what stands at a spot.
    pub(crate) fn members(&self, spot: &Spot) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        self.at(spot).and_then(Value::as_object).into_iter().flat_map(Map::iter)
    }

    /// Every member below a spot, references followed.
    pub(crate) fn entries(&mut self, spot: &Spot, member: &str) -> Vec<(String, Spot)> {
        let below = spot.below(&[member]);
        let keys: Vec<String> = self.members(&below).map(|(key, _)| key.clone()).collect();
        keys.into_iter().filter_map(|key| Some((key.clone(), self.followed(&below.below(&[&key]))?))).collect()
    }

    /// Every item below a spot, references followed.
    pub(crate) fn items(&mut self, spot: &Spot, member: &str) -> Vec<Spot> {
        let below = spot.below(&[member]);
        let count = self.at(&below).and_then(Value::as_array).map_or(0, Vec::len);
        (0..count).filter_map(|at| self.followed(&below.below(&[&at.to_string()]))).collect()
    }

    /// Where something stands in the end. A reference that leads nowhere is refused.
    pub(crate) fn followed(&mut self, from: &Spot) -> Option<Spot> {
        let mut spot = from.clone();
        for _ in 0..LONGEST_CHAIN {
            let value = self.at(&spot)?;
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return Some(spot) };
            let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
            let own = &self.documents[spot.document].path;
            let path = if file.is_empty() { own.clone() } else { join(own, file) };
            let document = self.documents.iter().position(|document| document.path == path);
            let Some(document) = document else {
                self.refuse(
                    &spot,
                    format!("`$ref` {reference:?} leads outside of the given files, and nothing is ever fetched; hand that file over too"),
                );
                return None;
            };
            let next = Spot { document, pointer: pointer::decoded(fragment) };
            if self.at(&next).is_none() {
                self.refuse(&spot, format!("`$ref` {reference:?} leads to nothing"));
                return None;
            }
            spot = next;
        }
        self.refuse(from, "`$ref` leads to itself and never to anything; say there what it is".to_owned());
        None
    }

    /// Refuses one message; the others are read.
    pub(crate) fn refuse(&mut self, spot: &Spot, message: String) {
        let file = self.documents[spot.document].path.clone();
        let refusal = Refusal { file, pointer: spot.pointer.clone(), message };
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    /// Refuses a whole description.
    pub(crate) fn refuse_document(&mut self, document: usize, message: &str) {
        self.refuse(&Spot { document, pointer: String::new() }, message.to_owned());
    }

    /// Reports what is left out.
    pub(crate) fn drop(&mut self, spot: &Spot, construct: &str, note: &str) {
        let file = self.documents[spot.document].path.clone();
        let (pointer, construct, note) = (spot.pointer.clone(), construct.to_owned(), note.to_owned());
        self.losses.push(Loss { file, pointer, construct, done: Done::Dropped, note, count: 1, leaves_nothing: false });
    }

    /// The document that `generate` wrote, where a payload is nothing but a reference to it: it says what the event is.
    fn ours(&self, payload: &Spot) -> Option<Spot> {
        let value = self.at(payload)?.as_object().filter(|members| members.len() == 1)?;
        let path = join(&self.documents[payload.document].path, value.get("$ref")?.as_str()?);
        let is_meant = |document: &Document| document.path == path && document.value.get("x-growset-event").is_some();
        let document = self.documents.iter().position(is_meant)?;
        Some(Spot { document, pointer: String::new() })
    }

    /// Keeps an event, unless it was met on another way already, or stands elsewhere in the same words.
    pub(crate) fn keep(&mut self, spot: Spot, message: Message) {
        let spot = self.ours(&spot).unwrap_or(spot);
        let is_known = self.sources.iter().any(|known| {
            known.message.as_ref().is_some_and(|other| {
                other.name == message.name && (known.spot == spot || self.at(&known.spot) == self.at(&spot))
            })
        });
        if !is_known {
            self.sources.push(Source { spot, message: Some(message) });
        }
    }
}
