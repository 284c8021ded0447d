//! A pattern that is found anywhere inside a text.

use growset_model::{Diagnostic, Rule, Severity, TypeKind};

use crate::context::Context;

pub(crate) const RULE: Rule = Rule {
    id: "pattern-unanchored",
    severity: Severity::Warning,
    summary: "a pattern matches anywhere inside the text",
    lint: true,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for spot in &context.types {
        if let TypeKind::Text(text) = &spot.what.kind
            && let Some(pattern) = &text.pattern
            && !pattern.is_anchored()
        {
            let source = pattern.source();
            let message = format!("pattern `{source}` in {} also takes texts that only contain a match", spot.owner);
            diagnostics.push(
                Diagnostic::new(&RULE, spot.what.place, message)
                    .help(format!("a pattern searches; write `^({source})$` to match the whole text")),
            );
        }
    }
}
