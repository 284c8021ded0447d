//! Where a type that holds itself needs a `Box`, and which alias has to be a struct.
//!
//! Lists and maps keep their values elsewhere, so only what a value holds directly counts: a field, or a union's case.
//! Every cycle passes an optional or nullable field or a union, since a type needs a finite value.
//! Invariant: what is boxed depends on the cycles alone, not on the order of declarations.

mod component;

use std::collections::{BTreeMap, BTreeSet};

use growset_model::hoist::Declared;
use growset_model::{Case, Catalog, Field, Payload, Record, Type, TypeKind, TypeName, Union};

use crate::targets::rust::boxing::component::components;
use crate::{Names, Request};

/// What has to be boxed, by where it is in memory; and aliases that speak of themselves.
#[derive(Debug)]
pub(super) struct Boxing<'a> {
    places: BTreeSet<usize>,
    structs: BTreeSet<&'a TypeName>,
}

impl<'a> Boxing<'a> {
    pub(super) fn new(request: &Request<'a>) -> Self {
        let mut edges = Edges::new(request.catalog, request.names).collect();
        let nodes = request.names.declarations().len();
        let mut places = cut(nodes, &mut edges, Through::is_loose_field);
        places.extend(cut(nodes, &mut edges, Through::is_case));
        Self { places, structs: self_speaking_aliases(request.catalog) }
    }

    pub(super) fn field_is_boxed(&self, field: &Field) -> bool {
        self.places.contains(&address(field))
    }

    pub(super) fn case_is_boxed(&self, case: &Case) -> bool {
        self.places.contains(&address(case))
    }

    /// Whether a named list, map or nullable is a struct, since Rust has no alias that speaks of itself.
    pub(super) fn alias_is_struct(&self, name: &TypeName) -> bool {
        self.structs.contains(name)
    }
}

/// A value of one declaration directly holds a value of another.
struct Edge {
    from: usize,
    to: usize,
    through: Through,
}

#[derive(Clone, Copy)]
enum Through {
    /// An optional or nullable field, by address.
    LooseField(usize),
    /// The case of a union, by address.
    Case(usize),
    /// No `Box` stands here: a required field, or an alias.
    Fixed,
}

impl Through {
    fn is_loose_field(self) -> bool {
        matches!(self, Self::LooseField(_))
    }

    fn is_case(self) -> bool {
        matches!(self, Self::Case(_))
    }
}

/// Takes the edges that lie on a cycle and fit out of the graph, and answers the places to be boxed for that.
fn cut(nodes: usize, edges: &mut Vec<Edge>, fits: fn(Through) -> bool) -> BTreeSet<usize> {
    let component = components(nodes, &edges.iter().map(|edge| (edge.from, edge.to)).collect::<Vec<_>>());
    let on_cycle = |edge: &Edge| component.get(edge.from) == component.get(edge.to);
    let mut places = BTreeSet::new();
    edges.retain(|edge| match edge.through {
        Through::LooseField(place) | Through::Case(place) if fits(edge.through) && on_cycle(edge) => {
            places.insert(place);
            false
        }
        Through::LooseField(_) | Through::Case(_) | Through::Fixed => true,
    });
    places
}

struct Edges<'a> {
    catalog: &'a Catalog,
    names: &'a Names<'a>,
    numbers: BTreeMap<&'a str, usize>,
    edges: Vec<Edge>,
}

impl<'a> Edges<'a> {
    fn new(catalog: &'a Catalog, names: &'a Names<'a>) -> Self {
        let numbers = names.declarations().iter().enumerate().map(|(number, it)| (it.name.as_str(), number)).collect();
        Self { catalog, names, numbers, edges: Vec::new() }
    }

    fn collect(mut self) -> Vec<Edge> {
        for (from, declaration) in self.names.declarations().iter().enumerate() {
            match declaration.what {
                Declared::Payload(event) => match &event.payload {
                    Payload::Record(record) => self.fields(from, record),
                    Payload::Opaque(_) => {}
                },
                Declared::Type(named) => self.kind(from, &named.ty.kind),
                Declared::Inline(ty) => self.kind(from, &ty.kind),
                Declared::Case(case) => self.fields(from, &case.record),
                Declared::Alias(..) => {}
            }
        }
        self.edges
    }

    fn kind(&mut self, from: usize, kind: &TypeKind) {
        match kind {
            TypeKind::Record(record) => self.fields(from, record),
            TypeKind::Union(union) => self.cases(from, union),
            TypeKind::Nullable(inner) => self.holds(from, inner, Through::Fixed),
            TypeKind::Named(name) => self.push(from, name.as_str(), Through::Fixed),
            _ => {} // Everything else holds no declared type directly.
        }
    }

    fn fields(&mut self, from: usize, record: &Record) {
        for field in &record.fields {
            let nullable = self.catalog.resolve(&field.ty).is_some_and(Type::is_nullable);
            let loose = nullable || !field.is_required();
            self.holds(from, &field.ty, if loose { Through::LooseField(address(field)) } else { Through::Fixed });
        }
    }

    fn cases(&mut self, from: usize, union: &Union) {
        for case in &union.cases {
            self.push(from, self.names.case(case), Through::Case(address(case)));
        }
    }

    fn holds(&mut self, from: usize, ty: &Type, through: Through) {
        let ty = ty.without_null();
        match &ty.kind {
            TypeKind::Named(name) => self.push(from, name.as_str(), through),
            _ => {
                // Inline enums, records and unions have a name; nothing else is declared.
                if let Some(name) = self.names.inline(ty) {
                    self.push(from, name, through);
                }
            }
        }
    }

    fn push(&mut self, from: usize, name: &str, through: Through) {
        if let Some(&to) = self.numbers.get(name) {
            self.edges.push(Edge { from, to, through });
        }
    }
}

/// Named lists, maps, nullables and names of names that come back to themselves by nothing but such types.
fn self_speaking_aliases(catalog: &Catalog) -> BTreeSet<&TypeName> {
    let numbers: BTreeMap<&TypeName, usize> = catalog.types.keys().zip(0..).collect();
    let mut edges = Vec::new();
    for (named, from) in catalog.types.values().zip(0..) {
        let mut ty = &named.ty;
        loop {
            match &ty.kind {
                TypeKind::List(list) => ty = &list.items,
                TypeKind::Map(inner) | TypeKind::Nullable(inner) => ty = inner,
                TypeKind::Named(name) => {
                    edges.extend(numbers.get(name).map(|&to| (from, to)));
                    break;
                }
                _ => break, // Not an alias any more.
            }
        }
    }
    let component = components(numbers.len(), &edges);
    let on_cycle: BTreeSet<usize> =
        edges.iter().filter(|(from, to)| component.get(*from) == component.get(*to)).map(|&(from, _)| from).collect();
    numbers.into_iter().filter(|(_, number)| on_cycle.contains(number)).map(|(name, _)| name).collect()
}

fn address<T>(value: &T) -> usize {
    std::ptr::from_ref(value).addr()
}
