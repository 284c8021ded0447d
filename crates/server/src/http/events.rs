//! `GET` and `POST /events`: a stream.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use bytes::Bytes;
use serde::Deserialize;
use tokio::time::Instant;

use crate::http::body::{EventBody, HeldTicket};
use crate::http::credential::{Credential, Wish};
use crate::http::problem::Answered;
use crate::http::{App, Peer, unauthorised};
use crate::hub::{ListenError, now_ms};

/// The header that a browser sends when it comes back.
const LAST_EVENT_ID: &str = "last-event-id";

/// Stands for an id that cannot be ours, whatever it was.
const UNREADABLE: &str = "?";

/// The body of `POST /events`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Asked {
    #[serde(default)]
    events: Vec<String>,
    #[serde(default)]
    channels: Vec<String>,
    channel: Option<String>,
    catalog: Option<String>,
    /// Of the page's package; the digest says more.
    #[serde(rename = "version")]
    _version: Option<String>,
    until: Option<String>,
    last_event_id: Option<String>,
}

pub(crate) async fn by_query(
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response<Body>, Answered> {
    let (credential, held) = listener(&app, &query, &headers).await?;
    open(&app, peer, &credential, held, wish(&query, &headers)).await
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
    let tickets = &app.inner.tickets;
    let (credential, stream) =
        tickets.redeem(text, now_ms()).ok_or_else(|| unauthorised("the ticket is not valid, or no longer"))?;
    Ok((credential, Some(HeldTicket { tickets: tickets.clone(), text: text.clone(), stream })))
}

pub(crate) async fn by_body(
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response<Body>, Answered> {
    let asked: Asked = serde_json::from_slice(&body)
        .map_err(|error| Answered::new(StatusCode::BAD_REQUEST, "malformed-request", error.to_string()))?;
    let wish = Wish {
        events: asked.events,
        channels: asked.channels.into_iter().chain(asked.channel).collect(),
        page: asked.catalog,
        until: asked.until,
        last_id: last_id(&headers).or(asked.last_event_id.filter(|id| !id.is_empty())),
    };
    let credential = app.credential(&headers).await?;
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
    let permit = app.inner.usage.open(credential, address).map_err(|whose| {
        let detail = format!("the {whose} has as many open streams as it may have");
        Answered::new(StatusCode::TOO_MANY_REQUESTS, "too-many-streams", detail).retry_after(5)
    })?;
    let listener = match hub.listen(subscription, wish.last_id.as_deref()).await {
        Ok(listener) => listener,
        // A browser does not come back after this status.
        Err(ListenError::Ended) => return Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => return Err(error.into()),
    };
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

/// What a query asks for. A name may be given several times, and a value may be a list.
pub(crate) fn wish(query: &[(String, String)], headers: &HeaderMap) -> Wish {
    let mut wish = Wish::default();
    for (name, value) in query {
        let mut parts = value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
        match name.as_str() {
            "events" => wish.events.extend(parts),
            "channel" | "channels" => wish.channels.extend(parts),
            "catalog" => wish.page = parts.next(),
            "until" => wish.until = parts.next(),
            "lastEventId" | "after" if !value.is_empty() => wish.last_id = Some(value.clone()),
            _ => {} // A proxy or a library may have added it.
        }
    }
    // The browser's own header is newer than the address that the page was given.
    wish.last_id = last_id(headers).or(wish.last_id);
    wish
}

fn last_id(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(LAST_EVENT_ID)?;
    let text = value.to_str().unwrap_or(UNREADABLE);
    (!text.is_empty()).then(|| text.to_owned())
}
