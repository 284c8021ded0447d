//! `GET /poll`: what is pending, answered at once; the way behind a proxy that holds streams back.

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use crate::http::App;
use crate::http::events::{listener, wish};
use crate::http::problem::Answered;

pub(crate) async fn poll(
    State(app): State<App>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response<Body>, Answered> {
    // A poll in the place of a stream takes its ticket over.
    let (credential, _) = listener(&app, &query, &headers).await?;
    let hub = app.hub();
    let wish = wish(&query, &headers);
    let subscription = credential.subscribe(&hub.admission(), &wish)?;
    let mut response = Response::new(Body::empty());
    match hub.poll(subscription, wish.last_id.as_deref()) {
        Some(polled) => *response.body_mut() = Body::from(polled),
        None => *response.status_mut() = StatusCode::NO_CONTENT,
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
