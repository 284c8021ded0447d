//! What is printed for each declaration.

use askama::Template;

use growset_model::hoist::Declared;
use growset_model::{
    Audience, Deprecated, Enum, Event, NamedType, Payload, Record, Type, TypeKind, TypeName, Union, pascal, variant,
};

use crate::escape::rust::{doc, string, type_identifier};
use crate::targets::rust::boxing::Boxing;
use crate::targets::rust::example::Example;
use crate::targets::rust::fields::{FieldView, Method, Typed, WORDS, deprecated, limits};
use crate::targets::rust::layout::{Home, Placed};
use crate::targets::rust::typify_types::{Wanted, rust_types};
use crate::{CodegenError, Request};

/// Prints declarations.
pub(super) struct Printer<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) boxing: &'a Boxing<'a>,
}

impl Printer<'_> {
    /// The text of each declaration.
    pub(super) fn print(&self, placed: &[Placed]) -> Result<Vec<String>, CodegenError> {
        let paths: Vec<_> = placed.iter().map(|placed| move |ty: &Type| self.path(&placed.home, ty)).collect();
        let wanted: Vec<Wanted> = placed
            .iter()
            .zip(&paths)
            .map(|(placed, path)| Wanted { name: &placed.declaration.name, types: self.wanted(placed), path })
            .collect();
        let types = rust_types(&wanted)?;
        placed.iter().zip(types).map(|(placed, types)| self.item(placed, &types)).collect()
    }

    /// How code of `home` speaks of a named or inline type, or of a text of a known form.
    pub(super) fn path(&self, home: &Home, ty: &Type) -> String {
        match &ty.kind {
            TypeKind::Named(name) => home.path_to_shared(name.as_str()),
            TypeKind::Format(format) => format!("growset_event::{}", pascal(format.as_str())),
            // An inline type stands in the file of what holds it; nothing else is asked for.
            _ => self.request.names.inline(ty).map(type_identifier).unwrap_or_default(),
        }
    }

    /// The types that an item is printed from.
    fn wanted<'b>(&self, placed: &Placed<'b>) -> Vec<(&'b Type, bool)> {
        let fields = |record: &'b Record| {
            record.fields.iter().map(|field| (&field.ty, self.boxing.field_is_boxed(field))).collect()
        };
        let of_type = |ty: &'b Type| match &ty.kind {
            TypeKind::Record(record) => fields(record),
            TypeKind::Enum(_) | TypeKind::Union(_) => Vec::new(),
            _ => vec![(ty, false)], // A newtype or an alias of what it is.
        };
        match placed.declaration.what {
            Declared::Payload(Event { payload: Payload::Record(record), .. }) => fields(record),
            Declared::Payload(Event { payload: Payload::Opaque(_), .. }) | Declared::Alias(..) => Vec::new(),
            Declared::Type(named) => of_type(&named.ty),
            Declared::Inline(ty) => of_type(ty),
            Declared::Case(case) => fields(&case.record),
        }
    }

    fn item(&self, placed: &Placed, types: &[String]) -> Result<String, CodegenError> {
        let declaration = placed.declaration;
        let name = type_identifier(&declaration.name);
        match declaration.what {
            Declared::Payload(event) => self.payload(name, event, placed, types),
            Declared::Type(named) => self.named(name, named, types),
            Declared::Alias(named, _) => self.earlier_name(name, named),
            Declared::Inline(ty) => self.shape(name, &ty.kind, String::new(), types),
            Declared::Case(case) => {
                let head = head(case.doc.as_deref(), case.deprecated.as_ref());
                self.record(name, &case.record, head, String::new(), types)
            }
        }
    }

    fn payload(&self, name: String, event: &Event, placed: &Placed, types: &[String]) -> Result<String, CodegenError> {
        let facts = format!("Event `{}`. {}", event.name, WORDS.of_event(event).join(" "));
        let text: Vec<&str> = event.doc.as_deref().into_iter().chain([facts.as_str()]).collect();
        let head = head(Some(&text.join("\n\n")), event.deprecated.as_ref());
        let example = Example { printer: self, home: &placed.home }.of(event).unwrap_or_default();
        let mut text = match &event.payload {
            Payload::Record(record) => self.record(name.clone(), record, head, example, types)?,
            Payload::Opaque(_) => {
                let ty = "serde_json::Value".to_owned();
                Newtype { head, name: name.clone(), ty, is_text: false, example }.render()?
            }
        };
        let implementation = EventImplementation {
            name,
            event: string(event.name.as_str()),
            base: string(event.name.base()),
            version: event.name.version(),
            audience: match event.audience {
                Audience::Org => "Org",
                Audience::User => "User",
                Audience::Channel => "Channel",
                Audience::Public => "Public",
            },
        };
        text.push_str("\n\n");
        text.push_str(&implementation.render()?);
        Ok(text)
    }

    fn named(&self, name: String, named: &NamedType, types: &[String]) -> Result<String, CodegenError> {
        let limits = limits(&named.ty);
        let mut paragraphs: Vec<&str> = named.doc.as_deref().into_iter().chain(limits.as_deref()).collect();
        if named.pii {
            paragraphs.push("Personal data: never log it.");
        }
        let head = head(Some(&paragraphs.join("\n\n")), named.deprecated.as_ref());
        match &named.ty.kind {
            TypeKind::List(_)
            | TypeKind::Map(_)
            | TypeKind::Nullable(_)
            | TypeKind::Named(_)
            | TypeKind::Json
            | TypeKind::Opaque(_)
                if !self.boxing.alias_is_struct(&named.name) =>
            {
                Ok(Alias { head, name, ty: first(types) }.render()?)
            }
            kind => self.shape(name, kind, head, types),
        }
    }

    fn earlier_name(&self, name: String, named: &NamedType) -> Result<String, CodegenError> {
        let ty = type_identifier(named.name.as_str());
        let head = format!("/// The earlier name of [`{ty}`].\n#[deprecated(note = \"renamed to `{ty}`\")]\n");
        Ok(Alias { head, name, ty }.render()?)
    }

    fn shape(&self, name: String, kind: &TypeKind, head: String, types: &[String]) -> Result<String, CodegenError> {
        match kind {
            TypeKind::Record(record) => self.record(name, record, head, String::new(), types),
            TypeKind::Enum(choice) => enumeration(name, choice, head),
            TypeKind::Union(union) => self.union(name, union, head),
            // Everything else is a newtype around what it is.
            kind => {
                let is_text = matches!(kind, TypeKind::Text(_));
                Ok(Newtype { head, name, ty: first(types), is_text, example: String::new() }.render()?)
            }
        }
    }

    fn record(
        &self,
        name: String,
        record: &Record,
        head: String,
        example: String,
        types: &[String],
    ) -> Result<String, CodegenError> {
        let fields: Vec<Typed> = record
            .fields
            .iter()
            .zip(types)
            .map(|(field, ty)| Typed {
                catalog: self.request.catalog,
                field,
                ty,
                boxed: self.boxing.field_is_boxed(field),
            })
            .collect();
        let required = || fields.iter().filter(|typed| typed.field.is_required());
        let parameters = required().map(|typed| format!("{}: {}", typed.identifier(), typed.parameter())).collect();
        let item = RecordItem {
            head,
            name,
            fields: fields.iter().map(Typed::view).collect(),
            parameters: wrapped(parameters, "    pub fn new() -> Self {".len(), "        ", "    "),
            initial: fields.iter().map(initial).collect(),
            with_methods: fields.iter().filter_map(Typed::with_method).collect(),
            getters: fields.iter().filter_map(Typed::getter).collect(),
            example,
        };
        Ok(item.render()?)
    }

    fn union(&self, name: String, union: &Union, head: String) -> Result<String, CodegenError> {
        let cases = union
            .cases
            .iter()
            .map(|case| {
                let record = type_identifier(self.request.names.case(case));
                CaseView {
                    head: indented_head(case.doc.as_deref(), case.deprecated.as_ref()),
                    value: string(&case.value),
                    name: variant(&case.value),
                    ty: if self.boxing.case_is_boxed(case) { format!("Box<{record}>") } else { record },
                }
            })
            .collect();
        Ok(UnionItem { head, name, tag: string(union.tag.as_str()), closed: union.closed, cases }.render()?)
    }

    /// The named type of that name; nothing where the catalog has none, which its errors tell.
    pub(super) fn named_type(&self, name: &TypeName) -> Option<&NamedType> {
        self.request.catalog.types.get(name)
    }
}

fn enumeration(name: String, choice: &Enum, head: String) -> Result<String, CodegenError> {
    let values = choice
        .values
        .iter()
        .map(|value| ValueView {
            head: indented_head(value.doc.as_deref(), value.deprecated.as_ref()),
            name: variant(&value.value),
            text: string(&value.value),
        })
        .collect();
    Ok(EnumItem { head, name, closed: choice.closed, values }.render()?)
}

/// What `new` puts into a field.
fn initial(typed: &Typed) -> String {
    let name = typed.identifier();
    if !typed.field.is_required() {
        return format!("{name}: None");
    }
    let argument = typed.argument();
    if argument == name { name } else { format!("{name}: {argument}") }
}

/// Parts in one line, or each in its own where one line would grow too long.
fn wrapped(parts: Vec<String>, around: usize, indent: &str, outdent: &str) -> String {
    let length: usize = parts.iter().map(|part| part.len() + 2).sum();
    if around + length <= 100 {
        return parts.join(", ");
    }
    let lines: String = parts.iter().map(|part| format!("\n{indent}{part},")).collect();
    format!("{lines}\n{outdent}")
}

fn first(types: &[String]) -> String {
    types.first().cloned().unwrap_or_default()
}

fn head(text: Option<&str>, why: Option<&Deprecated>) -> String {
    doc(text.unwrap_or_default(), "///") + &deprecated(why, "")
}

fn indented_head(text: Option<&str>, why: Option<&Deprecated>) -> String {
    doc(text.unwrap_or_default(), "    ///") + &deprecated(why, "    ")
}

#[derive(Template)]
#[template(path = "rust/record.rs.txt")]
struct RecordItem {
    head: String,
    name: String,
    fields: Vec<FieldView>,
    parameters: String,
    initial: Vec<String>,
    with_methods: Vec<Method>,
    getters: Vec<Method>,
    example: String,
}

#[derive(Template)]
#[template(path = "rust/event.rs.txt")]
struct EventImplementation {
    name: String,
    event: String,
    base: String,
    version: u32,
    audience: &'static str,
}

#[derive(Template)]
#[template(path = "rust/newtype.rs.txt")]
struct Newtype {
    head: String,
    name: String,
    ty: String,
    is_text: bool,
    example: String,
}

#[derive(Template)]
#[template(path = "rust/alias.rs.txt")]
struct Alias {
    head: String,
    name: String,
    ty: String,
}

#[derive(Template)]
#[template(path = "rust/enum.rs.txt")]
struct EnumItem {
    head: String,
    name: String,
    closed: bool,
    values: Vec<ValueView>,
}

struct ValueView {
    head: String,
    name: String,
    text: String,
}

#[derive(Template)]
#[template(path = "rust/union.rs.txt")]
struct UnionItem {
    head: String,
    name: String,
    tag: String,
    closed: bool,
    cases: Vec<CaseView>,
}

struct CaseView {
    head: String,
    value: String,
    name: String,
    ty: String,
}
