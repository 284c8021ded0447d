//! The table of a record's fields. What is inside an inline object has rows of its own, under a path such as
//! `busiest[].sellerName`; a named type is linked.

use growset_model::{Catalog, Field, Presence, Record, Type, TypeKind, Union};

use super::wording::{deprecation, first_sentence, limits, sentence, type_words, word};
use crate::escape::{json, markdown};

const HEAD: &str = "| Field | Type | Present | Meaning |\n|---|---|---|---|\n";

/// The table; `types` is the page of shared types, as seen from the page that holds the table.
pub(super) fn of_record(catalog: &Catalog, record: &Record, types: &str) -> String {
    let mut table = Table { catalog, types, rows: String::from(HEAD) };
    table.record("", "", record);
    table.rows
}

/// The table of a union: its tag, then the fields of each case.
pub(super) fn of_union(catalog: &Catalog, union: &Union, types: &str) -> String {
    let mut table = Table { catalog, types, rows: String::from(HEAD) };
    table.union("", union);
    table.rows
}

struct Table<'a> {
    catalog: &'a Catalog,
    types: &'a str,
    rows: String,
}

impl Table<'_> {
    /// `path` leads to the record and ends in a dot, unless it is empty; `condition` says when it is there.
    fn record(&mut self, path: &str, condition: &str, record: &Record) {
        for field in &record.fields {
            let path = format!("{path}{}", field.name);
            self.row(&path, &type_words(&field.ty, self.types), present(field), &self.meaning(field, condition));
            self.inside(&path, &field.ty);
        }
    }

    fn inside(&mut self, path: &str, ty: &Type) {
        match &ty.kind {
            TypeKind::Nullable(inner) => self.inside(path, inner),
            TypeKind::List(list) => self.inside(&format!("{path}[]"), &list.items),
            TypeKind::Map(values) => self.inside(&format!("{path}.*"), values),
            TypeKind::Record(record) => self.record(&format!("{path}."), "", record),
            TypeKind::Union(union) => self.union(&format!("{path}."), union),
            TypeKind::Text(_)
            | TypeKind::Format(_)
            | TypeKind::Boolean
            | TypeKind::Integer(_)
            | TypeKind::Number(_)
            | TypeKind::Json
            | TypeKind::Named(_)
            | TypeKind::Enum(_)
            | TypeKind::Opaque(_) => {}
        }
    }

    fn union(&mut self, path: &str, union: &Union) {
        for case in &union.cases {
            let mut said: Vec<String> =
                case.doc.as_deref().map(|doc| sentence(&markdown::cell(doc))).into_iter().collect();
            said.extend(case.deprecated.as_ref().map(deprecation));
            self.row(&format!("{path}{}", union.tag), &word(&case.value), "always", &said.join(" "));
            let condition = format!("Where {} is {}.", markdown::code_cell(union.tag.as_str()), word(&case.value));
            self.record(path, &condition, &case.record);
        }
        if !union.closed {
            self.row(
                &format!("{path}{}", union.tag),
                "any other string",
                "always",
                "A later case, with fields of its own.",
            );
        }
    }

    /// Every argument but the path is Markdown of one line.
    fn row(&mut self, path: &str, ty: &str, present: &str, meaning: &str) {
        self.rows.push_str(&format!("| {} | {ty} | {present} | {meaning} |\n", markdown::code_cell(path)));
    }

    fn meaning(&self, field: &Field, condition: &str) -> String {
        let mut said: Vec<String> = Vec::new();
        if !condition.is_empty() {
            said.push(condition.to_owned());
        }
        said.extend(self.doc(field).map(|doc| sentence(&markdown::cell(doc))));
        if let Presence::Derived(derivation) = &field.presence {
            let inputs: Vec<String> =
                derivation.inputs.iter().map(|input| markdown::code_cell(input.as_str())).collect();
            said.push(format!("The server fills it in from {}.", inputs.join(", ")));
        }
        said.extend(limits(&field.ty));
        said.extend(field.default.as_ref().map(|default| format!("Assume {} when it is absent.", value(default))));
        if field.pii {
            said.push("Personal data.".to_owned());
        }
        said.extend(field.deprecated.as_ref().map(deprecation));
        said.join(" ")
    }

    /// A field that says nothing is told by the named type that it holds.
    fn doc<'f>(&'f self, field: &'f Field) -> Option<&'f str> {
        let of_type = || match &field.ty.without_null().kind {
            TypeKind::Named(name) => self.catalog.types.get(name).and_then(|named| named.doc.as_deref()),
            _ => None, // Every other type is spelled on the spot.
        };
        field.doc.as_deref().or_else(|| of_type().map(first_sentence))
    }
}

fn present(field: &Field) -> &'static str {
    match field.presence {
        Presence::Required => "always",
        Presence::Optional => "optional",
        Presence::Derived(_) => "derived",
    }
}

fn value(value: &serde_json::Value) -> String {
    markdown::code_cell(&json::one_line(value))
}
