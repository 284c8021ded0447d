//! `GET /poll`: what is pending, answered at once; the way behind a proxy that holds streams back.

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use crate::http::App;
use crate::http::events::listener;
use crate::http::problem::Answered;
use crate::http::wish::Wish;
use crate::hub::ListenError;
use crate::listener;

pub(crate) async fn poll(
    State(app): State<App>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response<Body>, Answered> {
    // A poll in the place of a stream takes its ticket over.
    let (credential, _) = listener(&app, &query, &headers).await?;
    let hub = app.hub();
    let wish = Wish::of_query(&query, &headers)?;
    let subscription = credential.subscribe(&hub.admission(), &wish)?;
    let mut response = Response::new(Body::empty());
    match hub.listen(subscription, wish.last_id.as_deref()).await {
        Ok(listener) => *response.body_mut() = Body::from(listener::poll(listener)),
        Err(ListenError::Ended) => *response.status_mut() = StatusCode::NO_CONTENT,
        Err(error) => return Err(error.into()),
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
