//! The page of the catalog at `/`: files that were generated beside the catalog, with the client package that its live
//! console listens by below `/package/`.
//!
//! Files are read when they are asked for, so that under `dev` the page is always that of the last good round.

use std::path::PathBuf;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::json;

use crate::http::App;
use crate::http::problem::Answered;

/// Nothing inline, nothing from elsewhere, and no text becomes markup by a script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
                      form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// The folders of the generated files, by the first step of their path; the page itself has none.
const FOLDERS: [(&str, &str); 2] = [("package", "typescript"), ("schemas", "schemas")];
const PAGE: &str = "docs/html";

/// The descriptions of this server, which lie beside the catalog.
const DESCRIPTIONS: [&str; 2] = ["asyncapi.json", "openapi.json"];

/// What is served, by the end of the file's name.
const TYPES: [(&str, &str); 4] = [
    (".html", "text/html; charset=utf-8"),
    (".css", "text/css; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"),
    (".json", "application/json"),
];

/// The generated folder whose page is served.
#[derive(Debug, Clone)]
pub struct Site {
    generated: PathBuf,
}

impl Site {
    /// Of a generated folder, which holds `docs/html` and `typescript`.
    pub fn new(generated: PathBuf) -> Self {
        Self { generated }
    }

    /// The file of a path, and its type. Invariant: no path leads out of the folders.
    fn file(&self, path: &str) -> Option<(PathBuf, &'static str)> {
        let path = path.strip_prefix('/')?;
        let path = if path.is_empty() { "index.html" } else { path };
        let (_, kind) = TYPES.iter().find(|(end, _)| path.ends_with(end))?;
        if !path.split('/').all(is_plain) {
            return None;
        }
        if DESCRIPTIONS.contains(&path) {
            return Some((self.generated.join(path), kind));
        }
        let (first, rest) = path.split_once('/').unwrap_or_default();
        let of_folder = FOLDERS.iter().find(|(name, _)| *name == first);
        let below = of_folder.map_or_else(|| format!("{PAGE}/{path}"), |(_, folder)| format!("{folder}/{rest}"));
        Some((self.generated.join(below), kind))
    }
}

/// A name as `generate` gives them: no step upwards, nothing hidden, nothing that a system reads otherwise.
fn is_plain(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'@' | b'+');
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_allowed)
}

pub(crate) async fn serve(State(app): State<App>, request: Request) -> Result<Response<Body>, Answered> {
    let nothing = || Answered::new(StatusCode::NOT_FOUND, "not-found", "there is nothing at this path");
    let path = request.uri().path();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let site = app.site.as_ref().filter(|_| is_read).ok_or_else(nothing)?;
    if path == "/page.json" {
        return Ok(answer(
            json!({ "dev": app.is_dev(), "catalog": app.hub().admission().digest() }).to_string(),
            "application/json",
        ));
    }
    let (file, kind) = site.file(path).ok_or_else(nothing)?;
    let read = tokio::task::spawn_blocking(move || std::fs::read(file)).await;
    match read {
        Ok(Ok(bytes)) => Ok(answer(bytes, kind)),
        Ok(Err(_)) | Err(_) if path == "/" => {
            Err(Answered::new(StatusCode::NOT_FOUND, "not-found", "no page was generated beside the catalog"))
        }
        Ok(Err(_)) | Err(_) => Err(nothing()),
    }
}

fn answer(body: impl Into<Body>, kind: &'static str) -> Response<Body> {
    let fixed = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (fixed.map(|(name, value)| (name, HeaderValue::from_static(value))), body.into()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_generated_pages() {
        let site = Site::new(PathBuf::from("generated"));
        let file = |path: &str| site.file(path).map(|(file, _)| file.to_string_lossy().into_owned());
        assert_eq!(file("/").as_deref(), Some("generated/docs/html/index.html"));
        assert_eq!(
            file("/events/order.created.html").as_deref(),
            Some("generated/docs/html/events/order.created.html")
        );
        assert_eq!(file("/package/listener/client.js").as_deref(), Some("generated/typescript/listener/client.js"));
        assert_eq!(file("/openapi.json").as_deref(), Some("generated/openapi.json"));
        assert_eq!(file("/catalog.json").as_deref(), Some("generated/docs/html/catalog.json"), "which is not there");
        assert_eq!(file("/schemas/a.json").as_deref(), Some("generated/schemas/a.json"));
        for path in
            ["/../catalog.json", "/package/../../x.js", "/package//x.js", "/.git/x.js", "/a\\..\\b.js", "/%2e%2e/x.js"]
        {
            assert_eq!(file(path), None, "{path}");
        }
        assert_eq!([file("/package/README.md"), file("/package"), file("events")], [None, None, None]);
    }
}
