//! The first example of a contract as a Rust expression: it cannot fail where it runs, and needs no `Deserialize`.

use serde_json::Value;

use growset_model::{Event, Payload, Presence, Record, Type, TypeKind, Union, pascal, snake, variant};

use crate::escape::rust::{identifier, string, type_identifier};
use crate::targets::rust::items::Printer;
use crate::targets::rust::layout::Home;

const STEP: usize = 4;

/// Where an example is printed.
pub(super) struct Example<'a> {
    pub(super) printer: &'a Printer<'a>,
    pub(super) home: &'a Home,
}

/// Where a value stands: how far to the right, and in whose file its inline types are.
#[derive(Clone, Copy)]
struct At<'a> {
    indent: usize,
    home: &'a Home,
    shared: bool,
}

impl Example<'_> {
    /// The body of `example()`; nothing when there is no example, or it does not fit, which the lints tell.
    pub(super) fn of(&self, event: &Event) -> Option<String> {
        let value = &event.examples.first()?.value;
        let name = type_identifier(self.printer.request.names.event(&event.name));
        match &event.payload {
            Payload::Record(record) => {
                let at = At { indent: 2 * STEP, home: self.home, shared: false };
                self.record(&name, record, value, at)
            }
            Payload::Opaque(_) => Some(format!("{name}({})", json(value))),
        }
    }

    fn record(&self, name: &str, record: &Record, value: &Value, at: At) -> Option<String> {
        let value = value.as_object()?;
        if record.fields.is_empty() {
            return Some(format!("{name} {{}}"));
        }
        let inner = At { indent: at.indent + STEP, ..at };
        let mut lines = format!("{name} {{\n");
        for field in &record.fields {
            let boxed = self.printer.boxing.field_is_boxed(field);
            let given = value.get(field.name.as_str()).map(|value| self.value(&field.ty, value, boxed, inner));
            let expression = match (&field.presence, given) {
                (Presence::Required, given) => given??,
                (Presence::Optional, Some(given)) => format!("Some({})", given?),
                (Presence::Optional, None) | (Presence::Derived(_), _) => "None".to_owned(),
            };
            let identifier = identifier(&snake(field.name.as_str()));
            lines.push_str(&format!("{}{identifier}: {expression},\n", " ".repeat(inner.indent)));
        }
        Some(format!("{lines}{}}}", " ".repeat(at.indent)))
    }

    fn value(&self, ty: &Type, value: &Value, boxed: bool, at: At) -> Option<String> {
        if let TypeKind::Nullable(inner) = &ty.kind {
            return if value.is_null() {
                Some("None".to_owned())
            } else {
                Some(format!("Some({})", self.value(inner, value, boxed, at)?))
            };
        }
        let expression = self.plain_value(ty, value, at)?;
        Some(if boxed { format!("Box::new({expression})") } else { expression })
    }

    fn plain_value(&self, ty: &Type, value: &Value, at: At) -> Option<String> {
        let catalog = self.printer.request.catalog;
        match &ty.kind {
            TypeKind::Text(_) => Some(format!("{}.to_owned()", string(value.as_str()?))),
            TypeKind::Format(format) => {
                let path = pascal(format.as_str());
                Some(format!("growset_event::{path}::from_contract({})", string(value.as_str()?)))
            }
            TypeKind::Boolean => Some(value.as_bool()?.to_string()),
            TypeKind::Integer(_) => Some(value.as_i64()?.to_string()),
            TypeKind::Number(_) => Some(format!("{:?}", value.as_f64()?)),
            TypeKind::Json | TypeKind::Opaque(_) => Some(json(value)),
            TypeKind::List(list) => {
                let items: Option<Vec<_>> =
                    value.as_array()?.iter().map(|item| self.value(&list.items, item, false, at)).collect();
                Some(format!("vec![{}]", items?.join(", ")))
            }
            TypeKind::Map(values) => {
                let entry = |(key, value): (&String, &Value)| {
                    Some(format!("({}.to_owned(), {})", string(key), self.value(values, value, false, at)?))
                };
                let entries: Option<Vec<_>> = value.as_object()?.iter().map(entry).collect();
                Some(collected(&entries?))
            }
            TypeKind::Nullable(_) => self.value(ty, value, false, at),
            TypeKind::Named(name) => {
                // A name that only ever stands for itself has no value.
                catalog.resolve(ty)?;
                let named = self.printer.named_type(name)?;
                let at = At { shared: true, ..at };
                let path = at.home.path_to_shared(name.as_str());
                match &named.ty.kind {
                    TypeKind::Enum(_) | TypeKind::Record(_) | TypeKind::Union(_) => {
                        self.declared(&path, &named.ty, value, at)
                    }
                    TypeKind::Text(_)
                    | TypeKind::Format(_)
                    | TypeKind::Boolean
                    | TypeKind::Integer(_)
                    | TypeKind::Number(_) => Some(format!("{path}({})", self.value(&named.ty, value, false, at)?)),
                    _ if self.printer.boxing.alias_is_struct(name) => {
                        Some(format!("{path}({})", self.value(&named.ty, value, false, at)?))
                    }
                    _ => self.value(&named.ty, value, false, at), // An alias.
                }
            }
            TypeKind::Enum(_) | TypeKind::Record(_) | TypeKind::Union(_) => {
                let path = self.path_to(self.printer.request.names.inline(ty)?, at);
                self.declared(&path, ty, value, at)
            }
        }
    }

    /// A value of an enum, a record or a union, which is called `path`.
    fn declared(&self, path: &str, ty: &Type, value: &Value, at: At) -> Option<String> {
        match &ty.kind {
            TypeKind::Enum(choice) => {
                let text = value.as_str()?;
                choice.values.iter().any(|value| value.value == text).then(|| format!("{path}::{}", variant(text)))
            }
            TypeKind::Record(record) => self.record(path, record, value, at),
            TypeKind::Union(union) => self.case(path, union, value, at),
            _ => None, // Nothing else is declared.
        }
    }

    fn case(&self, path: &str, union: &Union, value: &Value, at: At) -> Option<String> {
        let tag = value.get(union.tag.as_str())?.as_str()?;
        let case = union.cases.iter().find(|case| case.value == tag)?;
        let name = self.path_to(self.printer.request.names.case(case), at);
        let record = self.record(&name, &case.record, value, at)?;
        let record = if self.printer.boxing.case_is_boxed(case) { format!("Box::new({record})") } else { record };
        Some(format!("{path}::{}({record})", variant(tag)))
    }

    fn path_to(&self, name: &str, at: At) -> String {
        if at.shared { at.home.path_to_shared(name) } else { type_identifier(name) }
    }
}

/// Any JSON as an expression; macros would meet their recursion limit.
fn json(value: &Value) -> String {
    match value {
        Value::Null => "serde_json::Value::Null".to_owned(),
        Value::Bool(value) => format!("serde_json::Value::Bool({value})"),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), ..) => format!("serde_json::Value::from({number}i64)"),
            (_, Some(number), _) => format!("serde_json::Value::from({number}u64)"),
            (.., Some(number)) => format!("serde_json::Value::from({number:?}f64)"),
            _ => "serde_json::Value::Null".to_owned(), // Without serde_json's arbitrary precision: not reached.
        },
        Value::String(text) => format!("serde_json::Value::from({})", string(text)),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(json).collect();
            format!("serde_json::Value::Array(vec![{}])", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(key, value)| format!("({}.to_owned(), {})", string(key), json(value))).collect();
            format!("serde_json::Value::Object({})", collected(&members))
        }
    }
}

/// A map of these entries, of whichever kind is wanted.
fn collected(entries: &[String]) -> String {
    if entries.is_empty() {
        "Default::default()".to_owned()
    } else {
        format!("[{}].into_iter().collect()", entries.join(", "))
    }
}
