//! Which file each type stands in, and how one file speaks of another's types.

use std::collections::BTreeMap;

use askama::Template;

use growset_model::Event;
use growset_model::hoist::{Declaration, Owner};
use growset_model::snake;

use crate::escape::rust::{comment, doc, identifier, type_identifier};
use crate::{CodegenError, Request};

/// What the crate root holds beside the modules of events, and file names that Windows keeps for devices.
const TAKEN_MODULES: [&str; 9] = ["types", "unknown", "lib", "main", "con", "prn", "aux", "nul", "std"];

/// Every file, in order, with what stands in it.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    files: Vec<File<'a>>,
    /// All declarations, in the order of the files.
    placed: Vec<Placed<'a>>,
}

/// One source file of the generated crate.
#[derive(Debug)]
pub(super) struct File<'a> {
    pub(super) home: Home,
    pub(super) declarations: Vec<&'a Declaration<'a>>,
    /// Whether drafts of the same module stand in a file below this one.
    has_drafts: bool,
}

/// A declaration and where it stands.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    pub(super) declaration: &'a Declaration<'a>,
    pub(super) home: Home,
}

/// Where a type stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home {
    /// Shared by events.
    Types,
    /// In the module of an event; the name is not yet escaped.
    Events { module: String, draft: bool },
}

impl<'a> Layout<'a> {
    pub(super) fn new(request: &Request<'a>) -> Self {
        let mut by_home: BTreeMap<Home, Vec<&Declaration>> = BTreeMap::new();
        for event in request.catalog.events.values().filter(|event| event.retired.is_none() && event.is_draft()) {
            // A module of drafts alone still needs the file that names it.
            by_home.entry(Home::Events { module: module(event), draft: false }).or_default();
        }
        for declaration in request.names.declarations() {
            if let Some(home) = Home::of(declaration) {
                by_home.entry(home).or_default().push(declaration);
            }
        }
        let homes: Vec<Home> = by_home.keys().cloned().collect();
        let files: Vec<File> = by_home
            .into_iter()
            .map(|(home, declarations)| {
                let drafts = home.drafts();
                File { has_drafts: drafts.is_some_and(|drafts| homes.contains(&drafts)), home, declarations }
            })
            .collect();
        let placed = files
            .iter()
            .flat_map(|file| {
                file.declarations.iter().map(|&declaration| Placed { declaration, home: file.home.clone() })
            })
            .collect();
        Self { files, placed }
    }

    pub(super) fn files(&self) -> &[File<'a>] {
        &self.files
    }

    pub(super) fn placed(&self) -> &[Placed<'a>] {
        &self.placed
    }

    /// `src/lib.rs`.
    pub(super) fn library(&self, request: &Request) -> Result<String, CodegenError> {
        let modules = self.files.iter().filter_map(|file| file.home.module_name()).map(identifier).collect();
        let title = Some(request.catalog.settings.title.as_str()).filter(|title| !title.trim().is_empty());
        let title = doc(title.unwrap_or("Events"), "//!");
        Ok(Library { title, modules }.render()?)
    }
}

#[derive(Template)]
#[template(path = "rust/lib.rs.txt")]
struct Library {
    title: String,
    modules: Vec<String>,
}

impl Home {
    /// Nothing for what a retired event declared.
    fn of(declaration: &Declaration) -> Option<Self> {
        match declaration.owner {
            Owner::Type(_) => Some(Self::Types),
            Owner::Event(event) if event.retired.is_some() => None,
            Owner::Event(event) => Some(Self::Events { module: module(event), draft: event.is_draft() }),
        }
    }

    /// Where the drafts of this module stand.
    fn drafts(&self) -> Option<Self> {
        match self {
            Self::Events { module, draft: false } => Some(Self::Events { module: module.clone(), draft: true }),
            Self::Events { .. } | Self::Types => None,
        }
    }

    /// The name of the module at the crate's root; nothing for a file below another one.
    fn module_name(&self) -> Option<&str> {
        match self {
            Self::Types => Some("types"),
            Self::Events { module, draft: false } => Some(module),
            Self::Events { draft: true, .. } => None,
        }
    }

    /// How code of this home speaks of a type that events share.
    pub(super) fn path_to_shared(&self, name: &str) -> String {
        let name = type_identifier(name);
        match self {
            Self::Types => name,
            Self::Events { .. } => format!("crate::types::{name}"),
        }
    }
}

/// The module that holds the types of an event, before keywords are escaped.
pub(in crate::targets) fn module(event: &Event) -> String {
    let module = snake(event.name.first_segment());
    let taken = TAKEN_MODULES.contains(&module.as_str()) || matches!(module.as_str(), "self" | "super" | "crate");
    if taken { module + "_" } else { module }
}

impl File<'_> {
    /// Below the generated crate.
    pub(super) fn path(&self) -> String {
        match &self.home {
            Home::Types => "src/types.rs".to_owned(),
            Home::Events { module, draft: false } => format!("src/{module}.rs"),
            Home::Events { module, draft: true } => format!("src/{module}/draft.rs"),
        }
    }

    /// The whole file, given the text of each declaration.
    pub(super) fn text(&self, request: &Request, items: &[String]) -> Result<String, CodegenError> {
        let retired = match &self.home {
            Home::Events { module: here, draft: false } => request
                .catalog
                .events
                .values()
                .filter(|event| module(event) == *here)
                .filter_map(retired_line)
                .collect(),
            Home::Events { .. } | Home::Types => Vec::new(),
        };
        let file =
            ModuleFile { sources: self.sources(), about: self.about(), retired, has_drafts: self.has_drafts, items };
        Ok(file.render()?)
    }

    fn about(&self) -> String {
        match &self.home {
            Home::Types => "Types that events share.".to_owned(),
            Home::Events { module, draft: false } => format!("Events whose names start with `{module}`."),
            Home::Events { module, draft: true } => {
                format!("Drafts of events whose names start with `{module}`: they may change freely.")
            }
        }
    }

    /// The contracts that this file is made from.
    fn sources(&self) -> String {
        let mut sources: Vec<&str> = self
            .declarations
            .iter()
            .filter_map(|declaration| match declaration.owner {
                Owner::Event(event) => Some(event.source.as_str()),
                Owner::Type(_) => None,
            })
            .collect();
        sources.sort_unstable();
        sources.dedup();
        match sources.as_slice() {
            [] => "the contracts".to_owned(),
            sources => sources.iter().map(|source| comment(source)).collect::<Vec<_>>().join(", "),
        }
    }
}

#[derive(Template)]
#[template(path = "rust/module.rs.txt")]
struct ModuleFile<'a> {
    sources: String,
    about: String,
    retired: Vec<String>,
    has_drafts: bool,
    items: &'a [String],
}

/// What is left of a retired event: a line that says so.
fn retired_line(event: &Event) -> Option<String> {
    let retired = event.retired.as_ref()?;
    let successor = retired.successor.as_ref().map_or(String::new(), |successor| format!("; use `{successor}`"));
    Some(format!("`{}` is retired since {}{successor}.", event.name, retired.since))
}
