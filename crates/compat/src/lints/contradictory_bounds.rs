//! Limits that no value can meet.

use growset_model::{Diagnostic, Rule, Severity, TypeKind};

use crate::context::Context;
use crate::few::count_of_values;

pub(crate) const RULE: Rule = Rule {
    id: "contradictory-bounds",
    severity: Severity::Error,
    summary: "the smallest allowed value is larger than the largest",
    lint: false,
};

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for spot in &context.types {
        if let Some((wanted, there_are)) = too_few_values(context, &spot.what.kind) {
            let message =
                format!("no list has {wanted} different items of {there_are} values that there are, in {}", spot.owner);
            let help = "lower `min_items`, or take `unique` away";
            diagnostics.push(Diagnostic::new(&RULE, spot.what.place, message).at_key("min_items").help(help));
        }
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

/// How many different items a list wants, and how many values they could have, where those are fewer.
fn too_few_values(context: &Context, kind: &TypeKind) -> Option<(u64, u64)> {
    let TypeKind::List(list) = kind else { return None };
    let (wanted, there_are) = (list.min_items.filter(|_| list.unique)?, count_of_values(context.catalog, &list.items)?);
    (wanted > there_are).then_some((wanted, there_are))
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
