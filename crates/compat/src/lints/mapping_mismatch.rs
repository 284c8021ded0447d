//! A second version whose fields are not filled from the first as its contract says.

use growset_model::{Diagnostic, Event, Field, FieldName, Mapping, Rule, Severity};

use crate::context::Context;
use crate::fit::fits;
use crate::nearest::did_you_mean;

pub(crate) const RULE: Rule = Rule {
    id: "mapping-mismatch",
    severity: Severity::Error,
    summary: "a field of a second version cannot be filled from the first as told",
    lint: false,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for event in context.catalog.events.values() {
        // An event that is not in the catalog has a finding of its own, where it is named.
        let Some(replaced) = event.replaces.as_ref().and_then(|name| context.catalog.events.get(name)) else {
            continue;
        };
        check_names(event, replaced, diagnostics);
        for field in event.record().into_iter().flat_map(|record| &record.fields) {
            if let Some(Mapping::From(source)) = field.mapping.as_deref()
                && let Some(problem) = problem(context, replaced, source, field)
            {
                let message = format!("field `{}` of event {} cannot be filled: {problem}", field.name, event.name);
                diagnostics.push(Diagnostic::new(&RULE, field.place, message).at_key("from"));
            }
        }
    }
}

fn check_names(event: &Event, replaced: &Event, diagnostics: &mut Vec<Diagnostic>) {
    let (new, old) = (&event.name, &replaced.name);
    if new.base() != old.base() || new.version() <= old.version() {
        let wanted = old.next_version();
        let message = format!("event {new} replaces {old}, but is not a later version of it; call it {wanted}");
        diagnostics.push(
            Diagnostic::new(&RULE, event.place, message)
                .related(replaced.place, "what is replaced")
                .help("for an event of another name, deprecate the old one with `use` instead"),
        );
    }
}

fn problem(context: &Context, replaced: &Event, source: &FieldName, field: &Field) -> Option<String> {
    let fields = replaced.record().map(|record| record.fields.as_slice()).unwrap_or_default();
    let Some(found) = fields.iter().find(|field| field.name == *source) else {
        let near = did_you_mean(source.as_str(), fields.iter().map(|field| field.name.as_str()));
        return Some(format!("event {} has no field `{source}`{near}", replaced.name));
    };
    if found.is_derived() {
        return Some(format!("`{source}` of {} is derived; derive the new field as well", replaced.name));
    }
    if field.is_required() && !found.is_required() {
        return Some(format!("it is required, and `{source}` of {} may be absent", replaced.name));
    }
    let holds = fits(context.catalog, &found.ty, &field.ty);
    (!holds).then(|| format!("its type does not take every value of `{source}` of {}", replaced.name))
}
