//! What is asked of a node beside events: whether it lives, what it counts, what it serves, and tickets.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use growset_model::{Language, payload_schema};
use serde_json::json;

use crate::http::App;
use crate::http::problem::Answered;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

pub(crate) async fn health() -> &'static str {
    "ok\n"
}

pub(crate) async fn readiness(State(app): State<App>) -> Response<Body> {
    match app.is_ready() {
        true => "ready\n".into_response(),
        false => (StatusCode::SERVICE_UNAVAILABLE, "leaving\n").into_response(),
    }
}

pub(crate) async fn metrics(State(app): State<App>) -> Response<Body> {
    let kind = HeaderValue::from_static("text/plain; version=0.0.4");
    ([(header::CONTENT_TYPE, kind)], app.hub().shared.metrics.to_text()).into_response()
}

/// The digest is the entity tag: a client asks again only for what is new.
pub(crate) async fn catalog(State(app): State<App>, headers: HeaderMap) -> Response<Body> {
    let admission = app.hub().admission();
    let tag = format!("\"{}\"", admission.digest());
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(header::CONTENT_TYPE, JSON)], admission.json().clone()).into_response(),
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

pub(crate) async fn schema(State(app): State<App>, Path(event): Path<String>) -> Result<Response<Body>, Answered> {
    let admission = app.hub().admission();
    let contract = admission.catalog().events.values().find(|contract| contract.name.as_str() == event);
    let contract = contract.ok_or_else(|| {
        let answered = Answered::new(StatusCode::NOT_FOUND, "unknown-event", "the catalog has no such event");
        match admission.nearest(&event) {
            Some(nearest) => answered.with("nearest", nearest),
            None => answered,
        }
    })?;
    let schema = payload_schema(admission.catalog(), contract, Language::Reader).to_string();
    let kind = HeaderValue::from_static("application/schema+json");
    Ok(([(header::CONTENT_TYPE, kind)], schema).into_response())
}

pub(crate) async fn ticket(State(app): State<App>, headers: HeaderMap) -> Result<Response<Body>, Answered> {
    let credential = app.credential(&headers)?;
    let ticket = app.inner.tickets.issue(credential).ok_or_else(|| {
        Answered::new(StatusCode::SERVICE_UNAVAILABLE, "no-tickets", "too many tickets are out").retry_after(30)
    })?;
    let headers = [(header::CONTENT_TYPE, JSON), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::CREATED, headers, json!({ "ticket": ticket }).to_string()).into_response())
}

pub(crate) async fn nothing() -> Answered {
    Answered::new(StatusCode::NOT_FOUND, "not-found", "there is nothing at this path")
}
