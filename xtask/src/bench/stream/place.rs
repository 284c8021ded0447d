//! Where a client listens and publishes, and by which right.

use anyhow::{Context as _, Result};
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::json;

use super::contender::Contender;
use super::server::SECRET;

/// The year 2100.
const END: u64 = 4_102_444_800;

/// One organisation at one server.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(super) contender: Contender,
    pub(super) port: u16,
    pub(super) org: String,
    credentials: String,
}

impl Place {
    pub(crate) fn new(contender: Contender, port: u16, org: &str) -> Result<Self> {
        let credentials = match contender {
            Contender::Growset => {
                let everything = ["*"];
                let claims = json!({
                    "org": org, "listen": everything, "publish": everything, "channels": everything, "exp": END,
                });
                let key = EncodingKey::from_secret(SECRET.as_bytes());
                let token = encode(&Header::default(), &claims, &key).context("sign a token")?;
                format!("authorization: Bearer {token}\r\n")
            }
            _ => String::new(), // The others ask for none.
        };
        Ok(Self { contender, port, org: org.to_owned(), credentials })
    }

    /// Lines of a request's head.
    pub(super) fn credentials(&self) -> &str {
        &self.credentials
    }

    pub(super) fn events(&self) -> String {
        match self.contender {
            Contender::Growset => "/events?channel=bench&events=completion.delta".to_owned(),
            _ => format!("/events?org={}", self.org), // Those who know of no organisations do not look at it.
        }
    }

    pub(super) fn publish(&self) -> String {
        match self.contender {
            Contender::Growset => "/publish".to_owned(),
            _ => format!("/publish?org={}", self.org), // As above.
        }
    }

    /// The first event comes at once, and tells that the stream is open.
    pub(super) fn greets(&self) -> bool {
        self.contender == Contender::Growset
    }
}
