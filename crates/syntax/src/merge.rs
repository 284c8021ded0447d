//! The lowered files put together: duplicate names, and what only shows when every type is known.

use std::collections::BTreeMap;

use growset_model::{
    Catalog, Diagnostic, Event, EventName, NamedType, Payload, Place, Settings, Type, TypeKind, Waiver,
};

use crate::rules;

/// One file's part of the catalog.
#[derive(Debug)]
pub(crate) enum Part {
    Event(Option<Box<Event>>),
    Types(Vec<NamedType>),
    /// No part of the catalog, but read like one.
    Waivers(Vec<Waiver>),
    /// A file that holds nothing of the catalog.
    Nothing,
}

/// Puts the parts together; the first of several definitions stays.
pub(crate) fn merge(settings: Settings, parts: Vec<Part>, diagnostics: &mut Vec<Diagnostic>) -> Catalog {
    let mut catalog = Catalog { settings, ..Catalog::default() };
    let mut events = Names::new("event");
    let mut types = Names::new("type");
    for part in parts {
        match part {
            Part::Nothing | Part::Waivers(_) | Part::Event(None) => {}
            Part::Event(Some(event)) => {
                if events.claim(event.name.as_str(), event.place, diagnostics) {
                    catalog.events.insert(event.name.clone(), *event);
                }
            }
            Part::Types(named) => {
                for named in named {
                    if types.claim(named.name.as_str(), named.place, diagnostics) {
                        catalog.types.insert(named.name.clone(), named);
                    }
                }
            }
        }
    }
    refuse_nulls_twice(&catalog, diagnostics);
    refuse_circles(&catalog, diagnostics);
    catalog
}

/// The names given so far, by their lower-case form.
struct Names {
    what: &'static str,
    taken: BTreeMap<String, (String, Place)>,
}

impl Names {
    fn new(what: &'static str) -> Self {
        Self { what, taken: BTreeMap::new() }
    }

    /// Takes a name; answers whether nobody had exactly this one.
    fn claim(&mut self, name: &str, place: Place, diagnostics: &mut Vec<Diagnostic>) -> bool {
        let what = self.what;
        let Some((first, first_place)) = self.taken.get(&name.to_ascii_lowercase()) else {
            self.taken.insert(name.to_ascii_lowercase(), (name.to_owned(), place));
            return true;
        };
        let same = first == name;
        let message = if same {
            format!("{what} `{name}` is defined twice; rename or remove one of them")
        } else {
            format!("{what} `{name}` differs from `{first}` only by case; rename one of them")
        };
        diagnostics.push(
            Diagnostic::new(&rules::DUPLICATE_NAME, place, message)
                .label(if same { "again here" } else { "differs only by case" })
                .related(*first_place, "first here"),
        );
        !same
    }
}

/// `nullable<T>` where the name `T` stands for something that is null already.
fn refuse_nulls_twice(catalog: &Catalog, diagnostics: &mut Vec<Diagnostic>) {
    let payloads = catalog.events.values().filter_map(|event| match &event.payload {
        Payload::Record(record) => Some(record.fields.iter().map(|field| &field.ty)),
        Payload::Opaque(_) => None,
    });
    let mut waiting: Vec<&Type> = payloads.flatten().chain(catalog.types.values().map(|named| &named.ty)).collect();
    while let Some(ty) = waiting.pop() {
        waiting.extend(ty.kind.parts());
        let TypeKind::Nullable(inner) = &ty.kind else { continue };
        let TypeKind::Named(name) = &inner.kind else { continue };
        let twice = match catalog.resolve(inner).map(|found| &found.kind) {
            Some(TypeKind::Nullable(_)) => "nullable",
            Some(TypeKind::Json | TypeKind::Opaque(_)) => "any JSON, null included",
            // Every other kind has no null of its own; a name that leads nowhere has its own report.
            _ => continue,
        };
        let message = format!("`{name}` is {twice} already; write it without `nullable`");
        let diagnostic = Diagnostic::new(&rules::REDUNDANT_NULLABLE, ty.place, message).label("says null twice");
        diagnostics.push(match catalog.types.get(name) {
            Some(named) => diagnostic.related(named.place, format!("`{name}` is defined here")),
            None => diagnostic,
        });
    }
}

/// `a` replaces `b`, which replaces `a`: no payload could be carried forward.
fn refuse_circles(catalog: &Catalog, diagnostics: &mut Vec<Diagnostic>) {
    let replaced = |name: &EventName| catalog.events.get(name).and_then(|event| event.replaces.as_ref());
    for event in catalog.events.values() {
        let mut seen = vec![&event.name];
        let mut next = event.replaces.as_ref();
        while let Some(name) = next.filter(|name| !seen.contains(name)) {
            seen.push(name);
            next = replaced(name);
        }
        // Reported once, at the first name of the circle; that an event replaces itself is reported where it says so.
        let closes = next == Some(&event.name) && seen.len() > 1 && seen.iter().all(|name| event.name <= **name);
        if closes {
            let circle: Vec<String> = seen.iter().map(|name| format!("`{name}`")).collect();
            let message = format!("events replace each other in a circle: {}; break it", circle.join(", "));
            diagnostics
                .push(Diagnostic::new(&rules::INVALID_MAPPING, event.place, message).label("comes back to itself"));
        }
    }
}
