//! A type that no payload holds.

use std::collections::BTreeSet;

use growset_model::{Diagnostic, Rule, Severity, TypeName};

use crate::context::Context;

pub(crate) const RULE: Rule =
    Rule { id: "unused-type", severity: Severity::Warning, summary: "no event uses a named type", lint: true };

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    let catalog = context.catalog;
    let payloads = catalog.events.values().map(|event| &event.payload);
    let used: BTreeSet<&TypeName> = payloads.flat_map(|payload| catalog.reachable(payload).into_keys()).collect();
    for named in catalog.types.values().filter(|named| !used.contains(&named.name)) {
        let message = format!("no event uses type {}; use it, or take it out", named.name);
        diagnostics.push(Diagnostic::new(&RULE, named.place, message));
    }
}
