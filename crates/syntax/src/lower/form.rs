//! A type where it is used: in one word, or as a mapping with constraints.

use growset_model::{Diagnostic, Place, Type, TypeKind};

use crate::lower::Lowering;
use crate::lower::constraint::CONSTRAINTS;
use crate::lower::field::{FIELD_KEYS, Owner};
use crate::lower::mapping::Keys;
use crate::rules;
use crate::suggest::{alternatives, shown};
use crate::tree::{Entry, Key, Node, NodeKind};

/// Exactly one of these says what a type is; `optional` alone makes a record too.
pub(crate) const FORMS: [&str; 8] = ["type", "list", "map", "nullable", "enum", "fields", "union", "json_schema"];
/// What goes with a form and is no constraint, and the form.
pub(crate) const FORM_PARTS: [(&str, &str); 3] = [("optional", "fields"), ("derived", "fields"), ("cases", "union")];

/// Keys that belong to a field or a name, not to a type inside another.
const OWNER_KEYS: &[&str] = &["doc", "example", "deprecated", "pii", "default", "from", "from_value"];

impl Lowering<'_> {
    /// The type of what stands under `key`, and the further keys of its mapping form. `accepted` holds both.
    pub(super) fn type_with_keys<'n>(
        &mut self,
        key: &Key,
        node: &'n Node,
        accepted: &[&'static str],
    ) -> (Type, Option<Keys<'n>>) {
        match &node.kind {
            NodeKind::Mapping(_) => {
                let Some(keys) = self.keys(&key.text, key.place, node, accepted) else {
                    return (unreadable(key.place), None);
                };
                let ty = self.form(&key.text, &keys).unwrap_or_else(|| unreadable(key.place));
                (ty, Some(keys))
            }
            NodeKind::Scalar(scalar) if !node.is_left_out() => {
                let ty = self.spelled_type(&scalar.text, node.place);
                (ty.unwrap_or_else(|| unreadable(node.place)), None)
            }
            NodeKind::List(list) if list.items.len() == 1 => {
                self.bracketed_type(key, node, &list.items);
                (unreadable(key.place), None)
            }
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Refused => {
                self.wrong_value(&key.text, key.place, node, "a type");
                (unreadable(key.place), None)
            }
        }
    }

    /// `[string]`, as some write a list of strings.
    fn bracketed_type(&mut self, key: &Key, node: &Node, items: &[Node]) {
        let Some(item) = items.first().and_then(Node::scalar_text).filter(|text| !text.is_empty()) else {
            self.wrong_value(&key.text, key.place, node, "a type");
            return;
        };
        let place = self.first_line(node.place);
        let message = format!("`{}` takes a type, and a list is written", shown(&key.text));
        let diagnostic = Diagnostic::new(&rules::WRONG_SHAPE, place, message).label("expected a type");
        let list = format!("list<{item}>");
        let edits = self.replace(node.place, list.as_str());
        self.report(diagnostic.likely_fix(format!("write `{}`", shown(&list)), edits));
    }

    /// A type inside another: no docs, examples or other things that belong to a field.
    fn inner_type(&mut self, entry: &Entry) -> Type {
        let (ty, keys) = self.type_with_keys(&entry.key, &entry.value, FIELD_KEYS);
        for (key, found) in keys.iter().flat_map(Keys::iter).filter(|(key, _)| OWNER_KEYS.contains(key)) {
            let message = format!(
                "`{key}` describes a field or a named type, not the type inside `{}`; move it out",
                entry.key.text
            );
            self.refuse(&rules::INVALID_CONSTRAINT, found.key.place, message, "does not apply");
        }
        ty
    }

    /// The type that the keys of a mapping form spell.
    fn form(&mut self, name: &str, keys: &Keys<'_>) -> Option<Type> {
        let mut forms: Vec<(&'static str, &Entry)> = keys.iter().filter(|(key, _)| FORMS.contains(key)).collect();
        if forms.is_empty()
            && let Some(optional) = keys.find("optional")
        {
            forms.push(("fields", optional));
        }
        if forms.is_empty() && keys.find("cases").is_some() {
            self.missing_key(keys, name, "union", "name the property that tells the cases apart, as in `union: kind`");
            return None;
        }
        let Some(&(form, entry)) = forms.first() else {
            self.missing_key(keys, name, "type", "say what it is: `{ type: string }`, or another form of a type");
            return None;
        };
        if let Some(&(second, other)) = forms.get(1) {
            let message = format!("`{second}` stands beside `{form}`; a type is one of {}", alternatives(&FORMS));
            let kept = if form == "type" { second } else { form };
            let is_twice_said = form == "type" || second == "type";
            let help =
                if is_twice_said { format!("remove `type`: `{kept}` says it already") } else { "keep one".into() };
            self.report(
                Diagnostic::new(&rules::WRONG_SHAPE, other.key.place, message)
                    .label("a second form")
                    .related(entry.key.place, "the first form")
                    .help(help),
            );
        }
        self.misplaced_parts(form, keys);
        let mut ty = self.formed(form, entry, keys)?;
        self.constrain(&mut ty.kind, keys);
        Some(ty)
    }

    fn formed(&mut self, form: &'static str, entry: &Entry, keys: &Keys<'_>) -> Option<Type> {
        let place = entry.key.place;
        let kind = match form {
            "type" => return self.type_key(entry),
            "list" | "map" | "nullable" => {
                let inner = self.inner_type(entry);
                self.wrapped(form, inner, place)?
            }
            "enum" => TypeKind::Enum(self.enumeration(entry)?),
            "union" => TypeKind::Union(self.union(entry, keys)?),
            "json_schema" => TypeKind::Opaque(self.schema(entry)?),
            _ => TypeKind::Record(self.record(keys, Owner::Inner)),
        };
        Some(Type { kind, place })
    }

    /// `type: <spelling>`.
    fn type_key(&mut self, entry: &Entry) -> Option<Type> {
        match entry.value.scalar_text().filter(|text| !text.is_empty()) {
            Some(text) => self.spelled_type(text, entry.value.place),
            None => {
                self.wrong_shape(entry, "the spelling of a type such as `string` or `list<OrderId>`");
                None
            }
        }
    }

    /// A JSON Schema carried whole.
    pub(super) fn schema(&mut self, entry: &Entry) -> Option<serde_json::Value> {
        if let NodeKind::Mapping(_) = entry.value.kind {
            return Some(self.value(&entry.value));
        }
        if let Some(text @ ("true" | "false")) = entry.value.scalar_text() {
            return Some(serde_json::Value::Bool(text == "true"));
        }
        self.wrong_shape(entry, "a JSON Schema");
        None
    }

    /// `optional` goes with `fields`, `cases` with `union`.
    fn misplaced_parts(&mut self, form: &str, keys: &Keys<'_>) {
        for (part, owner) in FORM_PARTS {
            if let Some(entry) = keys.find(part).filter(|_| form != owner) {
                let message = format!("`{part}` goes with `{owner}`, not with `{form}`");
                let diagnostic = Diagnostic::new(&rules::INVALID_CONSTRAINT, entry.key.place, message);
                let is_flag = matches!(entry.value.scalar_text(), Some("true" | "false"));
                self.report(match diagnostic.label("does not apply") {
                    diagnostic if is_flag && part == "optional" => {
                        diagnostic.help("a field that may be absent stands under `optional:`, beside `fields:`")
                    }
                    diagnostic => diagnostic,
                });
            }
        }
    }

    /// The constraints of a mapping form, in the contract's order.
    fn constrain(&mut self, kind: &mut TypeKind, keys: &Keys<'_>) {
        for (key, entry) in keys.iter() {
            if CONSTRAINTS.iter().any(|(constraint, _)| *constraint == key) {
                self.constraint(kind, key, entry);
            }
        }
    }
}

/// What stands for a type that could not be read, so that later stages go on.
pub(super) fn unreadable(place: Place) -> Type {
    Type { kind: TypeKind::Json, place }
}
