//! What every rule is handed: the catalog, and everything inside it laid flat once.

use std::fmt;

use growset_model::{Catalog, Event, Field, Function, NamedType, Payload, Record, Rule, Type, TypeKind};

/// What every rule is handed.
pub(crate) struct Context<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) functions: &'a [Function],
    /// Every rule, whoever reports it.
    pub(crate) rules: &'a [&'static Rule],
    /// Every type at any depth, in the order of the contracts: by event, then by named type.
    pub(crate) types: Vec<Spot<'a, Type>>,
    /// Every record at any depth: payloads, records and the cases of unions.
    pub(crate) records: Vec<Spot<'a, Record>>,
}

/// Something of a contract, with the contract that spells it.
pub(crate) struct Spot<'a, T> {
    pub(crate) owner: Owner<'a>,
    pub(crate) what: &'a T,
}

/// The contract that spells something. Shown as `event order.created` or `type Money`.
#[derive(Clone, Copy)]
pub(crate) enum Owner<'a> {
    Event(&'a Event),
    Type(&'a NamedType),
}

impl<'a> Context<'a> {
    pub(crate) fn new(catalog: &'a Catalog, functions: &'a [Function], rules: &'a [&'static Rule]) -> Self {
        let mut context = Self { catalog, functions, rules, types: Vec::new(), records: Vec::new() };
        for event in catalog.events.values() {
            if let Payload::Record(record) = &event.payload {
                context.add_record(Owner::Event(event), record);
            }
        }
        for named in catalog.types.values() {
            context.add_type(Owner::Type(named), &named.ty);
        }
        context
    }

    /// Every field at any depth.
    pub(crate) fn fields(&self) -> impl Iterator<Item = Spot<'a, Field>> {
        self.records.iter().flat_map(|spot| {
            let owner = spot.owner;
            spot.what.fields.iter().map(move |what| Spot { owner, what })
        })
    }

    /// Every event that is still sent: tombstones only keep a name from being used again.
    pub(crate) fn living_events(&self) -> impl Iterator<Item = &'a Event> {
        self.catalog.events.values().filter(|event| event.retired.is_none())
    }

    fn add_type(&mut self, owner: Owner<'a>, ty: &'a Type) {
        self.types.push(Spot { owner, what: ty });
        match &ty.kind {
            TypeKind::Record(record) => self.add_record(owner, record),
            TypeKind::Union(union) => union.cases.iter().for_each(|case| self.add_record(owner, &case.record)),
            kind => kind.parts().into_iter().for_each(|part| self.add_type(owner, part)),
        }
    }

    fn add_record(&mut self, owner: Owner<'a>, record: &'a Record) {
        self.records.push(Spot { owner, what: record });
        record.fields.iter().for_each(|field| self.add_type(owner, &field.ty));
    }
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(event) => write!(formatter, "event {}", event.name),
            Self::Type(named) => write!(formatter, "type {}", named.name),
        }
    }
}

/// Names in a sentence: `a`, `b` and 3 more.
pub(crate) fn listed<T: fmt::Display>(names: &[T]) -> String {
    const SHOWN: usize = 3;
    let quoted: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match (names.len().saturating_sub(SHOWN), quoted.split_last()) {
        (0, Some((last, []))) => last.clone(),
        (0, Some((last, others))) => format!("{} and {last}", others.join(", ")),
        (more, _) => format!("{} and {more} more", quoted.join(", ")),
    }
}
