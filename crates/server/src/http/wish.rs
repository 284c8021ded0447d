//! What a listener asks for: read from a query or a body, and refused where it could never be heard or was misspelt.
//!
//! A wish that says nothing of events hears all of them, so a slip must not make one of it.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, StatusCode};
use growset_model::Audience;
use serde::Deserialize;

use crate::admission::Admission;
use crate::http::problem::Answered;
use crate::refusal::nearest;

/// The header that a browser sends when it comes back.
const LAST_EVENT_ID: &str = "last-event-id";

/// Stands for an id that cannot be ours, whatever it was.
const UNREADABLE: &str = "?";

/// What a query may say. `version` is of the page's package; `catalog` says more.
const PARAMETERS: [&str; 9] =
    ["events", "channel", "channels", "catalog", "version", "until", "lastEventId", "after", "ticket"];

/// What a listener asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Names and patterns; everything when nothing is said.
    pub(crate) events: Option<Vec<String>>,
    pub(crate) channels: BTreeSet<String>,
    pub(crate) until: Option<String>,
    pub(crate) last_id: Option<String>,
    /// The digest of the catalog that the page was built from.
    pub(crate) page: Option<String>,
}

/// The body of `POST /events`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Asked {
    events: Option<Vec<String>>,
    #[serde(default)]
    channels: Vec<String>,
    channel: Option<String>,
    catalog: Option<String>,
    #[serde(rename = "version")]
    _version: Option<String>,
    until: Option<String>,
    last_event_id: Option<String>,
}

impl Wish {
    /// What a query asks for. A name may be given several times, and a value may be a list.
    pub(crate) fn of_query(query: &[(String, String)], headers: &HeaderMap) -> Result<Self, Answered> {
        let mut wish = Self::default();
        for (name, value) in query {
            let mut parts = value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
            match name.as_str() {
                "events" => wish.events.get_or_insert_default().extend(parts),
                "channel" | "channels" => wish.channels.extend(parts),
                "catalog" => wish.page = parts.next(),
                "until" => wish.until = parts.next(),
                "lastEventId" | "after" if !value.is_empty() => wish.last_id = Some(value.clone()),
                _ => refuse_slip(name)?,
            }
        }
        // The browser's own header is newer than the address that the page was given.
        wish.last_id = last_id(headers).or(wish.last_id);
        wish.says_something()
    }

    /// What a body asks for.
    pub(crate) fn of_body(body: &[u8], headers: &HeaderMap) -> Result<Self, Answered> {
        let malformed = |detail: String| Answered::new(StatusCode::BAD_REQUEST, "malformed-request", detail);
        // Serde would take a list of the members as well.
        if !body.trim_ascii_start().starts_with(b"{") {
            return Err(malformed("a subscription is an object with `events` and `channels`".to_owned()));
        }
        let asked: Asked = serde_json::from_slice(body).map_err(|error| malformed(error.to_string()))?;
        let wish = Self {
            events: asked.events,
            channels: asked.channels.into_iter().chain(asked.channel).collect(),
            page: asked.catalog,
            until: asked.until,
            last_id: last_id(headers).or(asked.last_event_id.filter(|id| !id.is_empty())),
        };
        wish.says_something()
    }

    fn says_something(self) -> Result<Self, Answered> {
        if self.events.as_ref().is_none_or(|events| !events.is_empty()) {
            return Ok(self);
        }
        let detail = "`events` names no event; leave it out to hear every one";
        Err(Answered::new(StatusCode::BAD_REQUEST, "no-events", detail))
    }

    /// The events that it names, without patterns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.wanted().filter(|name| !name.ends_with('*'))
    }

    fn patterns(&self) -> impl Iterator<Item = &str> {
        self.wanted().filter(|name| name.ends_with('*'))
    }

    fn wanted(&self) -> impl Iterator<Item = &str> {
        self.events.iter().flatten().map(String::as_str)
    }

    /// Refuses what is asked for by name and can never come.
    pub(crate) fn refuse_unheard(&self, admission: &Admission, user: Option<&str>) -> Result<(), Answered> {
        let named: Vec<_> =
            self.names().filter_map(|name| admission.event(name)).filter(|event| !event.is_retired()).collect();
        let to_channels = named.iter().find(|event| event.audience == Audience::Channel);
        if let (Some(event), true) = (to_channels, self.channels.is_empty()) {
            let name = &event.name;
            let detail = format!("`{name}` goes to channels, so that none comes without one; name it by `channel`");
            return Err(Answered::new(StatusCode::BAD_REQUEST, "channel-missing", detail));
        }
        // Who asks for others besides may show the same page to users and to nobody in particular.
        let is_for_users =
            self.patterns().next().is_none() && named.iter().all(|event| event.audience == Audience::User);
        if let (Some(event), true, None) = (named.first(), is_for_users, user) {
            let name = &event.name;
            let detail = format!("`{name}` goes to users, and the credential is of none; its claim `sub` is missing");
            return Err(Answered::new(StatusCode::FORBIDDEN, "event-not-allowed", detail));
        }
        let until = self.until.as_deref().and_then(|until| admission.event(until));
        if until.is_some_and(|event| event.audience == Audience::Channel) && self.channels.len() != 1 {
            let detail = "`until` is about one channel, whose end is the stream's; name it by `channel`";
            return Err(Answered::new(StatusCode::BAD_REQUEST, "channel-missing", detail));
        }
        Ok(())
    }
}

/// What is unlike all that we know, a proxy or a library may have added.
fn refuse_slip(name: &str) -> Result<(), Answered> {
    let meant = match PARAMETERS.contains(&name) {
        true => None,
        false => nearest(&name.to_ascii_lowercase(), PARAMETERS.into_iter()),
    };
    let Some(meant) = meant else {
        return Ok(());
    };
    let detail = format!("{name:?} is no parameter of a stream; did you mean `{meant}`?");
    Err(Answered::new(StatusCode::BAD_REQUEST, "unknown-parameter", detail).with("nearest", meant))
}

fn last_id(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(LAST_EVENT_ID)?;
    let text = value.to_str().unwrap_or(UNREADABLE);
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_is_nearly_ours_is_a_slip_and_a_strange_one_is_not() {
        for slip in ["event", "Events", "chanel", "channelId", "untill", "lasteventid", "last_event_id", "tickets"] {
            assert!(refuse_slip(slip).is_err(), "{slip}");
        }
        for other in ["_", "nope", "t", "utm_source", "access_token", "", "version", "ticket", "lastEventId"] {
            assert!(refuse_slip(other).is_ok(), "{other}");
        }
    }
}
