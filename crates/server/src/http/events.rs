//! `GET` and `POST /events`: a stream.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use tokio::time::Instant;

use crate::commons::HeldTicket;
use crate::http::body::EventBody;
use crate::http::credential::Credential;
use crate::http::problem::Answered;
use crate::http::received::{Caller, Received};
use crate::http::wish::Wish;
use crate::http::{App, Peer, tickets};
use crate::hub::{ListenError, now_ms};

pub(crate) async fn by_query(
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response<Body>, Answered> {
    let (credential, held) = listener(&app, &query, &headers).await?;
    open(&app, peer, &credential, held, Wish::of_query(&query, &headers)?).await
}

/// Who listens: by the ticket in the query, which is then good for what is opened now alone, or as anywhere else.
pub(crate) async fn listener(
    app: &App,
    query: &[(String, String)],
    headers: &HeaderMap,
) -> Result<(Credential, Option<HeldTicket>), Answered> {
    let Some((_, text)) = query.iter().find(|(name, _)| name == "ticket") else {
        return Ok((app.credential(headers).await?, None));
    };
    let (credential, held) = tickets::redeem(app.hub(), text).await?;
    Ok((credential, Some(held)))
}

pub(crate) async fn by_body(
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    Caller(credential): Caller,
    headers: HeaderMap,
    Received(body): Received,
) -> Result<Response<Body>, Answered> {
    let wish = Wish::of_body(&body, &headers)?;
    open(&app, peer, &credential, None, wish).await
}

async fn open(
    app: &App,
    peer: Option<Extension<Peer>>,
    credential: &Credential,
    held: Option<HeldTicket>,
    wish: Wish,
) -> Result<Response<Body>, Answered> {
    let hub = app.hub();
    let subscription = credential.subscribe(&hub.admission(), &wish)?;
    let (address, takeover) = peer.map(|Extension(peer)| (peer.address.ip(), peer.takeover)).unzip();
    let permit = app.inner.usage.open(hub, credential, address).await.map_err(|whose| {
        let detail = format!("the {whose} has as many open streams as it may have");
        Answered::new(StatusCode::TOO_MANY_REQUESTS, "too-many-streams", detail).retry_after(5)
    })?;
    let listener = match hub.listen(subscription, wish.last_id.as_deref()).await {
        Ok(listener) => listener,
        // A browser does not come back after this status.
        Err(ListenError::Ended) => return Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => return Err(error.into()),
    };
    if let Some(held) = &held {
        held.catch_up(&*hub.shared.commons).await;
    }
    let expires = credential
        .expires
        .map(|seconds| Instant::now() + Duration::from_millis(seconds.saturating_mul(1000).saturating_sub(now_ms())));
    let body = EventBody::new(listener, hub.shared.clone(), expires, held, permit);
    let body = match takeover.flatten() {
        Some(takeover) => Body::new(takeover.leave(body)),
        None => Body::new(body),
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}
