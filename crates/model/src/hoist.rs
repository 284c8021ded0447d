//! Every type that generated code has to give a name, and how that name is made.
//!
//! - An event's payload: `pascal` of the event's name, `OrderCreatedV2` for `order.created.v2`.
//! - A named type: its own name; each of its `was` names too.
//! - An inline enum, record or union: the name of the type that holds it, then `pascal` of each field on the way
//!   (`OrderCreatedShippingAddress`), `Item` for the items of a list, `Value` for the values of a map. `nullable` adds
//!   nothing, but for a named type that is itself nullable: `Value`, since the name is taken by the whole.
//! - The record of a union's case: the union's name, then `variant` of the case: `CauseUser`.
//!
//! Invariant: a name depends only on what leads to the type, never on what stands beside it, so that a contract that
//! grows keeps every name. Two types of one name are refused by the lint `name-collision`, which reads this list too.

use crate::catalog::{Catalog, Event, Payload};
use crate::name::TypeName;
use crate::place::Place;
use crate::shape::{Case, NamedType, Record, Type, TypeKind};
use crate::spelling::{pascal, variant};

/// A type that needs a name in generated code, with the name.
#[derive(Debug, Clone)]
pub struct Declaration<'a> {
    /// Before keywords of a target are escaped.
    pub name: String,
    /// What is named.
    pub what: Declared<'a>,
    /// The event or named type whose contract spells it.
    pub owner: Owner<'a>,
}

/// What a declaration names.
#[derive(Debug, Clone, Copy)]
pub enum Declared<'a> {
    /// The payload of an event.
    Payload(&'a Event),
    /// A named type.
    Type(&'a NamedType),
    /// An earlier name of a named type.
    Alias(&'a NamedType, &'a TypeName),
    /// An inline enum, record or union.
    Inline(&'a Type),
    /// The record of a union's case.
    Case(&'a Case),
}

/// Where a declaration belongs.
#[derive(Debug, Clone, Copy)]
pub enum Owner<'a> {
    /// An event's contract.
    Event(&'a Event),
    /// A named type's contract.
    Type(&'a NamedType),
}

/// Every declaration of a catalog: by event, then by named type, each followed by what is inside it.
pub fn declarations(catalog: &Catalog) -> Vec<Declaration<'_>> {
    let mut declarations = Vec::new();
    for event in catalog.events.values() {
        let mut walk = Walk { owner: Owner::Event(event), declarations: &mut declarations };
        let name = pascal(event.name.as_str());
        walk.declare(name.clone(), Declared::Payload(event));
        if let Payload::Record(record) = &event.payload {
            walk.fields(&name, record);
        }
    }
    for named in catalog.types.values() {
        let mut walk = Walk { owner: Owner::Type(named), declarations: &mut declarations };
        let name = named.name.as_str();
        walk.declare(name.to_owned(), Declared::Type(named));
        for earlier in &named.was {
            walk.declare(earlier.as_str().to_owned(), Declared::Alias(named, earlier));
        }
        if let TypeKind::Nullable(inner) = &named.ty.kind {
            walk.inline(&format!("{name}Value"), inner);
        } else {
            walk.inside(name, &named.ty.kind);
        }
    }
    declarations
}

/// Every type-level name of a catalog with its place and what it is, in words: what `name-collision` compares.
pub fn type_names(catalog: &Catalog) -> Vec<(String, Place, String)> {
    declarations(catalog)
        .into_iter()
        .map(|declaration| (declaration.name.clone(), declaration.place(), declaration.description()))
        .collect()
}

impl Declaration<'_> {
    /// Where it is spelled.
    pub fn place(&self) -> Place {
        match self.what {
            Declared::Payload(event) => event.place,
            Declared::Type(named) | Declared::Alias(named, _) => named.place,
            Declared::Inline(ty) => ty.place,
            Declared::Case(case) => case.place,
        }
    }

    /// What it is, in words: `event order.created`.
    pub fn description(&self) -> String {
        let owner = match self.owner {
            Owner::Event(event) => format!("event {}", event.name),
            Owner::Type(named) => format!("type {}", named.name),
        };
        match self.what {
            Declared::Payload(_) | Declared::Type(_) => owner,
            Declared::Alias(_, earlier) => format!("the earlier name {earlier} of {owner}"),
            Declared::Inline(ty) => format!("the {} inside {owner}", word(&ty.kind)),
            Declared::Case(case) => format!("the case {:?} inside {owner}", case.value),
        }
    }
}

fn word(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Enum(_) => "enum",
        TypeKind::Record(_) => "record",
        TypeKind::Union(_) => "union",
        _ => "type", // No other kind is declared inline.
    }
}

struct Walk<'a, 'out> {
    owner: Owner<'a>,
    declarations: &'out mut Vec<Declaration<'a>>,
}

impl<'a> Walk<'a, '_> {
    fn declare(&mut self, name: String, what: Declared<'a>) {
        self.declarations.push(Declaration { name, what, owner: self.owner });
    }

    /// A type that is used where `name` would be its name, were it an enum, a record or a union.
    fn inline(&mut self, name: &str, ty: &'a Type) {
        match &ty.kind {
            TypeKind::Enum(_) | TypeKind::Record(_) | TypeKind::Union(_) => {
                self.declare(name.to_owned(), Declared::Inline(ty));
                self.inside(name, &ty.kind);
            }
            TypeKind::Nullable(inner) => self.inline(name, inner),
            kind => self.inside(name, kind),
        }
    }

    /// What is inside a type called `name`.
    fn inside(&mut self, name: &str, kind: &'a TypeKind) {
        match kind {
            TypeKind::Record(record) => self.fields(name, record),
            TypeKind::Union(union) => {
                for case in &union.cases {
                    let name = format!("{name}{}", variant(&case.value));
                    self.declare(name.clone(), Declared::Case(case));
                    self.fields(&name, &case.record);
                }
            }
            TypeKind::List(list) => self.inline(&format!("{name}Item"), &list.items),
            TypeKind::Map(values) => self.inline(&format!("{name}Value"), values),
            TypeKind::Nullable(inner) => self.inline(name, inner),
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

    fn fields(&mut self, name: &str, record: &'a Record) {
        for field in &record.fields {
            self.inline(&format!("{name}{}", pascal(field.name.as_str())), &field.ty);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::FieldName;
    use crate::shape::{Enum, Field, List, Presence, Union};

    fn ty(kind: TypeKind) -> Type {
        Type { kind, place: Place::NOWHERE }
    }

    fn record(fields: Vec<(&str, TypeKind)>) -> Record {
        let field = |(name, kind): (&str, TypeKind)| Field {
            name: FieldName::parse(name).expect("is a name"),
            presence: Presence::Required,
            ty: ty(kind),
            doc: None,
            example: None,
            deprecated: None,
            pii: false,
            default: None,
            mapping: None,
            place: Place::NOWHERE,
        };
        Record { fields: fields.into_iter().map(field).collect() }
    }

    fn names(kind: TypeKind) -> Vec<String> {
        let name = TypeName::parse("Order").expect("is a name");
        let named = NamedType {
            name: name.clone(),
            was: Vec::new(),
            doc: None,
            example: None,
            deprecated: None,
            pii: false,
            ty: ty(kind),
            place: Place::NOWHERE,
        };
        let catalog = Catalog { types: [(name, named)].into(), ..Catalog::default() };
        type_names(&catalog).into_iter().map(|(name, ..)| name).collect()
    }

    #[test]
    fn inline_types_are_named_from_their_path() {
        let open = || TypeKind::Enum(Enum { closed: false, values: Vec::new() });
        let items = List { items: Box::new(ty(open())), min_items: None, max_items: None, unique: false };
        let case = Case {
            value: "by_user".into(),
            doc: None,
            deprecated: None,
            record: record(vec![("how", open())]),
            place: Place::NOWHERE,
        };
        let kind = TypeKind::Record(record(vec![
            ("currentState", TypeKind::Nullable(Box::new(ty(open())))),
            ("tags", TypeKind::List(items)),
            ("rates", TypeKind::Map(Box::new(ty(TypeKind::Record(record(vec![("kind", open())])))))),
            (
                "cause",
                TypeKind::Union(Union {
                    tag: FieldName::parse("kind").expect("is a name"),
                    closed: false,
                    cases: vec![case],
                }),
            ),
        ]));
        assert_eq!(
            names(kind),
            [
                "Order",
                "OrderCurrentState",
                "OrderTagsItem",
                "OrderRatesValue",
                "OrderRatesValueKind",
                "OrderCause",
                "OrderCauseByUser",
                "OrderCauseByUserHow",
            ]
        );
    }

    #[test]
    fn a_nullable_named_type_keeps_its_name_for_the_whole() {
        let kind = TypeKind::Nullable(Box::new(ty(TypeKind::Record(record(Vec::new())))));
        assert_eq!(names(kind), ["Order", "OrderValue"]);
    }
}
