//! `GET` and `PUT /catalog`: what is served, and what is to be served from now on.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use growset_model::{Language, payload_schema};
use serde_json::json;

use crate::admitted::{CatalogError, Outcome};
use crate::http::App;
use crate::http::problem::Answered;
use crate::http::received::receive;

/// Longer than the catalog of anyone.
const LONGEST_CATALOG: usize = 64 << 20;

/// The digest is the entity tag: a client asks again only for what is new.
pub(crate) async fn read(State(app): State<App>, headers: HeaderMap) -> Response<Body> {
    let admission = app.hub().admission();
    let tag = format!("\"{}\"", admission.digest());
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let kind = HeaderValue::from_static("application/json");
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(header::CONTENT_TYPE, kind)], admission.json().clone()).into_response(),
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Admits a catalog that grows from the present one. The body is a `catalog.json` as it was generated.
pub(crate) async fn replace(State(app): State<App>, request: Request) -> Result<Response<Body>, Answered> {
    app.admin_of_all(request.headers()).await?;
    let body = receive(request, &app, LONGEST_CATALOG).await?;
    let outcome = app.hub().admit_catalog(&body).await?;
    let outcome = match outcome {
        Outcome::Same => "same",
        Outcome::Admitted => "admitted",
        Outcome::Older => "older",
    };
    let told = json!({ "outcome": outcome, "catalog": app.hub().admission().digest() });
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], told.to_string()).into_response())
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

impl From<CatalogError> for Answered {
    fn from(error: CatalogError) -> Self {
        let detail = error.to_string();
        let unavailable = |rule| Self::new(StatusCode::SERVICE_UNAVAILABLE, rule, detail.clone()).retry_after(1);
        match &error {
            CatalogError::Refused(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "catalog-refused", detail),
            CatalogError::Diverged(divergence) => {
                let summary = "the catalog does not grow from the one that is served";
                Self::new(StatusCode::CONFLICT, "catalog-diverged", summary).with("findings", divergence.to_json())
            }
            CatalogError::Kept(_) | CatalogError::Store(_) => unavailable("store-failed"),
            CatalogError::Closed => unavailable("shutting-down"),
        }
    }
}
