//! Why a payload is not taken, told to its publisher.

use serde_json::{Value, json};

/// One thing that is wrong with a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// JSON Pointer (RFC 6901) into the payload.
    pub pointer: String,
    /// What is wrong there, with the way out where there is one.
    pub message: String,
}

/// Why a payload is refused whole. Each has a stable rule id, which metrics count by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No contract of that name.
    #[error("the catalog has no event {event:?}{}", nearest.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
    UnknownEvent {
        /// As it was sent.
        event: String,
        /// A declared name that is spelled nearly so.
        nearest: Option<String>,
    },
    /// The contract may still change freely.
    #[error("`{event}` is a draft, which this server does not serve; release it, or serve drafts")]
    DraftEvent {
        /// The event.
        event: String,
    },
    /// There is a tombstone of that name.
    #[error("`{event}` was retired on {since}{}", successor.as_ref().map(|name| format!("; use `{name}`")).unwrap_or_default())]
    RetiredEvent {
        /// The event.
        event: String,
        /// The day.
        since: String,
        /// What to use instead.
        successor: Option<String>,
    },
    /// Org, user or channel are not what the event's audience wants.
    #[error("{message}")]
    WrongRecipient {
        /// What is wrong.
        message: String,
    },
    /// Over the contract's `max_bytes`.
    #[error("the payload has {bytes} bytes; the contract allows {allowed}")]
    TooLarge {
        /// Of the compact payload.
        bytes: u64,
        /// By the contract.
        allowed: u64,
    },
    /// The payload is not one of I.
    #[error("the payload breaks the contract of `{event}`")]
    InvalidPayload {
        /// The event.
        event: String,
        /// What is wrong, and where.
        problems: Vec<Problem>,
    },
    /// A derived field needs a function that was not registered here.
    #[error("`{event}` needs the function `{function}`, which is not registered on this node")]
    MissingFunction {
        /// The event.
        event: String,
        /// The function.
        function: String,
    },
    /// The item of a batch is not what `POST /publish` takes.
    #[error("{message}")]
    MalformedRequest {
        /// What is wrong.
        message: String,
    },
}

impl Refusal {
    /// The stable id, in kebab case.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::UnknownEvent { .. } => "unknown-event",
            Self::DraftEvent { .. } => "draft-event",
            Self::RetiredEvent { .. } => "retired-event",
            Self::WrongRecipient { .. } => "wrong-recipient",
            Self::TooLarge { .. } => "payload-too-large",
            Self::InvalidPayload { .. } => "invalid-payload",
            Self::MissingFunction { .. } => "missing-function",
            Self::MalformedRequest { .. } => "malformed-request",
        }
    }

    /// The event, where it is one of the catalog's: any other name is the publisher's own text, and belongs in no log.
    pub(crate) fn known_event(&self) -> Option<&str> {
        match self {
            Self::DraftEvent { event }
            | Self::RetiredEvent { event, .. }
            | Self::InvalidPayload { event, .. }
            | Self::MissingFunction { event, .. } => Some(event),
            Self::UnknownEvent { .. }
            | Self::WrongRecipient { .. }
            | Self::TooLarge { .. }
            | Self::MalformedRequest { .. } => None,
        }
    }

    /// Every rule id, sorted.
    pub const RULES: [&'static str; 8] = [
        "draft-event",
        "invalid-payload",
        "malformed-request",
        "missing-function",
        "payload-too-large",
        "retired-event",
        "unknown-event",
        "wrong-recipient",
    ];

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::UnknownEvent { .. }
            | Self::DraftEvent { .. }
            | Self::WrongRecipient { .. }
            | Self::InvalidPayload { .. } => 422,
            Self::MalformedRequest { .. } => 400,
            Self::RetiredEvent { .. } => 410,
            Self::TooLarge { .. } => 413,
            Self::MissingFunction { .. } => 503,
        }
    }

    /// As a problem document (RFC 9457).
    pub fn to_problem(&self) -> Value {
        let mut document = json!({
            "type": format!("urn:growset:problem:{}", self.rule()),
            "title": self.rule().replace('-', " "),
            "status": self.status(),
            "detail": self.to_string(),
            "rule": self.rule(),
        });
        match self {
            Self::UnknownEvent { nearest: Some(nearest), .. } => document["nearest"] = nearest.as_str().into(),
            Self::RetiredEvent { successor: Some(successor), .. } => document["use"] = successor.as_str().into(),
            Self::InvalidPayload { problems, .. } => {
                document["errors"] = problems
                    .iter()
                    .map(|problem| json!({ "pointer": problem.pointer, "detail": problem.message }))
                    .collect();
            }
            _ => {} // The detail says everything.
        }
        document
    }
}

/// The known name that is spelled most like an unknown one, when it is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name: String = name.chars().take(128).collect();
    known
        .map(|candidate| (strsim::jaro_winkler(&name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}
