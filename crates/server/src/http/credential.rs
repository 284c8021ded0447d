//! Who calls, and what they may do.

use std::sync::Arc;

use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::admission::Admission;
use crate::commons::Whose;
use crate::http::problem::Answered;
use crate::http::wish::Wish;
use crate::recipient::is_name;
use crate::selection::UnknownName;
use crate::subscription::{Identity, Subscription, matches};

/// The claims of a token.
#[derive(Debug, Clone)]
pub(crate) struct Claims {
    org: String,
    sub: Option<String>,
    /// Patterns of event names; nothing when absent.
    listen: Vec<String>,
    /// Patterns of event names; nothing when absent.
    publish: Vec<String>,
    /// Patterns of channels; none when absent.
    channels: Vec<String>,
    /// Of nobody when absent.
    admin: Option<Admin>,
    /// Seconds since 1970.
    exp: u64,
}

impl Claims {
    /// Reads what was signed. The error is the claim that is missing or none.
    pub(crate) fn read(mut claims: Map<String, Value>) -> Result<Self, &'static str> {
        let claims = &mut claims;
        Ok(Self {
            org: claim(claims, "org")?,
            sub: claim(claims, "sub")?,
            listen: claim::<Option<_>>(claims, "listen")?.unwrap_or_default(),
            publish: claim::<Option<_>>(claims, "publish")?.unwrap_or_default(),
            channels: claim::<Option<_>>(claims, "channels")?.unwrap_or_default(),
            admin: claim(claims, "admin")?,
            // It may have a fraction (RFC 7519, section 2).
            exp: claim::<f64>(claims, "exp")? as u64,
        })
    }
}

fn claim<T: DeserializeOwned>(claims: &mut Map<String, Value>, name: &'static str) -> Result<T, &'static str> {
    serde_json::from_value(claims.remove(name).unwrap_or_default()).map_err(|_| name)
}

/// Of whom a credential is an administrator. An organisation's own one has no say in others.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(untagged)]
enum Admin {
    /// Of its own organisation, or of none.
    Own(bool),
    /// Of those that fit one of these patterns. Only `*` reaches what all of them share.
    Of(Vec<String>),
}

/// Who calls, and what they may do.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    pub(crate) org: Arc<str>,
    pub(crate) user: Option<Arc<str>>,
    listen: Vec<String>,
    publish: Vec<String>,
    channels: Vec<String>,
    admin: Option<Admin>,
    /// Seconds since 1970, when it ends.
    pub(crate) expires: Option<u64>,
}

/// The organisation of `--dev`.
pub(crate) const DEMO: &str = "demo";

impl Credential {
    /// What everyone is under `--dev`.
    pub(crate) fn of_dev() -> Self {
        let all = || vec!["*".to_owned()];
        Self {
            org: DEMO.into(),
            user: Some(DEMO.into()),
            listen: all(),
            publish: all(),
            channels: all(),
            admin: Some(Admin::Of(all())),
            expires: None,
        }
    }

    /// The error is the claim that is no name.
    pub(crate) fn of_claims(claims: Claims) -> Result<Self, &'static str> {
        if !is_name(&claims.org) {
            return Err("org");
        }
        if !claims.sub.as_deref().is_none_or(is_name) {
            return Err("sub");
        }
        Ok(Self {
            org: claims.org.into(),
            user: claims.sub.map(Into::into),
            listen: claims.listen,
            publish: claims.publish,
            channels: claims.channels,
            admin: claims.admin,
            expires: Some(claims.exp),
        })
    }

    /// As claims, for whom a ticket is kept.
    pub(crate) fn to_claims(&self) -> Value {
        json!({
            "org": &*self.org, "sub": self.user.as_deref(), "listen": self.listen, "publish": self.publish,
            "channels": self.channels, "admin": self.admin, "exp": self.expires,
        })
    }

    /// What was kept so. The error is the claim that is none.
    pub(crate) fn of_kept_claims(kept: &[u8]) -> Result<Self, &'static str> {
        let mut claims: Map<String, Value> = serde_json::from_slice(kept).map_err(|_| "claims")?;
        let expires = claims.get("exp").and_then(Value::as_u64);
        // Under --dev nothing ends, which no token may say.
        claims.insert("exp".to_owned(), expires.unwrap_or_default().into());
        Ok(Self { expires, ..Self::of_claims(Claims::read(claims)?)? })
    }

    /// Of whom limits are counted.
    pub(crate) fn whose(&self) -> Whose {
        Whose { org: self.org.clone(), user: self.user.clone() }
    }

    /// Whether it may publish an event to an organisation; nothing stands for everyone.
    pub(crate) fn may_publish(&self, event: &str, org: Option<&str>) -> bool {
        let is_allowed = match org {
            Some(org) => *org == *self.org || self.is_admin_of(org),
            None => self.is_admin_of_all(),
        };
        is_allowed && self.publish.iter().any(|pattern| matches(pattern, event))
    }

    /// Whether it may take away what an organisation has, and publish to it.
    pub(crate) fn is_admin_of(&self, org: &str) -> bool {
        match &self.admin {
            Some(Admin::Own(is_admin)) => *is_admin && *org == *self.org,
            Some(Admin::Of(patterns)) => patterns.iter().any(|pattern| matches(pattern, org)),
            None => false,
        }
    }

    /// Whether it may change what all organisations share: the catalog, and public events.
    pub(crate) fn is_admin_of_all(&self) -> bool {
        match &self.admin {
            Some(Admin::Of(patterns)) => patterns.iter().any(|pattern| pattern == "*"),
            // An organisation may be called `*`; it is one of many all the same.
            Some(Admin::Own(_)) | None => false,
        }
    }

    /// What it hears of what it asks for.
    pub(crate) fn subscribe(&self, admission: &Admission, wish: &Wish) -> Result<Subscription, Answered> {
        if self.listen.is_empty() {
            let detail = "the credential allows to listen to nothing; its claim `listen` is missing or empty";
            return Err(Answered::new(StatusCode::FORBIDDEN, "event-not-allowed", detail));
        }
        let channels = &wish.channels;
        if let Some(channel) = channels.iter().find(|channel| !self.may_hear_channel(channel)) {
            let detail = format!("the credential does not allow the channel {channel:?}");
            return Err(Answered::new(StatusCode::FORBIDDEN, "channel-not-allowed", detail));
        }
        let identity = Identity { org: self.org.clone(), user: self.user.clone() };
        let subscription = match &wish.events {
            None => Subscription::to_all(admission, identity, channels.clone()),
            Some(events) => {
                let patterns = events.iter().map(String::as_str);
                Subscription::to(admission, identity, channels.clone(), patterns).map_err(unknown_event)?
            }
        };
        if let Some(name) = wish.names().find(|name| !self.may_hear(name)) {
            let detail = format!("the credential does not allow to listen to `{name}`");
            return Err(Answered::new(StatusCode::FORBIDDEN, "event-not-allowed", detail));
        }
        wish.refuse_unheard(admission, self.user.as_deref())?;
        let mut subscription = subscription.limited(admission, &self.listen);
        subscription.page = wish.page.as_deref().and_then(page_digest);
        match &wish.until {
            None => Ok(subscription),
            Some(until) => subscription.until(admission, until).ok_or_else(|| {
                let detail = format!("`until={until}` names no terminal event among those that are heard");
                Answered::new(StatusCode::BAD_REQUEST, "not-terminal", detail)
            }),
        }
    }

    fn may_hear(&self, event: &str) -> bool {
        self.listen.iter().any(|pattern| matches(pattern, event))
    }

    fn may_hear_channel(&self, channel: &str) -> bool {
        is_name(channel) && self.channels.iter().any(|pattern| matches(pattern, channel))
    }
}

fn unknown_event(unknown: UnknownName) -> Answered {
    let answered = Answered::new(StatusCode::BAD_REQUEST, "unknown-event", unknown.to_string());
    match unknown.nearest {
        Some(nearest) => answered.with("nearest", nearest),
        None => answered,
    }
}

/// Nothing when it is no digest, nor the beginning of one; this much tells two of them apart.
fn page_digest(text: &str) -> Option<Arc<str>> {
    let is_digest =
        (16..=64).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_digest.then(|| text[..16].into())
}
