//! The next version of a released event, made of its edited contract, and the first version as it was released.
//!
//! Pure: a catalog and a lock in, another catalog out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use growset_compat::growth::{Baseline, Root, growth};
use growset_model::lock::{Lock, LockedEvent};
use growset_model::{
    Catalog, Date, Deprecated, Event, EventName, Field, Mapping, NamedType, Payload, Place, Record, Severity, Type,
    TypeKind, TypeName, fingerprint, serial,
};

use crate::baseline;

/// What `bump` changes.
pub(crate) struct NextVersion {
    /// Each event with its next version.
    pub events: BTreeMap<EventName, EventName>,
    /// Shared types that get their released shape back.
    pub restored: BTreeSet<TypeName>,
    /// Shared types with the new shape, by the name of what they were made of.
    pub forks: BTreeMap<TypeName, TypeName>,
    /// The catalog as it is then.
    pub catalog: Catalog,
    /// What a person should know, one line each.
    pub remarks: Vec<String>,
}

/// Makes the next version of an event; of every event that carries what it broke, where `carriers` are meant too.
pub(crate) fn next_version(
    lock: &Lock,
    catalog: &Catalog,
    event: &EventName,
    carriers: bool,
    sunset: Date,
) -> Result<NextVersion, String> {
    let entry = bumped(lock, catalog, event)?;
    let broken = broken_types(lock, catalog, event);
    let mut names = BTreeSet::from([event.clone()]);
    if carriers {
        names.extend(others_that_carry(lock, catalog, &broken));
    }
    let mut events = BTreeMap::new();
    for name in &names {
        events.insert(name.clone(), free_version(lock, catalog, name));
    }
    let version = events.get(event).map_or(2, EventName::version);
    let forks = forks(catalog, &names, &broken, version)?;
    let mut next = catalog.clone();
    for name in &broken {
        if let Some(released) = lock.types_of(entry).get(name) {
            next.types.insert(name.clone(), NamedType::clone(released));
        }
    }
    for (old, new) in &forks {
        let mut fork = catalog.types[old].clone();
        fork.name = new.clone();
        fork.was = Vec::new();
        rename(&mut fork.ty, &forks);
        next.types.insert(new.clone(), fork);
    }
    let mut remarks = Vec::new();
    for (name, successor) in &events {
        let entry = released(lock, name)?;
        let second = second_version(&catalog.events[name], entry, successor, &forks);
        remarks.extend(goes_silent(&entry.contract.event(), &second));
        next.events.insert(name.clone(), first_version(&catalog.events[name], entry, successor, sunset));
        next.events.insert(successor.clone(), second);
    }
    Ok(NextVersion { events, restored: broken, forks, catalog: next, remarks })
}

/// The newest revision of an event whose contract is another by now.
fn bumped<'a>(lock: &'a Lock, catalog: &Catalog, event: &EventName) -> Result<&'a LockedEvent, String> {
    let edited = catalog.events.get(event);
    let entry = match edited {
        Some(_) => released(lock, event)?,
        None => lock.newest(event).ok_or_else(|| unknown(catalog, event))?,
    };
    let edited = edited.ok_or_else(|| format!("no contract defines {event} any more; restore it, then edit it"))?;
    if edited.retired.is_some() {
        return Err(format!("{event} is retired; a new event takes a new name"));
    }
    if fingerprint(catalog, edited).digest == entry.digest {
        let successor = catalog.events.values().find(|other| other.replaces.as_ref() == Some(event));
        return Err(match successor {
            Some(successor) => {
                format!("{event} is as it was released, and {} replaces it; nothing to bump", successor.name)
            }
            None => {
                format!("{event} is as it was released; edit its contract as the next version should be, then bump")
            }
        });
    }
    Ok(entry)
}

fn unknown(catalog: &Catalog, event: &EventName) -> String {
    let near = catalog.events.keys().map(|known| (strsim::jaro_winkler(known.as_str(), event.as_str()), known));
    match near.filter(|(likeness, _)| *likeness > 0.8).max_by(|left, right| left.0.total_cmp(&right.0)) {
        Some((_, known)) => format!("no contract defines {event}; did you mean {known}?"),
        None => format!("no contract defines {event}"),
    }
}

fn released<'a>(lock: &'a Lock, event: &EventName) -> Result<&'a LockedEvent, String> {
    lock.newest(event).ok_or_else(|| format!("{event} is not released yet, so it may change freely; edit its contract"))
}

/// Shared types whose edit breaks a revision of the event.
fn broken_types(lock: &Lock, catalog: &Catalog, event: &EventName) -> BTreeSet<TypeName> {
    let mut baseline: Baseline = baseline::of_lock(lock, "").baseline;
    baseline.settings = None;
    baseline.revisions.retain(|revision| revision.name == *event);
    let report = growth(&baseline, catalog);
    let findings = report.findings.into_iter().filter(|finding| finding.severity() == Severity::Error);
    findings
        .filter_map(|finding| match finding.root {
            Root::Type(name) if catalog.types.contains_key(&name) => Some(name),
            Root::Type(_) | Root::Event(_) | Root::Catalog => None,
        })
        .collect()
}

/// Released events that reach one of the types now.
fn others_that_carry(lock: &Lock, catalog: &Catalog, broken: &BTreeSet<TypeName>) -> Vec<EventName> {
    let carries = |event: &&Event| {
        event.retired.is_none()
            && lock.newest(&event.name).is_some()
            && catalog.reachable(&event.payload).keys().any(|name| broken.contains(*name))
    };
    catalog.events.values().filter(carries).map(|event| event.name.clone()).collect()
}

fn free_version(lock: &Lock, catalog: &Catalog, event: &EventName) -> EventName {
    let mut next = event.next_version();
    while catalog.events.contains_key(&next) || lock.newest(&next).is_some() {
        next = next.next_version();
    }
    next
}

/// A new name for every broken type, and for every type of the bumped events that reaches one.
fn forks(
    catalog: &Catalog,
    events: &BTreeSet<EventName>,
    broken: &BTreeSet<TypeName>,
    version: u32,
) -> Result<BTreeMap<TypeName, TypeName>, String> {
    let mut forks = BTreeMap::new();
    let reached = events.iter().flat_map(|name| catalog.reachable(&catalog.events[name].payload));
    let reached: BTreeMap<&TypeName, &NamedType> = reached.collect();
    for (name, named) in reached {
        let below = catalog.reachable_from([&named.ty]);
        if broken.contains(name) || below.keys().any(|below| broken.contains(*below)) {
            forks.insert(name.clone(), free_type(catalog, name, version)?);
        }
    }
    Ok(forks)
}

fn free_type(catalog: &Catalog, name: &TypeName, version: u32) -> Result<TypeName, String> {
    for number in version..version.saturating_add(1000) {
        let fork = TypeName::parse(&format!("{name}V{number}")).map_err(|error| error.to_string())?;
        if !catalog.types.contains_key(&fork) {
            return Ok(fork);
        }
    }
    Err(format!("no name is free for the next shape of type {name}"))
}

/// The edited contract under its new name, filled from the first version where a field kept its name and type.
fn second_version(
    edited: &Event,
    entry: &LockedEvent,
    name: &EventName,
    forks: &BTreeMap<TypeName, TypeName>,
) -> Event {
    let mut second = edited.clone();
    second.name = name.clone();
    second.deprecated = None;
    second.replaces = Some(entry.name.clone());
    second.source = beside(&edited.source, name);
    let released = entry.contract.event();
    if let Payload::Record(record) = &mut second.payload {
        for field in &mut record.fields {
            rename(&mut field.ty, forks);
            field.mapping = source(released.record(), field).or_else(|| constant(field)).map(Box::new);
        }
    }
    second
}

/// `from_value` stays; a `from` spoke of another event.
fn constant(field: &Field) -> Option<Mapping> {
    field.mapping.as_deref().filter(|mapping| matches!(mapping, Mapping::Value(_))).cloned()
}

fn source(released: Option<&Record>, field: &Field) -> Option<Mapping> {
    let namesake = released?.field(field.name.as_str())?;
    let can_fill = namesake.is_required() || (!namesake.is_derived() && !field.is_required());
    let fills = !field.is_derived() && can_fill && is_same_type(&namesake.ty, &field.ty);
    fills.then(|| Mapping::From(field.name.clone()))
}

/// Spelled alike, docs included.
fn is_same_type(left: &Type, right: &Type) -> bool {
    let spelled = |ty: &Type| {
        let name = TypeName::parse("T").ok()?;
        let (was, doc, example, deprecated) = (Vec::new(), None, None, None);
        let (pii, place) = (false, Place::NOWHERE);
        Some(serial::type_to_json(&NamedType { name, was, doc, example, deprecated, pii, ty: ty.clone(), place }))
    };
    spelled(left) == spelled(right)
}

/// The contract as it was released, where the edited one lies now.
fn first_version(edited: &Event, entry: &LockedEvent, successor: &EventName, sunset: Date) -> Event {
    let mut first = Arc::unwrap_or_clone(entry.contract.event());
    first.source.clone_from(&edited.source);
    first.deprecated = Some(Deprecated {
        successor: Some(successor.to_string()),
        sunset: Some(sunset),
        ..first.deprecated.unwrap_or_default()
    });
    first
}

/// Pages that still listen to the first version are served from the second, where its required fields can be had back.
fn goes_silent(first: &Event, second: &Event) -> Option<String> {
    let nothing = Record::default();
    let sources = second.record().unwrap_or(&nothing);
    let is_lost = |field: &&Field| {
        let is_its_own = |mapping: &Mapping| *mapping == Mapping::From(field.name.clone());
        let fills = |other: &&Field| other.is_required() && other.mapping.as_deref().is_some_and(is_its_own);
        field.is_required() && sources.fields.iter().filter(fills).count() != 1
    };
    let lost: Vec<&str> = first.record()?.fields.iter().filter(is_lost).map(|field| field.name.as_str()).collect();
    (!lost.is_empty()).then(|| {
        format!(
            "v1-goes-silent: {} cannot be made of {} again ({}); publishers have to send both",
            first.name,
            second.name,
            lost.join(", ")
        )
    })
}

fn beside(source: &str, name: &EventName) -> String {
    source.rsplit_once('/').map_or_else(|| format!("{name}.yaml"), |(folder, _)| format!("{folder}/{name}.yaml"))
}

/// Points every reference at the fork of what it names.
fn rename(ty: &mut Type, forks: &BTreeMap<TypeName, TypeName>) {
    match &mut ty.kind {
        TypeKind::Named(name) => {
            if let Some(fork) = forks.get(name) {
                *name = fork.clone();
            }
        }
        TypeKind::List(list) => rename(&mut list.items, forks),
        TypeKind::Map(inner) | TypeKind::Nullable(inner) => rename(inner, forks),
        TypeKind::Record(record) => record.fields.iter_mut().for_each(|field| rename(&mut field.ty, forks)),
        TypeKind::Union(union) => {
            let fields = union.cases.iter_mut().flat_map(|case| &mut case.record.fields);
            fields.for_each(|field| rename(&mut field.ty, forks));
        }
        TypeKind::Text(_)
        | TypeKind::Format(_)
        | TypeKind::Boolean
        | TypeKind::Integer(_)
        | TypeKind::Number(_)
        | TypeKind::Json
        | TypeKind::Enum(_)
        | TypeKind::Opaque(_) => {}
    }
}
