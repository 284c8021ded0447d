//! What JSON Schema takes and the wire does not: an integer spelled `5.0`, a day that no calendar has.
//!
//! Nothing else is looked for: where a value has not the shape of its type, the schema says so.

use serde_json::Value;

use crate::catalog::{Catalog, Payload};
use crate::shape::{Record, Type, TypeKind};

/// A part of a value that is not spelled as the wire wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inexact {
    /// JSON Pointer (RFC 6901) to the part.
    pub pointer: String,
    /// In words, with the way out.
    pub message: String,
}

/// The inexact parts of a payload.
pub fn inexact_in_payload(catalog: &Catalog, payload: &Payload, value: &Value) -> Vec<Inexact> {
    let mut walk = Walk { catalog, path: Vec::new(), found: Vec::new() };
    match payload {
        Payload::Record(record) => walk.record(record, value),
        Payload::Opaque(_) => {}
    }
    walk.found
}

/// The inexact parts of a value of some type.
pub fn inexact_in_type(catalog: &Catalog, ty: &Type, value: &Value) -> Vec<Inexact> {
    let mut walk = Walk { catalog, path: Vec::new(), found: Vec::new() };
    walk.ty(ty, value);
    walk.found
}

struct Walk<'a> {
    catalog: &'a Catalog,
    path: Vec<String>,
    found: Vec<Inexact>,
}

impl Walk<'_> {
    fn ty(&mut self, ty: &Type, value: &Value) {
        let Some(ty) = self.catalog.resolve(ty) else {
            return;
        };
        match (&ty.kind, value) {
            (TypeKind::Integer(_), Value::Number(number)) if number.is_f64() => {
                self.report(format!("{number} is not spelled as an integer; leave out the point and the exponent"));
            }
            (TypeKind::Format(format), Value::String(text)) if !format.accepts(text) => {
                self.report(format!("{value} looks like a {}, but is none", format.as_str()));
            }
            (TypeKind::Nullable(inner), value) if !value.is_null() => self.ty(inner, value),
            (TypeKind::List(list), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.inside(&index.to_string(), |walk| walk.ty(&list.items, item));
                }
            }
            (TypeKind::Map(values), Value::Object(members)) => {
                for (name, member) in members {
                    self.inside(name, |walk| walk.ty(values, member));
                }
            }
            (TypeKind::Record(record), value) => self.record(record, value),
            (TypeKind::Union(union), value) => {
                let tag = value.get(union.tag.as_str()).and_then(Value::as_str);
                if let Some(case) = union.cases.iter().find(|case| Some(case.value.as_str()) == tag) {
                    self.record(&case.record, value);
                }
            }
            _ => {} // The schema says everything there is to say of any other pair.
        }
    }

    fn record(&mut self, record: &Record, value: &Value) {
        for field in &record.fields {
            if let Some(member) = value.get(field.name.as_str()) {
                self.inside(field.name.as_str(), |walk| walk.ty(&field.ty, member));
            }
        }
    }

    fn inside(&mut self, segment: &str, check: impl FnOnce(&mut Self)) {
        self.path.push(segment.to_owned());
        check(self);
        self.path.pop();
    }

    fn report(&mut self, message: String) {
        self.found.push(Inexact { pointer: json_pointer(&self.path), message });
    }
}

/// JSON Pointer (RFC 6901) of a path.
pub fn json_pointer(path: &[String]) -> String {
    path.iter().map(|segment| format!("/{}", segment.replace('~', "~0").replace('/', "~1"))).collect()
}
