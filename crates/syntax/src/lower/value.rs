//! JSON values spelled in YAML: examples, defaults, constants, whole schemas.

use std::collections::BTreeMap;

use growset_model::{Diagnostic, Place, SAFE_INTEGER};
use serde_json::{Map, Number, Value};

use crate::lower::Lowering;
use crate::rules;
use crate::scalar::{Division, Plain, classify};
use crate::suggest::shown;
use crate::tree::{Entry, Node, NodeKind, Scalar, Style};

impl Lowering<'_> {
    /// The value of a node; what cannot be read becomes null, with a report.
    pub(super) fn value(&mut self, node: &Node) -> Value {
        match &node.kind {
            NodeKind::Refused => Value::Null,
            NodeKind::List(list) => list.items.iter().map(|item| self.value(item)).collect(),
            NodeKind::Mapping(mapping) => {
                let mut object = Map::with_capacity(mapping.entries.len());
                for entry in &mapping.entries {
                    self.check_name_key(&entry.key);
                    object.insert(entry.key.text.to_string(), self.value(&entry.value));
                }
                Value::Object(object)
            }
            NodeKind::Scalar(scalar) => self.scalar_value(node, scalar),
        }
    }

    fn scalar_value(&mut self, node: &Node, scalar: &Scalar) -> Value {
        let text = &*scalar.text;
        if scalar.style != Style::Plain {
            return Value::from(text);
        }
        match classify(text) {
            Plain::Null => Value::Null,
            Plain::Boolean(value) => Value::Bool(value),
            Plain::Text => Value::from(text),
            Plain::Integer => match text.parse::<i64>() {
                Ok(value) if (-SAFE_INTEGER..=SAFE_INTEGER).contains(&value) => Value::from(value),
                _ => {
                    self.unsafe_integer(node.place, text);
                    Value::from(0)
                }
            },
            Plain::Number => match text.parse::<f64>().ok().and_then(Number::from_f64) {
                Some(number) => Value::Number(number),
                None => {
                    let message = "this number is too large for 64 bits; write it as a string";
                    self.refuse(&rules::WRONG_SHAPE, node.place, message, "beyond every float");
                    Value::from(0)
                }
            },
            Plain::Divided(division) if division.null => Value::Null,
            Plain::Divided(division) => self.ambiguous_value(node, text, &division),
        }
    }

    /// Quoting is certain where YAML 1.2 reads a string anyway; of a number nobody can tell how it was meant.
    fn ambiguous_value(&mut self, node: &Node, text: &str, division: &Division) -> Value {
        if division.string_in_core {
            self.ambiguous_string(node.place, text, division);
            return Value::from(text);
        }
        let message = format!("`{}` is not read alike everywhere; quote it, or write it as JSON would", shown(text));
        let mut diagnostic = Diagnostic::new(&rules::AMBIGUOUS_SCALAR, node.place, message).label(division.readings);
        let spelling = division.number.clone().or_else(|| division.boolean.map(|value| value.to_string()));
        if let Some(spelling) = spelling {
            let edits = self.replace(node.place, spelling.as_str());
            diagnostic = diagnostic.likely_fix(format!("write `{spelling}`"), edits);
        }
        let edits = self.quote(node.place, text);
        self.report(diagnostic.likely_fix("quote the value", edits));
        let number = division.number.as_deref().and_then(|number| number.parse::<f64>().ok());
        match (division.boolean, number.and_then(Number::from_f64)) {
            (Some(value), _) => Value::Bool(value),
            (None, Some(number)) => Value::Number(number),
            (None, None) => Value::from(text),
        }
    }
}

/// Where the members and items inside a node are spelled, by JSON Pointer (RFC 6901): a plain value with its key, of
/// anything longer the key alone.
pub(super) fn parts(node: &Node) -> BTreeMap<String, Place> {
    let mut parts = BTreeMap::new();
    add_parts(node, "", &mut parts);
    parts
}

fn add_parts(node: &Node, pointer: &str, parts: &mut BTreeMap<String, Place>) {
    match &node.kind {
        NodeKind::List(list) => {
            for (index, item) in list.items.iter().enumerate() {
                let pointer = format!("{pointer}/{index}");
                add_parts(item, &pointer, parts);
                parts.insert(pointer, item.place);
            }
        }
        NodeKind::Mapping(mapping) => {
            for entry in &mapping.entries {
                let segment = entry.key.text.replace('~', "~0").replace('/', "~1");
                let pointer = format!("{pointer}/{segment}");
                add_parts(&entry.value, &pointer, parts);
                parts.insert(pointer, entry_place(entry));
            }
        }
        NodeKind::Scalar(_) | NodeKind::Refused => {}
    }
}

fn entry_place(entry: &Entry) -> Place {
    let (key, value) = (entry.key.place, entry.value.place);
    match (&entry.value.kind, key.file()) {
        (NodeKind::Scalar(scalar), Some(file)) if !scalar.text.contains('\n') => {
            Place::new(file, key.range().start..value.range().end)
        }
        _ => key, // Underlining many lines would hide what is meant.
    }
}
