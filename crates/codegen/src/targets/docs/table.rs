//! The table of a record's fields. What is inside an inline object has rows of its own, under a path such as
//! `busiest[].sellerName`; a named type is linked. Each case of a union has a table of its own, below.

use std::collections::VecDeque;

use growset_model::{Case, Catalog, Field, Presence, Record, Type, TypeKind, Union};

use super::wording::{WORDS, deprecation, type_words, word};
use crate::escape::{json, markdown};
use crate::targets::words::{first_sentence, sentence};

const HEAD: &str = "| Field | Type | Present | Meaning |\n|---|---|---|---|\n";

/// The tables; `types` is the page of shared types, as seen from the page that holds them.
pub(super) fn of_record(catalog: &Catalog, record: &Record, types: &str) -> String {
    let mut table = Table::new(catalog, types);
    table.record("", record);
    table.finish()
}

/// The tables of a union: one per case.
pub(super) fn of_union(catalog: &Catalog, union: &Union, types: &str) -> String {
    let mut table = Table::new(catalog, types);
    table.unions.push_back(Met { path: String::new(), condition: "Where ".to_owned(), union });
    let told = format!("Which case it is, is always told by {}.\n\n", markdown::code(union.tag.as_str()));
    told + &table.finish()
}

struct Table<'a> {
    catalog: &'a Catalog,
    types: &'a str,
    rows: String,
    /// Whose cases are still to be told.
    unions: VecDeque<Met<'a>>,
    /// Of the table that is being filled: how the sentence starts that says when a case inside of it is there.
    condition: String,
}

/// A union and where it was met.
struct Met<'a> {
    /// Leads to its fields and ends in a dot, unless it is empty.
    path: String,
    /// `Where `, or `Where … is … and `.
    condition: String,
    union: &'a Union,
}

impl<'a> Table<'a> {
    fn new(catalog: &'a Catalog, types: &'a str) -> Self {
        Self { catalog, types, rows: String::new(), unions: VecDeque::new(), condition: "Where ".to_owned() }
    }

    /// The table of what was told so far, then the tables of the cases that were met meanwhile.
    fn finish(mut self) -> String {
        let mut tables: Vec<String> = self.take_rows().into_iter().collect();
        while let Some(met) = self.unions.pop_front() {
            tables.extend(met.union.cases.iter().map(|case| self.case(&met, case)));
            if !met.union.closed {
                let tag = met.tag();
                tables.push(format!(
                    "**{}{tag} is any other string**: a later case, with fields of its own.\n",
                    met.condition
                ));
            }
        }
        tables.join("\n")
    }

    fn take_rows(&mut self) -> Option<String> {
        let rows = std::mem::take(&mut self.rows);
        (!rows.is_empty()).then(|| format!("{HEAD}{rows}"))
    }

    fn case(&mut self, met: &Met<'a>, case: &'a Case) -> String {
        let condition = format!("{}{} is {}", met.condition, met.tag(), word(&case.value));
        let mut said: Vec<String> =
            case.doc.as_deref().map(|doc| sentence(&markdown::inline(doc))).into_iter().collect();
        said.extend(case.deprecated.as_ref().map(deprecation));
        self.condition = format!("{condition} and ");
        self.record(&met.path, &case.record);
        let table = self.take_rows().map(|table| format!("\n{table}"));
        if table.is_none() {
            said.push("It has no fields of its own.".to_owned());
        }
        let said = said.join(" ");
        let space = if said.is_empty() { "" } else { " " };
        format!("**{condition}**:{space}{said}\n{}", table.unwrap_or_default())
    }

    /// `path` leads to the record and ends in a dot, unless it is empty.
    fn record(&mut self, path: &str, record: &'a Record) {
        for field in &record.fields {
            let path = format!("{path}{}", field.name);
            self.row(&path, &type_words(&field.ty, self.types), present(field), &self.meaning(field));
            self.inside(&path, &field.ty);
        }
    }

    fn inside(&mut self, path: &str, ty: &'a Type) {
        match &ty.kind {
            TypeKind::Nullable(inner) => self.inside(path, inner),
            TypeKind::List(list) => self.inside(&format!("{path}[]"), &list.items),
            TypeKind::Map(values) => self.inside(&format!("{path}.*"), values),
            TypeKind::Record(record) => self.record(&format!("{path}."), record),
            TypeKind::Union(union) => {
                self.unions.push_back(Met { path: format!("{path}."), condition: self.condition.clone(), union });
            }
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

    /// Every argument but the path is Markdown of one line.
    fn row(&mut self, path: &str, ty: &str, present: &str, meaning: &str) {
        self.rows.push_str(&format!("| {} | {ty} | {present} | {meaning} |\n", markdown::code_cell(path)));
    }

    fn meaning(&self, field: &Field) -> String {
        let mut said: Vec<String> = self.doc(field).map(|doc| sentence(&markdown::cell(doc))).into_iter().collect();
        if let Presence::Derived(derivation) = &field.presence {
            let inputs: Vec<String> =
                derivation.inputs.iter().map(|input| markdown::code_cell(input.as_str())).collect();
            said.push(format!("The server fills it in from {}.", inputs.join(", ")));
        }
        said.extend(WORDS.limits(&field.ty));
        said.extend(field.default.as_ref().map(|default| format!("Assume {} when it is absent.", value(default))));
        if field.pii {
            said.push("Personal data.".to_owned());
        }
        said.extend(field.deprecated.as_deref().map(deprecation));
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

impl Met<'_> {
    fn tag(&self) -> String {
        markdown::code(&format!("{}{}", self.path, self.union.tag))
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
