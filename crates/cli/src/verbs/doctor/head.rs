//! The way there and the head of the answer: connection, TLS, version of HTTP, status, headers.

use hyper::{StatusCode, Version};

use super::Patient;
use super::findings::Findings;
use crate::remote::{RemoteError, Reply};

/// No answer came at all.
pub(super) fn unreachable(error: &RemoteError, findings: &mut Findings) {
    let (check, advice) = match error {
        RemoteError::Connect { .. } => {
            ("reach", "is the server running, does the name lead there, and does a firewall let you through?")
        }
        RemoteError::Tls { .. } => (
            "tls",
            "browsers refuse it as well: renew the certificate, serve the full chain, and check the name; \
             of a private authority, name the certificate by --ca",
        ),
        RemoteError::Http { .. } => {
            ("reach", "something listens there that does not speak HTTP, or it crashed; look into its log")
        }
        RemoteError::Silent { .. } => (
            "first byte",
            "not even the head of the answer arrives: flush the head at once, and let proxies not wait for the body \
             (`growset proxy nginx` prints how)",
        ),
        RemoteError::TooLong { .. } => ("reach", "this is no event stream"),
    };
    findings.problem(check, error.to_string(), advice);
}

/// Whether the answer is a stream.
pub(super) fn examine(patient: &Patient, reply: &Reply, findings: &mut Findings) -> bool {
    let address = &patient.options.url;
    let milliseconds = reply.connected_after.as_millis();
    findings.fine("reach", format!("{}:{} connects in {milliseconds} ms", address.host, address.port));
    tls(patient, findings);
    version(patient, reply.version, findings);
    let is_ok = status(patient, reply, findings);
    is_ok && content_type(reply, findings) && {
        headers(reply, findings);
        true
    }
}

fn tls(patient: &Patient, findings: &mut Findings) {
    if patient.options.url.is_tls {
        findings.fine("tls", "the certificate is valid for this name");
    } else if patient.options.url.is_loopback() {
        findings.fine("tls", "none, which is fine on this machine");
    } else {
        findings.problem(
            "tls",
            "none: tokens and payloads travel in the clear, and pages served by https may not connect",
            "serve https, by the server itself or by a proxy before it (`growset proxy nginx`)",
        );
    }
}

fn version(patient: &Patient, version: Version, findings: &mut Findings) {
    let many = "over HTTP/1.1 a browser opens six connections per host, and each tab's stream holds one";
    match version {
        Version::HTTP_2 | Version::HTTP_3 => findings.fine("http", "HTTP/2: streams share a connection"),
        Version::HTTP_11 if !patient.options.url.is_tls => {
            findings.fine("http", format!("HTTP/1.1 (browsers speak HTTP/2 only over TLS; {many})"));
        }
        Version::HTTP_11 => findings.note(
            "http",
            format!("HTTP/1.1: {many}"),
            "switch on HTTP/2 where TLS ends (nginx: `listen 443 ssl http2`), or use one stream for all tabs (`shareTabs`)",
        ),
        _ => findings.problem(
            "http",
            format!("{version:?} closes after each answer and cannot stream well"),
            "let the proxy answer by HTTP/1.1 at least (nginx: `proxy_http_version 1.1`)",
        ),
    }
}

fn status(patient: &Patient, reply: &Reply, findings: &mut Findings) -> bool {
    let status = reply.status;
    let advice = match status {
        StatusCode::OK => {
            findings.fine("status", "200");
            return true;
        }
        StatusCode::FORBIDDEN if is_about_origin(patient, reply) => {
            "no page of this origin is let in (`--allow-origin`), or else the credentials do not open this stream"
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if patient.has_credentials() => {
            "the credentials do not open this stream: has the token expired, do its claims allow these events and \
             channels? A native EventSource stays closed after this answer"
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "give the credentials that pages send, by --token or --header; in the page: \
             `new EventSource(url, { withCredentials: true })` sends cookies"
        }
        StatusCode::NO_CONTENT => "the stream has ended for good: browsers do not come back after 204",
        StatusCode::NOT_FOUND => "nothing is served at this path; the server's stream is at /events",
        StatusCode::TOO_MANY_REQUESTS => "too many streams are open; raise the limit, or share one stream between tabs",
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE => {
            "a proxy answers, but the server behind it does not: is it running, and does the proxy know its address?"
        }
        StatusCode::GATEWAY_TIMEOUT => "a proxy gave up waiting: it buffers the stream (`growset proxy nginx`)",
        _ if status.is_redirection() => "a page of another origin may not follow it; name the final address",
        _ => "a native EventSource stays closed after anything but 200", // Every other status.
    };
    findings.problem("status", status.to_string(), advice);
    false
}

fn is_about_origin(patient: &Patient, reply: &Reply) -> bool {
    patient.options.origin.is_some() && reply.header("access-control-allow-origin").is_empty()
}

fn content_type(reply: &Reply, findings: &mut Findings) -> bool {
    let kind = reply.header("content-type");
    if kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/event-stream") {
        findings.fine("content type", kind);
        return true;
    }
    findings.problem(
        "content type",
        format!("{kind:?}: browsers close the stream for good"),
        "answer `Content-Type: text/event-stream`; an HTML page here is often a proxy's or a login's",
    );
    false
}

fn headers(reply: &Reply, findings: &mut Findings) {
    let encoding = reply.header("content-encoding");
    if !encoding.is_empty() {
        findings.problem(
            "compression",
            format!("{encoding}: compressors wait for more before they let anything out"),
            "switch compression off for text/event-stream (nginx: `gzip off`), and send `Cache-Control: no-transform`",
        );
    }
    let cache = reply.header("cache-control");
    let is_kept_off = ["no-store", "no-cache"].iter().any(|directive| cache.contains(directive));
    match (is_kept_off, cache.contains("no-transform")) {
        (true, true) => findings.fine("cache", cache),
        (false, _) => findings.problem(
            "cache",
            format!("Cache-Control {cache:?} lets proxies keep the stream"),
            "send `Cache-Control: no-store, no-transform`",
        ),
        (true, false) => findings.note(
            "cache",
            format!("Cache-Control {cache:?} lets proxies compress the stream"),
            "send `Cache-Control: no-store, no-transform`",
        ),
    }
}
