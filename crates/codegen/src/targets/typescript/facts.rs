//! What a contract promises about a value beyond its type, in words.

use growset_model::{Bounds, Deprecated, Field, Presence, Text, Type, TypeKind};

use crate::escape::javascript;

/// Sentences about a field; texts of the contract are escaped.
pub(super) fn of_field(field: &Field) -> Vec<String> {
    let mut facts = of_type(&field.ty);
    if let Presence::Derived(_) = field.presence {
        facts.push("Filled in by the server.".to_owned());
    }
    if field.pii {
        facts.push("Personal data.".to_owned());
    }
    facts
}

/// Sentences about a type where it is spelled; nothing about named types, which tell of themselves.
pub(super) fn of_type(ty: &Type) -> Vec<String> {
    match &ty.without_null().kind {
        TypeKind::Text(text) => of_text(text),
        TypeKind::Integer(bounds) => match bounded(bounds) {
            Some(range) => vec![format!("Integer, {range}.")],
            None => vec!["Integer.".to_owned()],
        },
        TypeKind::Number(bounds) => {
            bounded(bounds).map(|range| format!("{}.", capitalised(&range))).into_iter().collect()
        }
        TypeKind::List(list) => {
            let mut facts: Vec<String> = counted(list.min_items, list.max_items, "item").into_iter().collect();
            if list.unique {
                facts.push("No two items are equal.".to_owned());
            }
            facts
        }
        TypeKind::Format(_)
        | TypeKind::Boolean
        | TypeKind::Json
        | TypeKind::Map(_)
        | TypeKind::Nullable(_)
        | TypeKind::Named(_)
        | TypeKind::Enum(_)
        | TypeKind::Record(_)
        | TypeKind::Union(_)
        | TypeKind::Opaque(_) => Vec::new(),
    }
}

fn of_text(text: &Text) -> Vec<String> {
    let mut facts: Vec<String> = counted(text.min_length, text.max_length, "character").into_iter().collect();
    if let Some(pattern) = &text.pattern {
        // A backslash before a slash means nothing in a pattern, so the code span can hold one.
        let shown = format!("Matches `{}`.", pattern.source().replace("*/", "*\\/"));
        let harmless = !pattern.source().contains(['`', '@']);
        let escaped = || javascript::comment(&shown).join(" ");
        facts.push(if harmless && is_printable(pattern.source()) { shown.clone() } else { escaped() });
    }
    facts
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// `0 to 9`, `at least 0`, `at most 9`.
fn bounded<N: std::fmt::Display + PartialEq>(bounds: &Bounds<N>) -> Option<String> {
    match (&bounds.min, &bounds.max) {
        (Some(min), Some(max)) => Some(format!("{min} to {max}")),
        (Some(min), None) => Some(format!("at least {min}")),
        (None, Some(max)) => Some(format!("at most {max}")),
        (None, None) => None,
    }
}

fn counted(min: Option<u64>, max: Option<u64>, what: &str) -> Option<String> {
    let last = max.or(min)?;
    let exactly = min == max;
    let range = if exactly { last.to_string() } else { bounded(&Bounds { min, max })? };
    let plural = if last == 1 { "" } else { "s" };
    Some(format!("{} {what}{plural}.", capitalised(&range)))
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
}

/// The text after `@deprecated`, escaped: the reason, what to use instead, and when it may go.
pub(super) fn of_deprecation(deprecated: &Deprecated) -> String {
    let mut sentences = Vec::new();
    if let Some(reason) = &deprecated.reason {
        let reason = javascript::comment(reason).join(" ");
        let stop = if reason.ends_with(['.', '!', '?']) { "" } else { "." };
        sentences.push(format!("{reason}{stop}"));
    }
    if let Some(successor) = &deprecated.successor {
        sentences.push(format!("Use {} instead.", code(successor)));
    }
    if let Some(sunset) = &deprecated.sunset {
        sentences.push(format!("It may go on {sunset}."));
    }
    sentences.join(" ")
}

/// A name of a contract as code inside a comment.
pub(super) fn code(name: &str) -> String {
    javascript::comment(&format!("`{name}`")).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_read_as_sentences() {
        assert_eq!(counted(Some(1), Some(200), "character").as_deref(), Some("1 to 200 characters."));
        assert_eq!(counted(None, Some(1), "item").as_deref(), Some("At most 1 item."));
        assert_eq!(counted(Some(2), Some(2), "item").as_deref(), Some("2 items."));
        assert_eq!(bounded(&Bounds { min: Some(0.5), max: None }).as_deref(), Some("at least 0.5"));
    }
}
