//! What a validator knows beyond right and wrong: the fields and values that a contract lists, so that a page can be told of
//! those of a newer server. Looks at payloads that are valid, and asks nothing that a check has asked already.

use std::collections::{BTreeMap, BTreeSet};

use growset_model::{Enum, Event, Field, Payload, Record, Type, TypeKind, TypeName, Union};

use crate::Request;
use crate::escape::javascript;

/// What a script may import of `listener/known.js`, in the order of the import.
const SHARED: [&str; 4] = ["cases", "choice", "each", "fields"];

/// The import, the functions and the export that a validator's script ends with.
pub(super) fn script(request: &Request, event: &Event) -> (String, String) {
    let mut known = Known { request, functions: BTreeMap::new(), met: BTreeSet::new(), used: BTreeSet::new() };
    let look = match &event.payload {
        Payload::Record(record) => known.record(record),
        Payload::Opaque(_) => "() => {}".to_owned(),
    };
    let shared: String =
        SHARED.iter().filter(|name| known.used.contains(*name)).map(|name| format!("{name}, ")).collect();
    let import = format!("import {{ {shared}contract as standing }} from \"../listener/known.js\";\n");
    let functions: String =
        known.functions.iter().map(|(name, body)| format!("const knows{name} = {body};\n")).collect();
    let name = javascript::string(event.name.as_str());
    (import, format!("\n{functions}export const contract = /* @__PURE__ */ standing({name}, is, {look});\n"))
}

struct Known<'a> {
    request: &'a Request<'a>,
    functions: BTreeMap<String, String>,
    met: BTreeSet<&'a TypeName>,
    used: BTreeSet<&'static str>,
}

impl<'a> Known<'a> {
    /// A function that looks at a value of this type, if there is anything to look for.
    fn ty(&mut self, ty: &'a Type) -> Option<String> {
        match &ty.kind {
            TypeKind::Text(_)
            | TypeKind::Format(_)
            | TypeKind::Boolean
            | TypeKind::Integer(_)
            | TypeKind::Number(_)
            | TypeKind::Json
            | TypeKind::Opaque(_) => None,
            TypeKind::List(list) => self.each(&list.items),
            TypeKind::Map(values) => self.each(values),
            // The shared part never looks at null.
            TypeKind::Nullable(inner) => self.ty(inner),
            TypeKind::Named(name) => self.named(name),
            TypeKind::Enum(choice) => self.choice(choice).map(|body| self.hoisted(ty, body)),
            TypeKind::Record(record) => {
                let body = self.record(record);
                Some(self.hoisted(ty, body))
            }
            TypeKind::Union(union) => {
                let body = self.union(union);
                Some(self.hoisted(ty, body))
            }
        }
    }

    fn named(&mut self, name: &'a TypeName) -> Option<String> {
        let ty = &self.request.catalog.types.get(name)?.ty;
        let function = format!("knows{name}");
        // A type that is met within itself is a record or a union at last, which there is a function for.
        if !self.met.insert(name) {
            return self.is_looked_at(ty, &mut BTreeSet::new()).then_some(function);
        }
        let body = self.ty(ty)?;
        self.functions.insert(name.to_string(), body);
        Some(function)
    }

    fn is_looked_at(&self, ty: &'a Type, within: &mut BTreeSet<&'a TypeName>) -> bool {
        match &ty.kind {
            TypeKind::Text(_)
            | TypeKind::Format(_)
            | TypeKind::Boolean
            | TypeKind::Integer(_)
            | TypeKind::Number(_)
            | TypeKind::Json
            | TypeKind::Opaque(_) => false,
            TypeKind::List(list) => self.is_looked_at(&list.items, within),
            TypeKind::Map(inner) | TypeKind::Nullable(inner) => self.is_looked_at(inner, within),
            TypeKind::Named(name) => {
                let named = self.request.catalog.types.get(name);
                within.insert(name) && named.is_some_and(|named| self.is_looked_at(&named.ty, within))
            }
            TypeKind::Enum(choice) => !choice.closed,
            TypeKind::Record(_) | TypeKind::Union(_) => true,
        }
    }

    /// The name of the function that an inline type becomes.
    fn hoisted(&mut self, ty: &Type, body: String) -> String {
        let Some(name) = self.request.names.inline(ty) else { return body };
        self.functions.insert(name.to_owned(), body);
        format!("knows{name}")
    }

    fn each(&mut self, inner: &'a Type) -> Option<String> {
        let look = self.ty(inner)?;
        self.used.insert("each");
        Some(format!("(value) => each(value, {look})"))
    }

    /// Any other value of a closed one is wrong, and its check says so.
    fn choice(&mut self, choice: &Enum) -> Option<String> {
        if choice.closed {
            return None;
        }
        self.used.insert("choice");
        let values: String =
            choice.values.iter().map(|known| format!(", {}", javascript::string(&known.value))).collect();
        Some(format!("(value) => choice(value{values})"))
    }

    fn record(&mut self, record: &'a Record) -> String {
        self.used.insert("fields");
        let members: Vec<String> = record.fields.iter().map(|field| self.field(field)).collect();
        format!("(value) => fields(value, {})", table(&members))
    }

    fn union(&mut self, union: &'a Union) -> String {
        self.used.insert("cases");
        let tag = format!("{}: 0", javascript::property(union.tag.as_str()));
        let mut listed = Vec::new();
        for case in &union.cases {
            let fields = case.record.fields.iter().map(|field| self.field(field));
            let members: Vec<String> = std::iter::once(tag.clone()).chain(fields).collect();
            listed.push(format!("\n  {}: {}", javascript::property(&case.value), table(&members)));
        }
        let tag = javascript::string(union.tag.as_str());
        format!("(value) => cases(value, {tag}, {{{},\n}})", listed.join(","))
    }

    fn field(&mut self, field: &'a Field) -> String {
        let look = self.ty(&field.ty).unwrap_or_else(|| "0".to_owned());
        format!("{}: {look}", javascript::property(field.name.as_str()))
    }
}

fn table(members: &[String]) -> String {
    if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join(", ")) }
}
