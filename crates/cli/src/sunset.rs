//! Deprecated events past their last day.

use growset_model::{Catalog, Date, Diagnostic};

use crate::rules::SUNSET_PASSED;

/// One warning for each; a release makes errors of them.
pub(crate) fn passed(catalog: &Catalog, today: Date) -> Vec<Diagnostic> {
    let passed = catalog.events.values().filter(|event| event.retired.is_none()).filter_map(|event| {
        let deprecated = event.deprecated.as_ref()?;
        let sunset = deprecated.sunset.filter(|sunset| *sunset < today)?;
        let message = format!(
            "{} was promised until {sunset} and is still there; `growset retire {}`, or promise a later day",
            event.name, event.name
        );
        Some(Diagnostic::new(&SUNSET_PASSED, deprecated.place, message).label("past its last day"))
    });
    passed.collect()
}
