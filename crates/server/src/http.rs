//! The hub over HTTP: routes that an application mounts, and a server that carries them.

mod problem;

mod credential;

mod token;

mod key_text;

#[cfg(feature = "tls")]
mod fetched_keys;

#[cfg(feature = "tls")]
mod tls;

mod stalled;

mod carrier;

mod takeover;

mod tickets;

mod limits;

mod origin;

mod body;

mod received;

mod wish;

mod events;

mod poll;

mod publish;

mod catalog;

mod pages;

mod site;

mod serve;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};

use self::credential::Credential;
pub use self::limits::Limits;
use self::limits::Usage;
pub use self::origin::Origins;
use self::problem::Answered;
pub use self::serve::{Door, Drained, serve};
pub use self::site::Site;
use self::takeover::Takeover;
#[cfg(feature = "tls")]
pub use self::tls::{Tls, TlsError};
pub use self::token::{KeyError, Keys};
use crate::hub::Hub;

/// Who is let in.
pub enum Access {
    /// Everyone, as organisation `demo`: for a developer's own machine, and only there.
    Dev,
    /// Whoever shows a token that one of these keys signed.
    Tokens(Keys),
}

/// What the routes need.
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
    pub(crate) site: Option<Arc<Site>>,
}

pub(crate) struct Inner {
    pub(crate) hub: Hub,
    access: Access,
    pub(crate) usage: Arc<Usage>,
    origins: Origins,
    is_ready: AtomicBool,
}

/// The cookie that may hold a token.
const COOKIE: &str = "growset";

/// Who calls, put into each request by [`serve`].
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// Where a stream's body may be left, for whoever carries the connection.
    pub(crate) takeover: Option<Takeover>,
}

impl App {
    /// A hub with those who may reach it.
    pub fn new(hub: Hub, access: Access, origins: Origins, limits: Limits) -> Self {
        let inner =
            Inner { hub, access, usage: Arc::new(Usage::new(limits)), origins, is_ready: AtomicBool::new(true) };
        Self { inner: Arc::new(inner), site: None }
    }

    /// Also serves the page of the catalog.
    pub fn with_site(self, site: Site) -> Self {
        Self { site: Some(Arc::new(site)), ..self }
    }

    /// The hub.
    pub fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    /// The routes, to be merged into an application's own or served as they are.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/events", get(events::by_query).post(events::by_body))
            .route("/poll", get(poll::poll))
            .route("/publish", post(publish::publish))
            .route("/tickets", post(pages::ticket))
            .route("/healthz", get(pages::health))
            .route("/readyz", get(pages::readiness))
            .route("/metrics", get(pages::metrics))
            .route("/catalog", get(catalog::read).put(catalog::replace))
            .route("/catalog/{event}/schema.json", get(catalog::schema))
            .route("/orgs/{org}", delete(pages::erase_org))
            .route("/orgs/{org}/users/{user}", delete(pages::erase_user))
            .fallback(site::serve)
            .method_not_allowed_fallback(pages::other_method)
            .layer(from_fn_with_state(self.clone(), origin::guard))
            .with_state(self.clone())
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.inner.is_ready.load(Ordering::SeqCst)
    }

    pub(crate) fn unready(&self) {
        self.inner.is_ready.store(false, Ordering::SeqCst);
    }

    pub(crate) fn is_dev(&self) -> bool {
        matches!(self.inner.access, Access::Dev)
    }

    pub(crate) fn origins(&self) -> &Origins {
        &self.inner.origins
    }

    /// Who calls, by `Authorization` or cookie.
    pub(crate) async fn credential(&self, headers: &HeaderMap) -> Result<Credential, Answered> {
        let Access::Tokens(keys) = &self.inner.access else {
            return Ok(Credential::of_dev());
        };
        let token = bearer(headers).or_else(|| cookie(headers));
        let token = token.ok_or_else(|| {
            // Without a token there is no error to name (RFC 6750, section 3.1).
            Answered::new(
                StatusCode::UNAUTHORIZED,
                "unauthorised",
                "send a token by `Authorization: Bearer`, cookie or ticket",
            )
            .challenge("Bearer".to_owned())
        })?;
        keys.credential(token).await.map_err(|reason| unauthorised(&reason.to_string()))
    }
}

impl App {
    /// Refuses whoever may not take away what an organisation has.
    pub(crate) async fn admin_of(&self, org: &str, headers: &HeaderMap) -> Result<(), Answered> {
        if self.credential(headers).await?.is_admin_of(org) {
            return Ok(());
        }
        let detail = "this takes a token of the organisation with `admin: true`, or one whose `admin` names it";
        Err(Answered::new(StatusCode::FORBIDDEN, "admin-only", detail))
    }

    /// Refuses whoever may not change what all organisations share.
    pub(crate) async fn admin_of_all(&self, headers: &HeaderMap) -> Result<(), Answered> {
        if self.credential(headers).await?.is_admin_of_all() {
            return Ok(());
        }
        let detail = "this concerns every organisation, so it takes a token with `admin: [\"*\"]`";
        Err(Answered::new(StatusCode::FORBIDDEN, "admin-only", detail))
    }
}

/// Refuses whoever showed something that lets nobody in. The reason has neither quotes nor anything of what was shown.
pub(crate) fn unauthorised(reason: &str) -> Answered {
    tracing::debug!(reason, "nobody was let in");
    let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{reason}\"");
    Answered::new(StatusCode::UNAUTHORIZED, "unauthorised", reason).challenge(challenge)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|text| text.split(';')).find_map(|pair| match pair.trim().split_once('=')? {
        (COOKIE, token) => Some(token),
        _ => None, // Another cookie.
    })
}
