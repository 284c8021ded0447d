//! What each release brought.

use askama::Template;
use growset_model::EventName;

use super::text::Text;
use super::{Frame, address};
use crate::{Release, ReleasedChange, Request};

/// Every release.
#[derive(Template)]
#[template(path = "html/changes.html")]
pub(super) struct Changes {
    frame: Frame,
    releases: Vec<Told>,
}

/// What one release brought.
pub(super) struct Told {
    /// Nothing for what is not released yet.
    pub(super) version: Option<Text>,
    pub(super) date: Option<String>,
    pub(super) groups: Vec<Group>,
}

pub(super) struct Group {
    pub(super) kind: &'static str,
    pub(super) changes: Vec<Change>,
}

pub(super) struct Change {
    pub(super) message: Text,
    /// With the addresses of their pages, from the folder of them all.
    pub(super) events: Vec<(Text, Text)>,
}

pub(super) fn page(request: &Request) -> Changes {
    let releases = request.surroundings.versions.history.iter().map(|release| told(request, release, |_| true));
    Changes { frame: Frame::new(request, ""), releases: releases.collect() }
}

/// The releases that brought something to one event.
pub(super) fn of_event(request: &Request, event: &EventName) -> Vec<Told> {
    let releases = request.surroundings.versions.history.iter();
    let told = releases.map(|release| told(request, release, |change| change.events.contains(event)));
    told.filter(|told| !told.groups.is_empty()).collect()
}

fn told(request: &Request, release: &Release, is_told: impl Fn(&ReleasedChange) -> bool) -> Told {
    let mut groups: Vec<Group> = Vec::new();
    for change in release.changes.iter().filter(|change| is_told(change)) {
        // An event that is no more has no page.
        let with_page = change.events.iter().filter(|name| request.catalog.events.contains_key(*name));
        let events = with_page.map(|name| (Text::new(name.as_str()), Text::new(&address(name)))).collect();
        let shown = Change { message: Text::with_code(&change.message), events };
        match groups.iter_mut().find(|group| group.kind == change.kind) {
            Some(group) => group.changes.push(shown),
            None => groups.push(Group { kind: change.kind, changes: vec![shown] }),
        }
    }
    Told { version: Text::some(release.version.as_deref()), date: release.date.map(|date| date.to_string()), groups }
}
