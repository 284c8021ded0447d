//! What is asked of a node beside events: whether it lives, what it counts, what it serves, and tickets.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::json;

use crate::erasure::Erasure;
use crate::http::App;
use crate::http::problem::Answered;
use crate::http::tickets;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

pub(crate) async fn health() -> &'static str {
    "ok\n"
}

pub(crate) async fn readiness(State(app): State<App>) -> Response<Body> {
    let unavailable = |why: String| (StatusCode::SERVICE_UNAVAILABLE, why).into_response();
    let shared = &app.hub().shared;
    match app.is_ready() {
        false => unavailable("leaving\n".to_owned()),
        true if shared.has_diverged() => unavailable("another catalog was admitted\n".to_owned()),
        true if shared.troubles.is_deaf() => unavailable(shared.troubles.to_text()),
        // Other nodes are on the same store, and this one says better than nobody what is wrong with it.
        true => format!("ready\n{}", shared.troubles.to_text()).into_response(),
    }
}

/// The header `Allow` beside it says which.
pub(crate) async fn other_method() -> Answered {
    Answered::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "nothing here answers to this method")
}

pub(crate) async fn metrics(State(app): State<App>) -> Response<Body> {
    let kind = HeaderValue::from_static("text/plain; version=0.0.4");
    ([(header::CONTENT_TYPE, kind)], app.hub().shared.metrics_text()).into_response()
}

/// Erases everything of an organisation.
pub(crate) async fn erase_org(
    State(app): State<App>,
    Path(org): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Answered> {
    app.admin_of(&org, &headers).await?;
    app.hub().erase(Erasure::Org(org.into())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Erases everything that was sent to one user.
pub(crate) async fn erase_user(
    State(app): State<App>,
    Path((org, user)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Answered> {
    app.admin_of(&org, &headers).await?;
    app.hub().erase(Erasure::User(org.into(), user.into())).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn ticket(State(app): State<App>, headers: HeaderMap) -> Result<Response<Body>, Answered> {
    let credential = app.credential(&headers).await?;
    let ticket = tickets::issue(app.hub(), &credential).await?;
    let headers = [(header::CONTENT_TYPE, JSON), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::CREATED, headers, json!({ "ticket": ticket }).to_string()).into_response())
}
