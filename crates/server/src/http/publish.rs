//! `POST /publish`: one event, or an array of them.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use growset_model::Audience;
use growset_model::strict::{self, Strict};
use serde_json::{Map, Value, json};

use crate::admission::Admission;
use crate::http::App;
use crate::http::credential::Credential;
use crate::http::problem::Answered;
use crate::http::received::{Caller, Received};
use crate::hub::{Item, PublishError, Published, check_key};
use crate::recipient::Named;
use crate::refusal::Refusal;

const MEMBERS: [&str; 6] = ["event", "org", "user", "channel", "data", "key"];

pub(crate) async fn publish(
    State(app): State<App>,
    Caller(credential): Caller,
    Received(body): Received,
) -> Result<Response<Body>, Answered> {
    let malformed = |detail: String| Answered::new(StatusCode::BAD_REQUEST, "malformed-request", detail);
    let Strict { value, duplicates, .. } = strict::parse(&body).map_err(|error| malformed(error.to_string()))?;
    let (values, is_batch) = match value {
        Value::Array(items) => (items, true),
        value => (vec![value], false),
    };
    let usage = &app.inner.usage;
    if values.len() > usage.largest_batch() {
        let detail = format!("{} events in one request; {} are allowed", values.len(), usage.largest_batch());
        return Err(Answered::new(StatusCode::PAYLOAD_TOO_LARGE, "too-many-events", detail));
    }
    if !usage.may_publish(app.hub(), &credential, values.len()).await {
        let detail = format!("{} events a second are allowed", usage.limits.publishes_per_second);
        return Err(Answered::new(StatusCode::TOO_MANY_REQUESTS, "too-many-publishes", detail).retry_after(1));
    }
    let admission = app.hub().admission();
    let mut results: Vec<Option<Result<Published, Answered>>> = Vec::with_capacity(values.len());
    let mut items = Vec::new();
    for (index, value) in values.into_iter().enumerate() {
        let place = if is_batch { format!("/{index}") } else { String::new() };
        match read(&app, &admission, &credential, value, &duplicates, &place) {
            Ok(item) => {
                items.push(item);
                results.push(None);
            }
            Err(answered) => results.push(Some(Err(answered))),
        }
    }
    let mut published = if items.is_empty() { Vec::new() } else { app.hub().publish_items(items).await }.into_iter();
    let results = results.into_iter().map(|known| {
        known.unwrap_or_else(|| published.next().unwrap_or(Err(PublishError::Closed)).map_err(Answered::from))
    });
    Ok(if is_batch { answer_batch(results.collect()) } else { answer_one(results) })
}

/// Reads one event of the request and admits it.
fn read(
    app: &App,
    admission: &Admission,
    credential: &Credential,
    value: Value,
    duplicates: &[String],
    place: &str,
) -> Result<Item, Answered> {
    let refuse = |refusal: Refusal| {
        app.hub().shared.metrics.refused(&refusal);
        tracing::debug!(rule = refusal.rule(), event = refusal.known_event(), "a publish was refused");
        Answered::from(PublishError::Refused(refusal))
    };
    let Value::Object(mut members) = value else {
        let message = "an event is an object with `event`, `org`, `data`".to_owned();
        return Err(refuse(Refusal::MalformedRequest { message }));
    };
    let duplicates = below(duplicates, place);
    let mut inside: Vec<String> = Vec::new();
    for pointer in &duplicates {
        match pointer.strip_prefix("/data/") {
            Some(rest) => inside.push(format!("/{rest}")),
            None => {
                let message = format!("the key at {pointer} stands there twice");
                return Err(refuse(Refusal::MalformedRequest { message }));
            }
        }
    }
    let request = read_members(app, credential, &mut members).map_err(&refuse)?;
    // What is said of rights below would only puzzle whoever forgot to say for whom.
    let is_for_some = admission.event(&request.event).is_some_and(|event| event.audience != Audience::Public);
    if request.named.org.is_none() && is_for_some {
        let message = format!("`{}` goes to an organisation, and `org` is missing", request.event);
        return Err(refuse(Refusal::WrongRecipient { message }));
    }
    if !credential.may_publish(&request.event, request.named.org.as_deref()) {
        let detail = format!("the credential does not allow to publish `{}` there", request.event);
        return Err(Answered::new(StatusCode::FORBIDDEN, "event-not-allowed", detail));
    }
    let payload = admission.admit_value(&request.event, request.data, inside).map_err(&refuse)?;
    let recipient =
        request.named.for_audience(payload.audience).map_err(|message| refuse(Refusal::WrongRecipient { message }))?;
    Ok(Item { recipient, payload, key: request.key })
}

struct Request {
    event: String,
    named: Named,
    data: Value,
    key: Option<String>,
}

fn read_members(app: &App, credential: &Credential, members: &mut Map<String, Value>) -> Result<Request, Refusal> {
    let malformed = |message: String| Refusal::MalformedRequest { message };
    if let Some(unknown) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(malformed(format!("{unknown:?} is none of {}", MEMBERS.join(", "))));
    }
    let mut text = |name: &str| match members.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(malformed(format!("`{name}` is a string"))),
    };
    let event = text("event")?.ok_or_else(|| malformed("`event` is missing".to_owned()))?;
    let mut named = Named { org: text("org")?, user: text("user")?, channel: text("channel")? };
    let key = text("key")?;
    check_key(key.as_deref())?;
    let data = members.remove("data").ok_or_else(|| malformed("`data` is missing".to_owned()))?;
    // Everyone under --dev is of one organisation, which need not be said.
    let admission = app.hub().admission();
    let is_public = admission.event(&event).is_some_and(|event| event.audience == Audience::Public);
    if app.is_dev() && named.org.is_none() && !is_public {
        named.org = Some(credential.org.to_string());
    }
    Ok(Request { event, named, data, key })
}

/// The pointers below a place, from there on.
fn below(pointers: &[String], place: &str) -> Vec<String> {
    let inside = |pointer: &String| pointer.strip_prefix(place).filter(|rest| rest.starts_with('/')).map(str::to_owned);
    pointers.iter().filter_map(inside).collect()
}

fn answer_one(mut results: impl Iterator<Item = Result<Published, Answered>>) -> Response<Body> {
    match results.next() {
        Some(Ok(published)) => json_response(StatusCode::CREATED, &told(&published)),
        Some(Err(answered)) => answered.into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

/// 201 when all were taken, 207 with a verdict each when some were not.
fn answer_batch(results: Vec<Result<Published, Answered>>) -> Response<Body> {
    let status = if results.iter().all(Result::is_ok) { StatusCode::CREATED } else { StatusCode::MULTI_STATUS };
    let retry_after = results.iter().filter_map(|result| result.as_ref().err()?.retry_after_seconds()).max();
    let results: Vec<Value> = results
        .into_iter()
        .map(|result| match result {
            Ok(published) => {
                let mut told = told(&published);
                told["status"] = 201.into();
                told
            }
            Err(answered) => json!({ "status": answered.status(), "problem": answered.into_document() }),
        })
        .collect();
    let mut response = json_response(status, &json!({ "results": results }));
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn told(published: &Published) -> Value {
    if published.is_repeat { json!({ "id": published.id, "repeated": true }) } else { json!({ "id": published.id }) }
}

fn json_response(status: StatusCode, value: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
