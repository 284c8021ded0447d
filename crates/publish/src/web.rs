//! Events on their way to a server over HTTP.

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Uri};
use hyper_rustls::builderstates::WantsSchemes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::answer::{self, Answer};
use crate::authority;
use crate::error::AddressError;
use crate::outgoing::Outgoing;

/// Longer than any answer.
const LONGEST_ANSWER: usize = 4 << 20;

pub(crate) struct Web {
    address: Uri,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    pub(crate) token: Option<Box<dyn Fn() -> String + Send + Sync>>,
}

impl Web {
    pub(crate) fn new(address: &str) -> Result<Self, AddressError> {
        let builder = HttpsConnectorBuilder::new().with_native_roots().map_err(AddressError::NoRoots)?;
        Self::over(address, builder)
    }

    pub(crate) fn trusting(address: &str, authorities: &[u8]) -> Result<Self, AddressError> {
        Self::over(address, HttpsConnectorBuilder::new().with_tls_config(authority::trusting(authorities)?))
    }

    fn over(address: &str, builder: HttpsConnectorBuilder<WantsSchemes>) -> Result<Self, AddressError> {
        let connector = builder.https_or_http().enable_http1().build();
        Ok(Self {
            address: publish_address(address).ok_or_else(|| AddressError::NoAddress(address.to_owned()))?,
            client: Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector),
            token: None,
        })
    }

    /// Sends events once. The error is that there was no answer.
    pub(crate) async fn send(&self, events: &[&Outgoing]) -> Result<Answer, String> {
        let body = serde_json::to_vec(&events).map_err(|error| error.to_string())?;
        let mut request = Request::post(&self.address)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| error.to_string())?;
        if let Some(token) = &self.token {
            let bearer = HeaderValue::try_from(format!("Bearer {}", token())).map_err(|error| error.to_string())?;
            request.headers_mut().insert(AUTHORIZATION, bearer);
        }
        let response = self.client.request(request).await.map_err(|error| told(&error))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LONGEST_ANSWER).collect().await.map_err(|error| told(&*error))?.to_bytes();
        Ok(answer::read(head.status, &head.headers, &body, events.len()))
    }
}

fn publish_address(address: &str) -> Option<Uri> {
    let uri: Uri = address.parse().ok()?;
    let is_whole = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some() && uri.query().is_none();
    let publish = format!("{}/publish", address.trim_end_matches('/'));
    if is_whole { publish.parse().ok() } else { None }
}

/// What went wrong, with its causes: hyper's own words leave those out.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        told.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    told
}
