//! A field of a record: its declaration, its place in `new` or a `with_…`, and what serde is told of it.

use growset_model::{Catalog, Deprecated, Field, Presence, Type, TypeKind, snake};

use crate::escape::rust::{self, doc, identifier, string};
use crate::targets::words::Words;

/// A field as the template prints it.
pub(super) struct FieldView {
    /// Documentation and attributes, whole lines.
    pub(super) head: String,
    /// `pub`, or less for what the server fills in.
    pub(super) visibility: &'static str,
    pub(super) name: String,
    pub(super) ty: String,
}

/// A function that takes or shows one field.
pub(super) struct Method {
    /// Documentation and attributes, whole lines.
    pub(super) head: String,
    pub(super) name: String,
    pub(super) field: String,
    /// What a `with_…` takes, or a getter answers.
    pub(super) ty: String,
    /// What a `with_…` puts into the field.
    pub(super) value: String,
}

/// A field together with the Rust type of its value.
pub(super) struct Typed<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) field: &'a Field,
    /// Without the `Option` of what may be absent.
    pub(super) ty: &'a str,
    pub(super) boxed: bool,
}

impl Typed<'_> {
    pub(super) fn identifier(&self) -> String {
        identifier(&snake(self.field.name.as_str()))
    }

    pub(super) fn view(&self) -> FieldView {
        let mut head = doc(&self.documentation(), "    ///");
        head.push_str(&deprecated(self.field.deprecated.as_deref(), "    "));
        let serde = self.serde();
        if !serde.is_empty() {
            head.push_str(&format!("    #[serde({})]\n", serde.join(", ")));
        }
        let (visibility, ty) = match self.field.presence {
            Presence::Required => ("pub", self.ty.to_owned()),
            Presence::Optional => ("pub", format!("Option<{}>", self.ty)),
            Presence::Derived(_) => ("pub(crate)", format!("Option<{}>", self.ty)),
        };
        FieldView { head, visibility, name: self.identifier(), ty }
    }

    /// What `new` takes for it: anything that becomes the text, or the type itself.
    pub(super) fn parameter(&self) -> String {
        if self.takes_text() { format!("impl Into<{}>", self.ty) } else { self.ty.to_owned() }
    }

    /// What is put into the field for a parameter of its name.
    pub(super) fn argument(&self) -> String {
        let name = self.identifier();
        if self.takes_text() { format!("{name}.into()") } else { name }
    }

    pub(super) fn with_method(&self) -> Option<Method> {
        matches!(self.field.presence, Presence::Optional).then(|| Method {
            head: format!("    /// The same with `{}`.\n", snake(self.field.name.as_str())),
            name: format!("with_{}", snake(self.field.name.as_str()).trim_start_matches('_')),
            field: self.identifier(),
            ty: self.parameter(),
            value: format!("Some({})", self.argument()),
        })
    }

    pub(super) fn getter(&self) -> Option<Method> {
        self.field.is_derived().then(|| Method {
            head: doc(&self.documentation(), "    ///") + &deprecated(self.field.deprecated.as_deref(), "    "),
            name: getter_name(&snake(self.field.name.as_str())),
            field: self.identifier(),
            ty: self.ty.to_owned(),
            value: String::new(),
        })
    }

    fn documentation(&self) -> String {
        let mut paragraphs: Vec<String> = self.field.doc.iter().cloned().collect();
        paragraphs.extend(limits(&self.field.ty));
        if self.field.is_derived() {
            paragraphs.push("Filled in by the server; absent in what is published.".to_owned());
        }
        if let Some(default) = &self.field.default {
            paragraphs.push(format!("Absent means {}.", code(&default.to_string())));
        }
        if self.field.pii {
            paragraphs.push("Personal data: never log it.".to_owned());
        }
        paragraphs.join("\n\n")
    }

    fn takes_text(&self) -> bool {
        let resolved = self.catalog.resolve(&self.field.ty);
        !self.boxed && matches!(resolved, Some(Type { kind: TypeKind::Text(_), .. }))
    }

    /// serde takes an absent `Option` and a null one for the same; these attributes keep them apart.
    fn serde(&self) -> Vec<String> {
        let wire = self.field.name.as_str();
        let mut attributes = Vec::new();
        if self.identifier().trim_start_matches("r#") != wire {
            attributes.push(format!("rename = {}", string(wire)));
        }
        let null_is_a_value = self
            .catalog
            .resolve(&self.field.ty)
            .is_none_or(|ty| matches!(ty.kind, TypeKind::Nullable(_) | TypeKind::Json | TypeKind::Opaque(_)));
        if self.field.is_required() {
            if null_is_a_value {
                attributes.push("deserialize_with = \"growset_event::wire::required\"".to_owned());
            }
            return attributes;
        }
        if null_is_a_value {
            attributes.push("default, deserialize_with = \"growset_event::wire::present\"".to_owned());
        }
        attributes.push("skip_serializing_if = \"Option::is_none\"".to_owned());
        attributes
    }
}

/// The limits of a type where it is spelled, in one paragraph.
pub(super) fn limits(ty: &Type) -> Option<String> {
    let said = WORDS.limits(ty);
    (!said.is_empty()).then(|| said.join(" "))
}

/// The words of documentation, which `doc` escapes as a whole.
pub(super) const WORDS: Words = Words { code, pattern: code, prose };

/// On one line, and without a backtick that would pair with those of our own sentences.
fn prose(text: &str) -> String {
    let line = rust::comment(text);
    let is_paired = line.matches('`').count().is_multiple_of(2) && !line.contains("``");
    if is_paired { line } else { line.replace('`', "'") }
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// A getter is called as its field, unless a function of every record is called so.
fn getter_name(field: &str) -> String {
    if matches!(field, "new" | "example") || field.starts_with("with_") {
        format!("{field}_")
    } else {
        identifier(field)
    }
}

/// `#[deprecated]` as a whole line, or nothing.
pub(super) fn deprecated(deprecated: Option<&Deprecated>, indent: &str) -> String {
    let Some(deprecated) = deprecated else {
        return String::new();
    };
    let mut notes: Vec<String> = deprecated.reason.iter().cloned().collect();
    notes.extend(deprecated.successor.iter().map(|successor| format!("use {successor}")));
    notes.extend(deprecated.sunset.iter().map(|sunset| format!("it may go on {sunset}")));
    if notes.is_empty() {
        return format!("{indent}#[deprecated]\n");
    }
    format!("{indent}#[deprecated(note = {})]\n", string(&notes.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_inside_a_sentence_stays_on_its_line_and_leaves_our_code_spans_alone() {
        let owner = (WORDS.prose)("te`am\n\n# Big");
        assert_eq!(doc(&format!("Event `a.b`. Owner: {owner}."), "///"), "/// Event `a.b`. Owner: te'am # Big.\n");
        assert_eq!((WORDS.prose)("team `a`"), "team `a`");
    }
}
