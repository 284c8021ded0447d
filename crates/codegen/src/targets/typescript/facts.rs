//! What a contract promises about a value beyond its type, in words.

use growset_model::{Field, Presence, Type, TypeKind};

use crate::escape::javascript;
use crate::targets::words::Words;

/// The words of a comment.
pub(super) const WORDS: Words = Words { code, pattern, prose };

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

/// Sentences about a type where it is spelled. A `number` does not tell that it is an integer.
pub(super) fn of_type(ty: &Type) -> Vec<String> {
    let is_integer = matches!(ty.without_null().kind, TypeKind::Integer(_));
    is_integer.then(|| "Integer.".to_owned()).into_iter().chain(WORDS.limits(ty)).collect()
}

/// A backslash before a slash means nothing in a pattern, so a code span can hold one and not end the comment.
fn pattern(source: &str) -> String {
    let shown = format!("`{}`", source.replace("*/", "*\\/"));
    let is_harmless = !source.contains(['`', '@']) && source.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_harmless { shown } else { prose(&shown) }
}

fn prose(text: &str) -> String {
    javascript::comment(text).join(" ")
}

/// A name of a contract as code inside a comment.
pub(super) fn code(name: &str) -> String {
    prose(&format!("`{name}`"))
}
