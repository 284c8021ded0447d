//! Limits that no value can meet.

use growset_model::{Diagnostic, Rule, Severity, TypeKind};

use crate::context::Context;

pub(crate) const RULE: Rule = Rule {
    id: "contradictory-bounds",
    severity: Severity::Error,
    summary: "the smallest allowed value is larger than the largest",
    lint: false,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for spot in &context.types {
        if let Some((least, greatest, what, key)) = contradiction(&spot.what.kind) {
            let message = format!("no {what} can be at least {least} and at most {greatest}, in {}", spot.owner);
            diagnostics.push(
                Diagnostic::new(&RULE, spot.what.place, message)
                    .at_key(key)
                    .help("swap the two limits, or take one of them away"),
            );
        }
    }
}

/// The two limits that exclude each other, what they limit, and the key of the one that is blamed.
fn contradiction(kind: &TypeKind) -> Option<(String, String, &'static str, &'static str)> {
    match kind {
        TypeKind::Integer(bounds) => {
            let key = if bounds.max.is_some() { "max" } else { "min" };
            crossed(Some(bounds.least()), Some(bounds.greatest()), "integer", key)
        }
        TypeKind::Number(bounds) => crossed(bounds.min, bounds.max, "number", "max"),
        TypeKind::Text(text) => crossed(text.min_length, text.max_length, "length", "max_length"),
        TypeKind::List(list) => crossed(list.min_items, list.max_items, "number of items", "max_items"),
        TypeKind::Format(_)
        | TypeKind::Boolean
        | TypeKind::Json
        | TypeKind::Map(_)
        | TypeKind::Nullable(_)
        | TypeKind::Named(_)
        | TypeKind::Enum(_)
        | TypeKind::Record(_)
        | TypeKind::Union(_)
        | TypeKind::Opaque(_) => None,
    }
}

fn crossed<N: PartialOrd + ToString>(
    least: Option<N>,
    greatest: Option<N>,
    what: &'static str,
    key: &'static str,
) -> Option<(String, String, &'static str, &'static str)> {
    let (least, greatest) = least.zip(greatest)?;
    (least > greatest).then(|| (least.to_string(), greatest.to_string(), what, key))
}
