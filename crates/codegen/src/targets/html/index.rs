//! The index of the catalog, and the live console.

use std::collections::BTreeMap;

use askama::Template;
use growset_model::Event;
use growset_model::lock::catalog_digest;

use super::text::Text;
use super::{Entry, Frame, address, audiences};
use crate::Request;

/// Every event by its owner.
#[derive(Template)]
#[template(path = "html/index.html")]
pub(super) struct Index {
    frame: Frame,
    count: usize,
    deprecated: usize,
    audiences: Vec<&'static str>,
    owners: Vec<Owner>,
    retired: Vec<Retired>,
}

struct Owner {
    name: Text,
    events: Vec<Entry>,
}

struct Retired {
    name: Text,
    href: Text,
    since: String,
    successor: Option<(Text, Text)>,
}

/// The console.
#[derive(Template)]
#[template(path = "html/live.html")]
pub(super) struct Live {
    frame: Frame,
    owners: Vec<Owner>,
    has_channels: bool,
    /// Digest of the catalog that the page was made from.
    catalog: String,
}

pub(super) fn page(request: &Request) -> Index {
    let live = || request.catalog.events.values().filter(|event| event.retired.is_none());
    let retired = request.catalog.events.values().filter_map(|event| {
        let retired = event.retired.as_ref()?;
        Some(Retired {
            name: Text::new(event.name.as_str()),
            href: Text::new(&address(&event.name)),
            since: retired.since.to_string(),
            successor: retired.successor.as_ref().map(|name| (Text::new(name.as_str()), Text::new(&address(name)))),
        })
    });
    Index {
        frame: Frame::new(request, ""),
        count: live().count(),
        deprecated: live().filter(|event| event.deprecated.is_some()).count(),
        audiences: audiences(request),
        owners: owners(request),
        retired: retired.collect(),
    }
}

pub(super) fn live(request: &Request) -> Live {
    Live {
        frame: Frame::new(request, ""),
        owners: owners(request),
        catalog: catalog_digest(request.catalog),
        has_channels: audiences(request).contains(&"channel"),
    }
}

/// In order of name; events that nobody owns come last.
fn owners(request: &Request) -> Vec<Owner> {
    let mut owners: BTreeMap<(bool, &str), Vec<&Event>> = BTreeMap::new();
    for event in request.catalog.events.values().filter(|event| event.retired.is_none()) {
        let owner = event.owner.as_deref();
        owners.entry((owner.is_none(), owner.unwrap_or("Without an owner"))).or_default().push(event);
    }
    let of_owner = |((_, name), events): ((bool, &str), Vec<&Event>)| Owner {
        name: Text::new(name),
        events: events.into_iter().map(|event| Entry::of(request.catalog, event)).collect(),
    };
    owners.into_iter().map(of_owner).collect()
}
