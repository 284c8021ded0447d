//! Problem documents (RFC 9457): every refusal over HTTP is one.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::hub::{ListenError, PublishError};

/// A refusal.
#[derive(Debug)]
pub(crate) struct Answered {
    status: StatusCode,
    document: Value,
    retry_after: Option<u64>,
    /// What would let the caller in (RFC 9110, section 11.6.1).
    challenge: Option<String>,
}

impl Answered {
    pub(crate) fn new(status: StatusCode, rule: &'static str, detail: impl Into<String>) -> Self {
        let document = json!({
            "type": format!("urn:growset:problem:{rule}"),
            "title": rule.replace('-', " "),
            "status": status.as_u16(),
            "detail": detail.into(),
            "rule": rule,
        });
        Self { status, document, retry_after: None, challenge: None }
    }

    pub(crate) fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.document[member] = value.into();
        self
    }

    /// Says after how many seconds to try again.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Says what would let the caller in.
    pub(crate) fn challenge(mut self, challenge: String) -> Self {
        self.challenge = Some(challenge);
        self
    }

    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    pub(crate) fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after
    }

    pub(crate) fn into_document(self) -> Value {
        self.document
    }
}

impl From<PublishError> for Answered {
    fn from(error: PublishError) -> Self {
        let unavailable = |rule| Self::new(StatusCode::SERVICE_UNAVAILABLE, rule, error.to_string()).retry_after(1);
        match &error {
            PublishError::Refused(refusal) => Self {
                status: StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY),
                document: refusal.to_problem(),
                retry_after: None,
                challenge: None,
            },
            PublishError::KeyTaken { first } => {
                Self::new(StatusCode::CONFLICT, "key-taken", error.to_string()).with("id", first.as_str())
            }
            PublishError::Store(_) => unavailable("store-failed"),
            PublishError::Unclear(_) => unavailable("store-unclear"),
            PublishError::Closed => unavailable("shutting-down"),
            PublishError::Serialise(_) => Self::new(StatusCode::BAD_REQUEST, "malformed-request", error.to_string()),
        }
    }
}

impl PublishError {
    /// As a problem document (RFC 9457).
    pub fn into_problem(self) -> Value {
        Answered::from(self).into_document()
    }
}

impl From<ListenError> for Answered {
    fn from(error: ListenError) -> Self {
        let rule = match &error {
            ListenError::Store(_) => "store-failed",
            ListenError::Ended | ListenError::Closed => "shutting-down",
        };
        Self::new(StatusCode::SERVICE_UNAVAILABLE, rule, error.to_string()).retry_after(1)
    }
}

impl IntoResponse for Answered {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.document.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(challenge) = self.challenge.and_then(|challenge| HeaderValue::from_str(&challenge).ok()) {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
