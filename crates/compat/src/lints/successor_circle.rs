//! Successors that lead back to where they began.

use std::collections::BTreeMap;

use growset_model::{Diagnostic, Place, Rule, Severity};

use crate::context::Context;

pub(crate) const RULE: Rule = Rule {
    id: "successor-circle",
    severity: Severity::Error,
    summary: "what to use instead leads back to what it should take the place of",
    lint: false,
};

/// Every name with a successor: that one, and where it is spelled.
type Successors<'a> = BTreeMap<&'a str, (&'a str, Place)>;

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    let mut events = Successors::new();
    for event in context.catalog.events.values() {
        let of_tombstone = event.retired.as_ref().and_then(|retired| retired.successor.as_ref());
        if let Some(successor) = of_tombstone {
            events.insert(event.name.as_str(), (successor.as_str(), event.place));
        } else if let Some(deprecated) = &event.deprecated
            && let Some(successor) = &deprecated.successor
        {
            events.insert(event.name.as_str(), (successor, deprecated.place));
        }
    }
    report("event", &events, diagnostics);

    let types = context.catalog.types.values().filter_map(|named| {
        let deprecated = named.deprecated.as_ref()?;
        Some((named.name.as_str(), (deprecated.successor.as_deref()?, deprecated.place)))
    });
    report("type", &types.collect(), diagnostics);
}

/// Tells each circle once, where the first of its names by the alphabet stands.
fn report(what: &str, successors: &Successors<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (&first, &(_, place)) in successors {
        let Some(circle) = circle(first, successors) else { continue };
        if circle.iter().any(|name| *name < first) {
            continue;
        }
        let message = match circle.as_slice() {
            [_] => format!("{what} {first} names itself as what to use instead"),
            names => format!(
                "{what} {first} says what to use instead, and that leads back to it: {} → {first}",
                names.join(" → ")
            ),
        };
        diagnostics.push(
            Diagnostic::new(&RULE, place, message)
                .help(format!("name under `use` the {what} that stays, or leave `use` out")),
        );
    }
}

/// The names from `first` round to it, each once; nothing if the way ends, or turns in a circle further on.
fn circle<'a>(first: &'a str, successors: &Successors<'a>) -> Option<Vec<&'a str>> {
    let mut names = vec![first];
    loop {
        let (next, _) = successors.get(names.last()?)?;
        if *next == first {
            return Some(names);
        }
        if names.len() > successors.len() {
            return None;
        }
        names.push(next);
    }
}
