//! A second version that no payload of the first can be turned into.
//!
//! A field without a mapping takes the field of the same name, if there is one that fits.

use growset_model::{Diagnostic, Event, Field, Rule, Severity};

use crate::context::{Context, listed};
use crate::fit::fits;

pub(crate) const RULE: Rule = Rule {
    id: "mapping-incomplete",
    severity: Severity::Warning,
    summary: "a required field of a second version has no source in the first",
    lint: true,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for event in context.living_events() {
        let Some(replaced) = event.replaces.as_ref().and_then(|name| context.catalog.events.get(name)) else {
            continue;
        };
        let fields = event.record().into_iter().flat_map(|record| &record.fields);
        let sourceless: Vec<&Field> = fields.filter(|field| !has_source(context, replaced, field)).collect();
        let names: Vec<_> = sourceless.iter().map(|field| &field.name).collect();
        if let Some(first) = sourceless.first() {
            let message = format!(
                "{} of event {} cannot be filled from a payload of {}; publishers have to send both events",
                listed(&names),
                event.name,
                replaced.name
            );
            diagnostics.push(
                Diagnostic::new(&RULE, first.place, message)
                    .help("say where the value comes from, `from: <field>`, or what it is, `from_value: <constant>`"),
            );
        }
    }
}

fn has_source(context: &Context, replaced: &Event, field: &Field) -> bool {
    if !field.is_required() || field.mapping.is_some() {
        return true;
    }
    let namesake = replaced.record().and_then(|record| record.field(field.name.as_str()));
    namesake.is_some_and(|found| found.is_required() && fits(context.catalog, &found.ty, &field.ty))
}
