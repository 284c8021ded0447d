//! Whether a page of the given origin may read the stream with credentials, and a strange page may not.

use hyper::Method;

use super::Patient;
use super::findings::Findings;
use crate::remote::{Asked, Reply};

/// Nobody's origin: the name is reserved (RFC 2606).
const STRANGER: &str = "https://stranger.invalid";

const ALLOW: &str = "start the server with `--allow-origin`, and let no proxy add or remove `Access-Control-*` headers";

pub(super) async fn examine(patient: &Patient<'_>, origin: &str, reply: &Reply, findings: &mut Findings) {
    let allowed: Vec<&str> = all(reply, "access-control-allow-origin");
    let may_send = reply.header("access-control-allow-credentials") == "true";
    match allowed.as_slice() {
        [one] if *one == origin && may_send => {
            findings.fine("cors", format!("pages of {origin} may listen, with credentials"));
        }
        [one] if *one == origin => findings.problem(
            "cors",
            "`withCredentials: true` needs `Access-Control-Allow-Credentials: true`, which is missing",
            ALLOW,
        ),
        ["*"] => findings.problem(
            "cors",
            "`Access-Control-Allow-Origin: *` does not work with `withCredentials: true`",
            ALLOW,
        ),
        [] => {
            findings.problem("cors", format!("pages of {origin} may not listen: no Access-Control-Allow-Origin"), ALLOW)
        }
        [one] => findings.problem("cors", format!("only pages of {one} may listen, not those of {origin}"), ALLOW),
        several => findings.problem(
            "cors",
            format!("Access-Control-Allow-Origin is there {} times, which browsers refuse", several.len()),
            "one of proxy and server says it, not both",
        ),
    }
    let varies = all(reply, "vary").iter().any(|value| value.to_ascii_lowercase().contains("origin"));
    if !allowed.is_empty() && allowed != ["*"] && !varies {
        let said = "`Vary: Origin` is missing: a cache may hand one origin's answer to another";
        findings.note("cors", said, "send `Vary: Origin`");
    }
    stranger(patient, findings).await;
    preflight(patient, origin, findings).await;
}

/// A header's values, of several headers or of one with commas.
fn all<'a>(reply: &'a Reply, name: &str) -> Vec<&'a str> {
    let values = reply.headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).collect()
}

async fn stranger(patient: &Patient<'_>, findings: &mut Findings) {
    let asked = Asked::get().with("accept", "text/event-stream").with("origin", STRANGER);
    let Ok(reply) = patient.client.ask(&patient.options.url, asked).await else {
        findings.skipped("cors", "a request with another origin was not answered");
        return;
    };
    let is_reflected = all(&reply, "access-control-allow-origin").contains(&STRANGER);
    if is_reflected && reply.header("access-control-allow-credentials") == "true" {
        findings.problem(
            "cors",
            "every origin is let in with credentials: any page that a user visits can read the user's stream",
            "replace the reflected origin by a list of your own (`--allow-origin`)",
        );
    }
}

/// Only pages that set headers need it; a native EventSource sends none.
async fn preflight(patient: &Patient<'_>, origin: &str, findings: &mut Findings) {
    let mut asked = Asked::get().with("origin", origin).with("access-control-request-method", "GET");
    asked = asked.with("access-control-request-headers", "authorization,last-event-id");
    asked.method = Method::OPTIONS;
    // Browsers send preflights without credentials.
    let passes = match patient.stranger.ask(&patient.options.url, asked).await {
        Ok(reply) => {
            let headers = reply.header("access-control-allow-headers").to_ascii_lowercase();
            let is_named = |name: &str| headers.contains(name);
            reply.status.is_success()
                && all(&reply, "access-control-allow-origin").contains(&origin)
                && is_named("authorization")
                && is_named("last-event-id")
        }
        Err(_) => false,
    };
    if passes {
        findings.fine("preflight", "pages may send Authorization and Last-Event-ID by fetch");
    } else {
        findings.note(
            "preflight",
            "pages may not send Authorization and Last-Event-ID by fetch; a native EventSource needs no leave",
            "answer OPTIONS without credentials with 204, the origin, and `Access-Control-Allow-Headers`",
        );
    }
}
