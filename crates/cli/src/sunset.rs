//! Days that have come, or not yet: deprecated events past their last day, and tombstones from a day ahead.

use growset_model::{Catalog, Date, Diagnostic, Event};

use crate::rules::{RETIRED_AHEAD, SUNSET_PASSED};

/// One warning for each; a release makes errors of them.
pub(crate) fn findings(catalog: &Catalog, today: Date) -> Vec<Diagnostic> {
    catalog.events.values().filter_map(|event| ahead(event, today).or_else(|| passed(event, today))).collect()
}

fn passed(event: &Event, today: Date) -> Option<Diagnostic> {
    let deprecated = event.deprecated.as_ref().filter(|_| event.retired.is_none())?;
    let sunset = deprecated.sunset.filter(|sunset| *sunset < today)?;
    let message = format!(
        "{} was promised until {sunset} and is still there; `growset retire {}`, or promise a later day",
        event.name, event.name
    );
    Some(Diagnostic::new(&SUNSET_PASSED, deprecated.place, message).label("past its last day"))
}

/// What was promised is compared with the day of the tombstone, so that this day must be a true one.
fn ahead(event: &Event, today: Date) -> Option<Diagnostic> {
    let since = event.retired.as_ref().map(|retired| retired.since).filter(|since| *since > today)?;
    let message = format!(
        "{} is retired since {since}, which is still to come; keep it until then, and `growset retire {}` on that day",
        event.name, event.name
    );
    Some(Diagnostic::new(&RETIRED_AHEAD, event.place, message).label("gone before that day"))
}
