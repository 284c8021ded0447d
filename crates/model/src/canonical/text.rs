//! The canonical text, written straight from the contract: compact JSON, the keys of every object in order.
//!
//! A lock of thousands of revisions is verified on every run, and values in between would be most of what that costs.

use std::collections::BTreeMap;

use serde_json::Value;

use super::FORMAT;
use crate::catalog::{Event, Payload, Retain};
use crate::digest::{write_canonical, write_string};
use crate::name::TypeName;
use crate::shape::{Case, Enum, Field, Mapping, NamedType, Presence, Record, Type, TypeKind, Union};

/// An event with the digests of the types that it reaches.
pub(super) fn event(event: &Event, uses: &BTreeMap<TypeName, String>) -> String {
    let mut writer = Writer(String::with_capacity(4096));
    writer.object(|members| {
        members.key("event").event(event);
        members.key("uses").object(|members| {
            for (name, digest) in uses {
                members.key(name.as_str()).string(digest);
            }
        });
    });
    writer.0
}

/// A named type, without its name.
pub(super) fn named_type(named: &NamedType) -> String {
    let mut writer = Writer(String::new());
    writer.object(|members| {
        members.key("format").display(FORMAT);
        members.key("pii").display(named.pii);
        members.key("type").ty(&named.ty);
    });
    writer.0
}

/// What is written so far.
struct Writer(String);

/// An object that is being written. Keys come in order.
struct Members<'w> {
    writer: &'w mut Writer,
    is_first: bool,
}

impl Members<'_> {
    fn key(&mut self, key: &str) -> &mut Writer {
        if !std::mem::take(&mut self.is_first) {
            self.writer.0.push(',');
        }
        write_string(key, &mut self.writer.0);
        self.writer.0.push(':');
        self.writer
    }
}

impl Writer {
    fn object(&mut self, write: impl FnOnce(&mut Members<'_>)) {
        self.0.push('{');
        write(&mut Members { writer: self, is_first: true });
        self.0.push('}');
    }

    /// An object of one member.
    fn tagged(&mut self, key: &str, write: impl FnOnce(&mut Self)) {
        self.object(|members| write(members.key(key)));
    }

    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.0.push('[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            write(self, item);
        }
        self.0.push(']');
    }

    fn string(&mut self, text: &str) {
        write_string(text, &mut self.0);
    }

    /// A whole number or a truth value.
    fn display(&mut self, value: impl std::fmt::Display) {
        use std::fmt::Write as _;
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{value}");
    }

    fn or_null<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        match value {
            Some(value) => write(self, value),
            None => self.0.push_str("null"),
        }
    }

    fn number(&mut self, number: Option<f64>) {
        self.or_null(number, |writer, number| write_canonical(&Value::from(number), &mut writer.0));
    }

    fn event(&mut self, event: &Event) {
        self.object(|members| {
            members.key("audience").string(event.audience.as_str());
            members.key("format").display(FORMAT);
            members.key("max_bytes").or_null(event.max_bytes, Self::display);
            members.key("name").string(event.name.as_str());
            members.key("payload").object(|members| match &event.payload {
                Payload::Record(record) => members.key("record").fields(record),
                Payload::Opaque(schema) => write_canonical(schema, &mut members.key("opaque").0),
            });
            members.key("retain").or_null(event.retain.as_ref(), |writer, retain| match retain {
                Retain::Latest => writer.0.push_str("[]"),
                Retain::LatestBy(names) => writer.list(names, |writer, name| writer.string(name.as_str())),
            });
            members.key("retired").display(event.retired.is_some());
            members.key("stability").string(event.stability.as_str());
            members.key("terminal").display(event.terminal);
        });
    }

    fn ty(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::Text(text) => self.tagged("string", |writer| {
                writer.object(|members| {
                    members.key("max_length").or_null(text.max_length, Self::display);
                    members.key("min_length").or_null(text.min_length, Self::display);
                    let pattern = text.pattern.as_ref().map(|pattern| pattern.portable());
                    members.key("pattern").or_null(pattern, |writer, pattern| writer.string(&pattern));
                });
            }),
            TypeKind::Format(format) => self.tagged("format", |writer| writer.string(format.as_str())),
            TypeKind::Boolean => self.string("boolean"),
            TypeKind::Integer(bounds) => {
                self.tagged("integer", |writer| writer.list([bounds.least(), bounds.greatest()], Self::display));
            }
            TypeKind::Number(bounds) => {
                self.tagged("number", |writer| writer.list([bounds.min, bounds.max], Self::number));
            }
            TypeKind::Json => self.string("json"),
            TypeKind::List(list) => self.tagged("list", |writer| {
                writer.object(|members| {
                    members.key("items").ty(&list.items);
                    members.key("max_items").or_null(list.max_items, Self::display);
                    members.key("min_items").or_null(list.min_items, Self::display);
                    members.key("unique").display(list.unique);
                });
            }),
            TypeKind::Map(values) => self.tagged("map", |writer| writer.ty(values)),
            TypeKind::Nullable(inner) => self.tagged("nullable", |writer| writer.ty(inner)),
            TypeKind::Named(name) => self.tagged("named", |writer| writer.string(name.as_str())),
            TypeKind::Enum(choice) => self.choice(choice),
            TypeKind::Record(record) => self.tagged("record", |writer| writer.fields(record)),
            TypeKind::Union(union) => self.union(union),
            TypeKind::Opaque(schema) => self.tagged("opaque", |writer| write_canonical(schema, &mut writer.0)),
        }
    }

    fn choice(&mut self, choice: &Enum) {
        let mut values: Vec<&str> = choice.values.iter().map(|value| value.value.as_str()).collect();
        values.sort_unstable();
        self.object(|members| {
            members.key("closed").display(choice.closed);
            members.key("enum").list(values, Self::string);
        });
    }

    fn union(&mut self, union: &Union) {
        let cases: BTreeMap<&str, &Case> = union.cases.iter().map(|case| (case.value.as_str(), case)).collect();
        self.object(|members| {
            members.key("closed").display(union.closed);
            members.key("tag").string(union.tag.as_str());
            members.key("union").object(|members| {
                for (value, case) in cases {
                    members.key(value).fields(&case.record);
                }
            });
        });
    }

    fn fields(&mut self, record: &Record) {
        // By name, and of two of one name the last: a map would hold no more.
        let fields: BTreeMap<&str, &Field> = record.fields.iter().map(|field| (field.name.as_str(), field)).collect();
        self.object(|members| {
            for (name, field) in fields {
                members.key(name).field(field);
            }
        });
    }

    fn field(&mut self, field: &Field) {
        self.object(|members| {
            members
                .key("default")
                .or_null(field.default.as_deref(), |writer, value| write_canonical(value, &mut writer.0));
            members.key("mapping").or_null(field.mapping.as_deref(), Self::mapping);
            members.key("pii").display(field.pii);
            members.key("presence").presence(&field.presence);
            members.key("type").ty(&field.ty);
        });
    }

    fn mapping(&mut self, mapping: &Mapping) {
        match mapping {
            Mapping::From(name) => self.tagged("from", |writer| writer.string(name.as_str())),
            Mapping::Value(value) => self.tagged("value", |writer| write_canonical(value, &mut writer.0)),
        }
    }

    fn presence(&mut self, presence: &Presence) {
        match presence {
            Presence::Required => self.string("required"),
            Presence::Optional => self.string("optional"),
            Presence::Derived(derivation) => self.object(|members| {
                members.key("function").string(&derivation.function);
                members.key("inputs").list(&derivation.inputs, |writer, input| writer.string(input.as_str()));
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::digest::canonical;
    use crate::{arbitrary, fingerprint};

    proptest! {
        #[test]
        fn the_text_is_canonical_json(catalog in arbitrary::catalog()) {
            let events = catalog.events.values().map(|found| event(found, &fingerprint(&catalog, found).uses));
            let types = catalog.types.values().map(named_type);
            for text in events.chain(types) {
                let value: Value = serde_json::from_str(&text).expect("is JSON");
                prop_assert_eq!(&canonical(&value), &text);
            }
        }
    }
}
