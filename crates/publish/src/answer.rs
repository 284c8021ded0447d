//! What the server answered.

use std::time::{Duration, SystemTime};

use hyper::header::RETRY_AFTER;
use hyper::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use crate::error::{PublishError, Refused};
use crate::publisher::Published;

/// What became of one request.
pub(crate) enum Answer {
    /// A verdict on each event.
    Verdicts(Vec<Verdict>),
    /// On all of them, to be tried again.
    Later { retry_after: Option<Duration>, detail: String },
    /// More than one request may hold.
    TooMuch(PublishError),
    /// On all of them, for good.
    Never(PublishError),
}

/// What became of one event.
pub(crate) enum Verdict {
    Done(Result<Published, PublishError>),
    /// To be tried again; the error tells why, should there be no time left.
    Later(PublishError),
}

#[derive(Deserialize)]
struct Results {
    results: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    status: u16,
    id: Option<String>,
    #[serde(default)]
    repeated: bool,
    #[serde(default)]
    problem: Value,
}

/// Reads an answer to so many events.
pub(crate) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8], events: usize) -> Answer {
    if is_taken(status) {
        return match serde_json::from_slice::<Results>(body) {
            Ok(Results { results }) if results.len() == events => {
                Answer::Verdicts(results.into_iter().map(verdict).collect())
            }
            Ok(Results { results }) => foreign(format!("{} verdicts on {events} events", results.len())),
            Err(error) => foreign(error.to_string()),
        };
    }
    let document: Option<Value> = serde_json::from_slice(body).ok();
    let said = |member: &str| document.as_ref().and_then(|document| document[member].as_str()).map(str::to_owned);
    if is_passing(status.as_u16()) {
        let detail = said("detail").unwrap_or_else(|| status.to_string());
        return Answer::Later { retry_after: retry_after(headers, SystemTime::now()), detail };
    }
    // Whatever stands before the server speaks no problem documents.
    let Some(document) = document.filter(|document| document["rule"].is_string()) else {
        return match status {
            StatusCode::PAYLOAD_TOO_LARGE => Answer::TooMuch(refused(status.as_u16(), Value::Null)),
            _ => foreign(format!("it answers {status}")),
        };
    };
    let error = refused(status.as_u16(), document);
    if status == StatusCode::PAYLOAD_TOO_LARGE { Answer::TooMuch(error) } else { Answer::Never(error) }
}

fn is_taken(status: StatusCode) -> bool {
    matches!(status, StatusCode::CREATED | StatusCode::MULTI_STATUS)
}

/// Whether it may be another answer soon: under a key, trying again is safe.
fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 429 | 502 | 503 | 504)
}

fn verdict(one: One) -> Verdict {
    match one.id {
        Some(id) if one.status == 201 => Verdict::Done(Ok(Published { id, is_repeat: one.repeated })),
        _ if is_passing(one.status) && one.problem["rule"] == "store-unclear" => {
            Verdict::Later(PublishError::Unclear { cause: text(&one.problem, "detail") })
        }
        _ if is_passing(one.status) => Verdict::Later(PublishError::busy(text(&one.problem, "detail"))),
        _ => Verdict::Done(Err(refused(one.status, one.problem))),
    }
}

/// Told by a problem document (RFC 9457), which bears its status.
#[cfg(feature = "redis")]
pub(crate) fn refused_by(document: Value) -> PublishError {
    let status = document["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    refused(status.unwrap_or_default(), document)
}

fn refused(status: u16, document: Value) -> PublishError {
    let (rule, detail) = (text(&document, "rule"), text(&document, "detail"));
    PublishError::Refused(Box::new(Refused { status, rule, detail, document }))
}

fn text(document: &Value, member: &str) -> String {
    document[member].as_str().unwrap_or_default().to_owned()
}

fn foreign(cause: String) -> Answer {
    Answer::Never(PublishError::Foreign { cause })
}

/// In seconds, as the server writes it, or by a date, as what stands before it may (RFC 9110, section 10.2.3).
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    // A date that is over asks for no time.
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    #[test]
    fn a_time_to_come_back_at_is_in_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (text, expected) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30)),
            ("Sunday, 06-Nov-94 08:50:07 GMT", Some(30)),
            ("Sun Nov  6 08:50:07 1994", Some(30)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", Some(0)),
            ("-1", None),
            ("soon", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))]);
            assert_eq!(retry_after(&headers, now), expected.map(Duration::from_secs), "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
