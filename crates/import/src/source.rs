//! Where one event is described: a document, or a message in the description of an API.

use serde_json::Value;

use crate::document::{Document, Draft};
use crate::library::Spot;

/// One description of one event.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The schema of the payload.
    pub spot: Spot,
    /// What stands around the schema; nothing where the document is the schema.
    pub message: Option<Message>,
}

/// A message of an API.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// Where it stands.
    pub spot: Spot,
    /// As the API calls it; nothing for an event that the stream sends without a name.
    pub name: Option<String>,
    /// The channel's address, or the path of the URL.
    pub address: String,
    /// All that is said of it, references to it and its traits laid out.
    pub value: Value,
    /// Payloads that it shows.
    pub examples: Vec<Value>,
    /// Of the payload.
    pub draft: Draft,
}

impl Source {
    /// The event that a whole document describes.
    pub(crate) fn document(document: usize) -> Self {
        Self { spot: Spot { document, pointer: String::new() }, message: None }
    }

    /// How reports call it.
    pub(crate) fn path(&self, documents: &[Document]) -> String {
        let path = &documents[self.spot.document].path;
        match &self.message {
            Some(message) => format!("{}#{}", documents[message.spot.document].path, message.spot.pointer),
            None => path.clone(),
        }
    }
}
