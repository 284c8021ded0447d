//! Types, limits and deprecations in words. Everything here fits into a cell of a table.

use growset_model::{Audience, Bounds, Deprecated, Text, Type, TypeKind};

use crate::escape::{json, markdown};

/// A type in words; `types` is the page of shared types, as seen from the page that links to it.
pub(super) fn type_words(ty: &Type, types: &str) -> String {
    match &ty.kind {
        TypeKind::Text(_) => "string".to_owned(),
        TypeKind::Format(format) => format.as_str().to_owned(),
        TypeKind::Boolean => "boolean".to_owned(),
        TypeKind::Integer(_) => "integer".to_owned(),
        TypeKind::Number(_) => "number".to_owned(),
        TypeKind::Json => "anything".to_owned(),
        TypeKind::List(list) => format!("list of {}", type_words(&list.items, types)),
        TypeKind::Map(values) => format!("map of {}", type_words(values, types)),
        TypeKind::Nullable(inner) => format!("{} or null", type_words(inner, types)),
        TypeKind::Named(name) => {
            format!("[{}]({types}#{})", markdown::code_cell(name.as_str()), name.as_str().to_ascii_lowercase())
        }
        TypeKind::Enum(choice) => {
            let values: Vec<String> = choice.values.iter().map(|value| word(&value.value)).collect();
            let later = if choice.closed { "" } else { ", or a later value" };
            format!("{}{later}", values.join(", "))
        }
        TypeKind::Record(_) => "object".to_owned(),
        TypeKind::Union(union) => {
            format!("one of several objects, told apart by {}", markdown::code_cell(union.tag.as_str()))
        }
        TypeKind::Opaque(_) => "whatever its JSON Schema takes".to_owned(),
    }
}

/// A value as code; one that is empty, or holds more than plain characters, as it stands in JSON, so that it is seen.
pub(super) fn word(text: &str) -> String {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    if is_plain { markdown::code_cell(text) } else { markdown::code_cell(&json::string(text)) }
}

/// The limits of a type where it is spelled, a sentence each; named types tell of themselves.
pub(super) fn limits(ty: &Type) -> Vec<String> {
    match &ty.kind {
        TypeKind::Text(text) => text_limits(text),
        TypeKind::Integer(bounds) => range(bounds).into_iter().collect(),
        TypeKind::Number(bounds) => range(bounds).into_iter().collect(),
        TypeKind::List(list) => {
            let mut said: Vec<String> = counted(list.min_items, list.max_items, "item").into_iter().collect();
            if list.unique {
                said.push("No two items are equal.".to_owned());
            }
            said.extend(each("Each item", limits(&list.items)));
            said
        }
        TypeKind::Map(values) => each("Each value", limits(values)).into_iter().collect(),
        TypeKind::Nullable(inner) => limits(inner),
        TypeKind::Format(_)
        | TypeKind::Boolean
        | TypeKind::Json
        | TypeKind::Named(_)
        | TypeKind::Enum(_)
        | TypeKind::Record(_)
        | TypeKind::Union(_)
        | TypeKind::Opaque(_) => Vec::new(),
    }
}

fn each(whose: &str, limits: Vec<String>) -> Option<String> {
    let stripped: Vec<&str> = limits.iter().map(|limit| limit.trim_end_matches('.')).collect();
    (!stripped.is_empty()).then(|| format!("{whose}: {}.", stripped.join("; ")))
}

fn text_limits(text: &Text) -> Vec<String> {
    let mut limits: Vec<String> = counted(text.min_length, text.max_length, "character").into_iter().collect();
    limits.extend(text.pattern.as_ref().map(|pattern| format!("Matches {}.", markdown::code_cell(pattern.source()))));
    limits
}

fn range<N: ToString + PartialEq>(bounds: &Bounds<N>) -> Option<String> {
    Some(match (&bounds.min, &bounds.max) {
        (Some(min), Some(max)) if min == max => format!("Always {}.", min.to_string()),
        (Some(min), Some(max)) => format!("{} to {}.", min.to_string(), max.to_string()),
        (Some(min), None) => format!("At least {}.", min.to_string()),
        (None, Some(max)) => format!("At most {}.", max.to_string()),
        (None, None) => return None,
    })
}

fn counted(min: Option<u64>, max: Option<u64>, what: &str) -> Option<String> {
    let plural = if max.or(min)? == 1 { "" } else { "s" };
    Some(match (min, max) {
        (Some(min), Some(max)) if min == max => format!("{min} {what}{plural}."),
        (Some(min), Some(max)) => format!("{min} to {max} {what}{plural}."),
        (Some(min), None) => format!("At least {min} {what}{plural}."),
        (None, Some(max)) => format!("At most {max} {what}{plural}."),
        (None, None) => return None,
    })
}

/// Why something should not be used any more, in sentences.
pub(super) fn deprecation(deprecated: &Deprecated) -> String {
    let mut sentences = vec!["**Deprecated.**".to_owned()];
    if let Some(reason) = &deprecated.reason {
        sentences.push(sentence(&markdown::cell(reason)));
    }
    if let Some(successor) = &deprecated.successor {
        sentences.push(format!("Use {} instead.", markdown::code_cell(successor)));
    }
    if let Some(sunset) = deprecated.sunset {
        sentences.push(format!("It may go on {sunset}."));
    }
    sentences.join(" ")
}

/// Ends in a full stop, unless it ends in a mark of its own.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}

/// Who receives an event, in words.
pub(super) fn receivers(audience: Audience) -> &'static str {
    match audience {
        Audience::Org => "every listener of one organisation",
        Audience::User => "every connection of one user",
        Audience::Channel => "the listeners of one channel",
        Audience::Public => "everyone",
    }
}

/// The doc up to the end of its first sentence.
pub(super) fn first_sentence(doc: &str) -> &str {
    let doc = doc.trim();
    let end = doc.find(". ").map(|at| at + 1).or_else(|| doc.find('\n')).unwrap_or(doc.len());
    doc.get(..end).unwrap_or(doc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_read_as_sentences() {
        assert_eq!(counted(Some(1), Some(200), "character").as_deref(), Some("1 to 200 characters."));
        assert_eq!(counted(None, Some(1), "item").as_deref(), Some("At most 1 item."));
        assert_eq!(range(&Bounds { min: Some(0.5), max: None }).as_deref(), Some("At least 0.5."));
        assert_eq!(range(&Bounds { min: Some(7), max: Some(7) }).as_deref(), Some("Always 7."));
    }

    #[test]
    fn a_summary_is_the_first_sentence() {
        assert_eq!(first_sentence("One. Two."), "One.");
        assert_eq!(first_sentence("One\ntwo"), "One");
    }
}
