//! The one namer: every type-level identifier is decided here, before any target runs.
//!
//! How names are made is told in [`growset_model::hoist`]. A target escapes what is a keyword in its language and
//! otherwise prints these names as they are.

use std::collections::{BTreeMap, BTreeSet};

use growset_model::hoist::{Declaration, Declared, declarations};
use growset_model::{Case, Catalog, EventName, Type};

use crate::CodegenError;

/// The name of a generated type, such as `OrderCreated`: `[A-Z][A-Za-z0-9_]*`, before keywords are escaped.
pub type TypeIdent = str;

/// Every type of a catalog that generated code names.
#[derive(Debug)]
pub struct Names<'a> {
    declarations: Vec<Declaration<'a>>,
    events: BTreeMap<&'a EventName, usize>,
    /// Inline types and cases, by where they are in memory: the catalog is borrowed, so that stays true, and only
    /// look-ups use it, never an order.
    by_address: BTreeMap<usize, usize>,
}

impl<'a> Names<'a> {
    /// Decides every name. Two equal ones are refused: a later contract would change any suffix invented here.
    pub fn new(catalog: &'a Catalog) -> Result<Self, CodegenError> {
        let declarations = declarations(catalog);
        let mut taken = BTreeSet::new();
        if let Some(twice) = declarations.iter().find(|declaration| !taken.insert(&declaration.name)) {
            return Err(CodegenError::Collision(twice.name.clone()));
        }
        let mut events = BTreeMap::new();
        let mut by_address = BTreeMap::new();
        for (index, declaration) in declarations.iter().enumerate() {
            match declaration.what {
                Declared::Payload(event) => _ = events.insert(&event.name, index),
                Declared::Inline(ty) => _ = by_address.insert(address(ty), index),
                Declared::Case(case) => _ = by_address.insert(address(case), index),
                Declared::Type(_) | Declared::Alias(..) => {} // Called as the contract calls them.
            }
        }
        Ok(Self { declarations, events, by_address })
    }

    /// Everything that has a name: by event, then by named type, each followed by what is inside it.
    pub fn declarations(&self) -> &[Declaration<'a>] {
        &self.declarations
    }

    /// The payload type of an event of this catalog.
    pub fn event(&self, event: &EventName) -> &TypeIdent {
        self.name(self.events.get(event))
    }

    /// The name of an inline enum, record or union, which is one of this very catalog, not a copy; nothing for any
    /// other type (a named one is called by its name).
    pub fn inline(&self, ty: &Type) -> Option<&TypeIdent> {
        self.by_address.get(&address(ty)).map(|index| self.name(Some(index)))
    }

    /// The name of the record of a union's case, which is one of this very catalog, not a copy.
    pub fn case(&self, case: &Case) -> &TypeIdent {
        self.name(self.by_address.get(&address(case)))
    }

    fn name(&self, index: Option<&usize>) -> &str {
        index.and_then(|&index| self.declarations.get(index)).map_or("", |declaration| &declaration.name)
    }
}

fn address<T>(value: &T) -> usize {
    std::ptr::from_ref(value).addr()
}
