//! A pattern that is found anywhere inside a text.

use growset_model::{Diagnostic, Pattern, Rule, Severity, TypeKind};

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
                    .at_key("pattern")
                    .help(format!("a pattern searches; write `{}` to match the whole text", anchored(source))),
            );
        }
    }
}

/// The pattern tied to the whole text. Anchors that it has already are not written twice.
fn anchored(source: &str) -> String {
    let bare = source.strip_prefix('^').unwrap_or(source);
    let is_escaped = |text: &str| text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
    let bare = bare.strip_suffix('$').filter(|rest| !is_escaped(rest)).unwrap_or(bare);
    let inner = if bare.contains('|') { format!("({bare})") } else { bare.to_owned() };
    let shorter = format!("^{inner}$");
    match Pattern::parse(&shorter) {
        Ok(pattern) if pattern.is_anchored() => shorter,
        Ok(_) | Err(_) => format!("^({source})$"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_anchors_that_a_pattern_has_are_kept() {
        let patterns = [
            ("^a|b$", "^(a|b)$"),
            ("a|b", "^(a|b)$"),
            ("^[a-z]+", "^[a-z]+$"),
            ("[0-9]$", "^[0-9]$"),
            (r"a\$", r"^a\$$"),
            ("[a-z]+", "^[a-z]+$"),
        ];
        for (source, expected) in patterns {
            assert_eq!(anchored(source), expected);
        }
    }
}
