//! Descriptions of APIs: which messages they hold, and where the schemas of their payloads stand.

mod asyncapi;

mod openapi;

mod walk;

use crate::document::Document;
use crate::island::Islands;
use crate::library::Library;
use crate::loss::{Loss, Refusal};
use crate::source::Source;
use crate::{Options, refused::Refused};

pub(crate) use walk::Walk;

/// A kind of description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// AsyncAPI 2 and 3.
    Async,
    /// OpenAPI 3.1 and 3.2: the events of `text/event-stream`.
    Open,
}

/// What descriptions hold.
pub(crate) struct Described {
    pub sources: Vec<Source>,
    pub library: Library,
    /// Of whole files.
    pub refused: Refused,
    /// Of single messages; the others are read.
    pub aside: Vec<Refusal>,
}

impl Api {
    /// The member that tells a description from what it refers to.
    pub(crate) fn member(self) -> &'static str {
        match self {
            Self::Async => "asyncapi",
            Self::Open => "openapi",
        }
    }
}

/// Finds the messages of every description among the documents. The other documents are what they refer to.
pub(crate) fn describe(api: Api, documents: &[Document], options: &Options) -> Described {
    let mut refused = Refused::default();
    let mut walk = Walk::new(documents);
    let is_description = |at: &usize| documents[*at].value.get(api.member()).is_some();
    let descriptions: Vec<usize> = (0..documents.len()).filter(is_description).collect();
    if descriptions.is_empty() {
        for document in documents {
            let message = format!("has no `{}`, which names the version of the description", api.member());
            refused.refusals.push(Refusal { file: document.path.clone(), pointer: String::new(), message });
        }
    }
    for at in descriptions {
        let before = walk.sources.len() + walk.refusals.len();
        match api {
            Api::Async => asyncapi::read(&mut walk, at),
            Api::Open => openapi::read(&mut walk, at, options.name.is_some()),
        }
        if walk.sources.len() + walk.refusals.len() == before {
            let message = match api {
                Api::Async => "has no message, neither in a channel nor in `components`",
                Api::Open => "has no response of `text/event-stream`, and so no event",
            };
            walk.refuse_document(at, message);
        }
    }
    let Walk { sources, refusals: aside, losses, .. } = walk;
    let starts = sources.iter().filter_map(|source| Some((source.spot.clone(), source.message.as_ref()?.draft)));
    let islands = Islands::reached(documents, starts.collect(), options.draft, &mut refused.refusals);
    let mut met: Vec<Loss> = losses;
    let library = Library::new(documents, &islands, &mut refused.refusals, &mut met);
    refused.losses = met;
    Described { sources, library, refused, aside }
}
