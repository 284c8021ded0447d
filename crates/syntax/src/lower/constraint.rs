//! Constraints, each only on the types that it applies to.

use growset_model::{Diagnostic, Type, TypeKind};

use crate::lower::Lowering;
use crate::rules;
use crate::tree::Entry;

/// Every constraint and what it applies to.
pub(crate) const CONSTRAINTS: [(&str, &str); 9] = [
    ("closed", "`enum` and `union`"),
    ("min", "`integer` and `number`"),
    ("max", "`integer` and `number`"),
    ("min_length", "`string`"),
    ("max_length", "`string`"),
    ("pattern", "`string`"),
    ("min_items", "`list`"),
    ("max_items", "`list`"),
    ("unique", "`list`"),
];

impl Lowering<'_> {
    /// Puts one constraint on a type. It binds to the outermost: the list, not what is in it.
    pub(super) fn constraint(&mut self, kind: &mut TypeKind, key: &'static str, entry: &Entry) {
        match (kind, key) {
            (TypeKind::Integer(bounds), "min") => bounds.min = self.integer(entry),
            (TypeKind::Integer(bounds), "max") => bounds.max = self.integer(entry),
            (TypeKind::Number(bounds), "min") => bounds.min = self.number(entry),
            (TypeKind::Number(bounds), "max") => bounds.max = self.number(entry),
            (TypeKind::Text(text), "min_length") => text.min_length = self.count(entry),
            (TypeKind::Text(text), "max_length") => text.max_length = self.count(entry),
            (TypeKind::Text(text), "pattern") => text.pattern = self.pattern(entry),
            (TypeKind::List(list), "min_items") => list.min_items = self.count(entry),
            (TypeKind::List(list), "max_items") => list.max_items = self.count(entry),
            (TypeKind::List(list), "unique") => list.unique = self.flag(entry).unwrap_or_default(),
            (TypeKind::Enum(list), "closed") => list.closed = self.flag(entry).unwrap_or_default(),
            (TypeKind::Union(union), "closed") => union.closed = self.flag(entry).unwrap_or_default(),
            (kind, _) => self.misplaced_constraint(kind, key, entry),
        }
    }

    fn misplaced_constraint(&mut self, kind: &TypeKind, key: &'static str, entry: &Entry) {
        let applies_to = CONSTRAINTS.iter().find(|(constraint, _)| *constraint == key).map_or("", |(_, types)| types);
        let message = format!("`{key}` applies to {applies_to}, not to {}", described(kind));
        let value = entry.value.scalar_text().unwrap_or("…");
        let diagnostic = Diagnostic::new(&rules::INVALID_CONSTRAINT, entry.key.place, message).label("does not apply");
        self.report(match way_out(kind, key, value) {
            Some(way_out) => diagnostic.help(way_out),
            None => diagnostic,
        });
    }
}

/// Where the constraint would have to stand.
fn way_out(kind: &TypeKind, key: &str, value: &str) -> Option<String> {
    let (generic, inner): (_, &Type) = match kind {
        TypeKind::List(list) => ("list", &list.items),
        TypeKind::Map(inner) => ("map", inner),
        TypeKind::Nullable(inner) => ("nullable", inner),
        TypeKind::Named(name) => return Some(format!("say it where `{name}` is defined")),
        TypeKind::Format(_) if matches!(key, "min_length" | "max_length" | "pattern") => {
            return Some("the format says already what the string looks like".to_owned());
        }
        _ => return None, // A leaf has no other place for it.
    };
    let spelled = described(&inner.kind).replace('`', "");
    inner.kind.parts().is_empty().then(|| {
        format!("a constraint binds to the outermost type; write `{{ {generic}: {{ type: {spelled}, {key}: {value} }} }}` to constrain what is inside")
    })
}

/// A type in a message.
fn described(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Text(_) => "`string`".to_owned(),
        TypeKind::Format(format) => format!("`{}`", format.as_str()),
        TypeKind::Boolean => "`boolean`".to_owned(),
        TypeKind::Integer(_) => "`integer`".to_owned(),
        TypeKind::Number(_) => "`number`".to_owned(),
        TypeKind::Json => "`json`".to_owned(),
        TypeKind::List(_) => "`list`".to_owned(),
        TypeKind::Map(_) => "`map`".to_owned(),
        TypeKind::Nullable(_) => "`nullable`".to_owned(),
        TypeKind::Named(name) => format!("`{name}`"),
        TypeKind::Enum(_) => "`enum`".to_owned(),
        TypeKind::Record(_) => "a record".to_owned(),
        TypeKind::Union(_) => "`union`".to_owned(),
        TypeKind::Opaque(_) => "`json_schema`".to_owned(),
    }
}
