//! A file that is not called like its event.

use growset_model::{Diagnostic, Rule, Severity};

use crate::context::Context;

pub(crate) const RULE: Rule = Rule {
    id: "file-name-mismatch",
    severity: Severity::Warning,
    summary: "a contract's file is not called like its event",
    lint: true,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for event in context.catalog.events.values() {
        let (folder, file) = event.source.rsplit_once('/').unwrap_or(("", &event.source));
        let Some((stem, ending)) = file.rsplit_once('.') else {
            continue; // A catalog that was not read from files has no names of files.
        };
        if stem != event.name.as_str() {
            let slash = if folder.is_empty() { "" } else { "/" };
            let wanted = format!("{folder}{slash}{}.{ending}", event.name);
            let message = format!("event {} stands in `{file}`; rename the file to `{wanted}`", event.name);
            diagnostics.push(
                Diagnostic::new(&RULE, event.place, message)
                    .label("the file's stem is the event's name")
                    .help(format!("or correct the name here, if the event is `{stem}`")),
            );
        }
    }
}
