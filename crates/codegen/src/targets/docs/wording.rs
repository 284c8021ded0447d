//! Types and what is said of them, in Markdown. Everything here fits into a cell of a table.

use growset_model::{Deprecated, Type, TypeKind};

use crate::escape::{json, markdown};
use crate::targets::words::Words;

/// The words of a page.
pub(super) const WORDS: Words =
    Words { code: markdown::code_cell, pattern: markdown::code_cell, prose: markdown::cell };

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

/// Why something should not be used any more, in sentences.
pub(super) fn deprecation(deprecated: &Deprecated) -> String {
    let why = WORDS.deprecation(deprecated);
    if why.is_empty() { "**Deprecated.**".to_owned() } else { format!("**Deprecated.** {why}") }
}
