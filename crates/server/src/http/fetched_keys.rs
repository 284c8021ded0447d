//! A JWK set at a URL: kept between fetches, fetched anew as time passes, and at once for a key that is not in it.
//!
//! A fetch that fails leaves the keys as they are: an identity provider that is down locks nobody out.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::http::credential::Credential;
use crate::http::token::{BadToken, Expected, KeyError, KeySet};

/// Keys are this old at most, unless fetching fails.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// An identity provider has this long to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Longer than any JWK set.
const LONGEST_SET: usize = 1 << 20;

#[derive(Clone)]
pub(crate) struct FetchedKeys {
    inner: Arc<Inner>,
}

struct Inner {
    url: Uri,
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    pause: Duration,
    keys: RwLock<(Arc<KeySet>, Instant)>,
    /// Held while fetching; when the last fetch began.
    fetching: Mutex<Instant>,
}

impl FetchedKeys {
    pub(crate) async fn new(url: &str, pause: Duration) -> Result<Self, KeyError> {
        let failed = |message: String| KeyError::Unreachable { url: url.to_owned(), message };
        let parsed: Uri = url.parse().map_err(|_| failed("it is no URL".to_owned()))?;
        let is_local = matches!(parsed.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
        match parsed.scheme_str() {
            Some("https") => {}
            Some("http") if is_local => {}
            _ => return Err(failed("keys come by https, or whoever is on the way lets himself in".to_owned())),
        }
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|cause| failed(format!("this machine has no root certificates: {cause}")))?
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new()).build(connector);
        let keys = fetch(&client, &parsed).await.map_err(failed)?;
        let now = Instant::now();
        let keys = RwLock::new((Arc::new(keys), now));
        Ok(Self { inner: Arc::new(Inner { url: parsed, client, pause, keys, fetching: Mutex::new(now) }) })
    }

    pub(crate) async fn judge(&self, token: &str, expected: &Expected) -> Result<Credential, BadToken> {
        let (keys, since) = self.inner.known();
        let judged = keys.judge(token, expected);
        if matches!(judged, Err(BadToken::UnknownKey | BadToken::OtherAlgorithm)) {
            self.inner.refresh(self.inner.pause).await;
            return self.inner.known().0.judge(token, expected);
        }
        if since.elapsed() > FRESH {
            let inner = self.inner.clone();
            tokio::spawn(async move { inner.refresh(FRESH).await });
        }
        judged
    }
}

impl Inner {
    fn known(&self) -> (Arc<KeySet>, Instant) {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Fetches, unless that was done so short a time ago. Who comes while another fetches waits for that one's answer.
    async fn refresh(&self, pause: Duration) {
        let mut began = self.fetching.lock().await;
        if began.elapsed() < pause {
            return;
        }
        *began = Instant::now();
        match fetch(&self.client, &self.url).await {
            Ok(keys) => {
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = (Arc::new(keys), Instant::now());
            }
            Err(message) => tracing::warn!(%message, "cannot fetch the keys of tokens; the last ones stay"),
        }
    }
}

async fn fetch(client: &Client<HttpsConnector<HttpConnector>, Empty<Bytes>>, url: &Uri) -> Result<KeySet, String> {
    let answering = async {
        let response = client.get(url.clone()).await.map_err(|error| error.to_string())?;
        if !response.status().is_success() {
            return Err(format!("it answered {}", response.status()));
        }
        let body =
            Limited::new(response.into_body(), LONGEST_SET).collect().await.map_err(|error| error.to_string())?;
        KeySet::from_set(&body.to_bytes()).map_err(|error| error.to_string())
    };
    timeout(PATIENCE, answering).await.unwrap_or_else(|_| Err("it did not answer in time".to_owned()))
}
