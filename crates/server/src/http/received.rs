//! What a request brings: who asks, which is judged before anything of its body is read, and the body itself, whole,
//! within a limit and a time.

use std::error::Error;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::LengthLimitError;
use tokio::time::timeout;

use crate::http::App;
use crate::http::credential::Credential;
use crate::http::problem::Answered;

/// Who asks, by `Authorization` or cookie.
pub(crate) struct Caller(pub(crate) Credential);

impl FromRequestParts<App> for Caller {
    type Rejection = Answered;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Answered> {
        app.credential(&parts.headers).await.map(Self)
    }
}

/// The body of a request.
pub(crate) struct Received(pub(crate) Bytes);

impl FromRequest<App> for Received {
    type Rejection = Answered;

    async fn from_request(request: Request, app: &App) -> Result<Self, Answered> {
        receive(request, app, app.inner.usage.limits.body_bytes).await.map(Self)
    }
}

/// Reads a body of so many bytes at most. One that says it is longer is refused before it comes.
pub(crate) async fn receive(request: Request, app: &App, limit: usize) -> Result<Bytes, Answered> {
    let too_long = || {
        let detail = format!("a body of more than {limit} bytes, which are allowed here");
        Answered::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail)
    };
    if announced(request.headers()).is_some_and(|length| length > limit as u64) {
        return Err(too_long());
    }
    let patience = app.inner.usage.limits.body_timeout;
    match timeout(patience, to_bytes(request.into_body(), limit)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) if error.source().is_some_and(|cause| cause.is::<LengthLimitError>()) => Err(too_long()),
        Ok(Err(error)) => {
            let detail = format!("the body broke off: {error}");
            Err(Answered::new(StatusCode::BAD_REQUEST, "malformed-request", detail))
        }
        Err(_) => {
            let detail = format!("the body was not here within {} s", patience.as_secs());
            Err(Answered::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", detail))
        }
    }
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
