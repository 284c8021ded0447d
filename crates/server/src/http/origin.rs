//! Which pages of other origins may speak to this server. An origin is never reflected unless it is on the list.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::Next;
use axum::response::IntoResponse;

use crate::http::App;
use crate::http::problem::Answered;

/// What our answers say in headers beside those that every page may read: when to come back.
const EXPOSED: &str = "retry-after";

/// The origins whose pages may listen and publish, with credentials.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    allowed: Vec<String>,
}

impl Origins {
    /// These, as browsers spell them: `https://app.example.com`.
    pub fn new(allowed: Vec<String>) -> Result<Self, String> {
        for origin in &allowed {
            let (scheme, host) = origin.split_once("://").unwrap_or_default();
            if !matches!(scheme, "http" | "https") || host.is_empty() || host.contains(['/', '*', ' ']) {
                return Err(format!("{origin:?} is no origin; write one such as https://app.example.com"));
            }
        }
        Ok(Self { allowed })
    }

    fn allows(&self, origin: &str, is_dev: bool) -> bool {
        self.allowed.iter().any(|allowed| allowed == origin)
            || (is_dev && origin.split_once("://").is_some_and(|(_, host)| is_loopback(host)))
    }
}

/// Whether a `host[:port]` is this machine.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host, // Without a port.
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// Answers preflights, keeps strange pages from acting in a visitor's name, and marks what may be read.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response<Body> {
    // Under --dev everyone is let in, so a name that leads here from outside (DNS rebinding) must not.
    if app.is_dev() && !host(request.headers()).is_none_or(is_loopback) {
        return refused("under --dev this server answers to localhost only");
    }
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else {
        return vary(next.run(request).await);
    };
    let allowed = origin.to_str().is_ok_and(|origin| app.origins().allows(origin, app.is_dev()));
    let is_preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let own = origin
        .to_str()
        .is_ok_and(|origin| origin.split_once("://").map(|(_, authority)| authority) == host(request.headers()));
    // A stream would be opened in the visitor's name, though the page could not read it.
    if !allowed && !own {
        return refused("pages of this origin may not; add it to the allowed origins");
    }
    let mut response = if is_preflight { preflight() } else { next.run(request).await };
    if allowed {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
    vary(response)
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

fn refused(detail: &str) -> Response<Body> {
    vary(Answered::new(StatusCode::FORBIDDEN, "origin-not-allowed", detail).into_response())
}

fn preflight() -> Response<Body> {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, DELETE"));
    let allowed = HeaderValue::from_static("authorization, content-type, last-event-id, cache-control");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

fn vary(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    response
}
