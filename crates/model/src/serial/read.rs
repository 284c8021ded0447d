//! JSON to catalog. Whatever could make an invalid catalog is refused at its JSON Pointer.

mod node;

mod members;

mod shape;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use self::members::{At, Members, Refusal};
pub(crate) use self::node::Node;
use self::shape::{named_type, record};
use crate::catalog::{
    Audience, Catalog, Date, Deprecated, Event, Example, LintLevel, LintPolicy, NamePolicy, Payload, Retain, Retired,
    RustPackage, Settings, Stability,
};
use crate::name::{EventName, TypeName};
use crate::place::Place;
use crate::released::{Released, Shapes};
use crate::serial::{FORMAT_VERSION, SerialError, newer_version};
use crate::shape::{NamedType, TypeKind};

pub(super) fn catalog(value: &Value) -> Result<Catalog, SerialError> {
    let root = Node::of(value);
    let catalog = whole(At::root(&root)).map_err(|refusal| refusal.located(&root))?;
    refuse_unknown_types(&catalog)?;
    Ok(catalog)
}

/// One event by itself; names of other events may be of any style.
pub(crate) fn one_event(name: EventName, root: &Node) -> Result<Event, SerialError> {
    event(name, At::root(root), &NamePolicy::Any).map_err(|refusal| refusal.located(root))
}

/// One named type by itself.
pub(crate) fn one_type(name: TypeName, root: &Node) -> Result<NamedType, SerialError> {
    named_type(name, At::root(root)).map_err(|refusal| refusal.located(root))
}

fn whole(at: At<'_>) -> Result<Catalog, Refusal> {
    let mut members = at.members()?;
    let version = members.required("growset")?;
    match version.natural()? {
        0 => return Err(version.error("versions count from 1; write this file anew by `growset generate`")),
        found if found > FORMAT_VERSION => return Err(version.error(newer_version(found))),
        _ => {}
    }
    let settings = settings(&mut members)?;
    let types_at = members.required("types")?;
    let events_at = members.required("events")?;
    // Read by `released`: it is no part of the contracts.
    let _ = members.optional("released");
    members.finish()?;

    let mut types = BTreeMap::new();
    for (key, at) in types_at.entries()? {
        let name = TypeName::parse(key).map_err(|error| at.error(error.to_string()))?;
        types.insert(name.clone(), named_type(name, at)?);
    }
    let mut events = BTreeMap::new();
    for (key, at) in events_at.entries()? {
        let name = event_name(key, &settings.names).map_err(|message| at.error(message))?;
        events.insert(name.clone(), event(name, at, &settings.names)?);
    }
    Ok(Catalog { settings, events, types })
}

/// What was released, by digest.
pub(super) fn released(value: &Value) -> Result<Released, SerialError> {
    let root = Node::of(value);
    released_shapes(At::root(&root)).map_err(|refusal| refusal.located(&root))
}

fn released_shapes(at: At<'_>) -> Result<Released, Refusal> {
    let mut released = Released::default();
    let Some(at) = at.member("released") else {
        return Ok(released);
    };
    for (key, at) in at.entries()? {
        let name = EventName::parse_any_style(key).map_err(|error| at.error(error.to_string()))?;
        let mut members = at.members()?;
        let standing = digests(members.required("shapes")?)?;
        let broken = members.optional("broken").map(digests).transpose()?.unwrap_or_default();
        members.finish()?;
        released.events.insert(name, Shapes { standing, broken });
    }
    Ok(released)
}

fn digests(at: At<'_>) -> Result<BTreeSet<String>, Refusal> {
    at.items()?.map(|at| at.text().map(str::to_owned)).collect()
}

fn settings(members: &mut Members<'_>) -> Result<Settings, Refusal> {
    let mut npm = members.required("npm")?.members()?;
    let npm_name = npm.required("name")?.text()?.to_owned();
    npm.finish()?;
    let mut rust = members.required("rust")?.members()?;
    let mut event_crate = BTreeMap::new();
    if let Some(at) = rust.optional("event_crate") {
        for (key, at) in at.entries()? {
            event_crate.insert(key.to_owned(), at.text()?.to_owned());
        }
    }
    let rust_name = rust.required("name")?.text()?.to_owned();
    rust.finish()?;
    let mut policy = BTreeMap::new();
    if let Some(at) = members.optional("policy") {
        for (rule, at) in at.entries()? {
            let level = at.one_of(&[LintLevel::Allow, LintLevel::Warn, LintLevel::Deny], LintLevel::as_str)?;
            policy.insert(rule.to_owned(), LintPolicy { level, place: Place::NOWHERE });
        }
    }
    Ok(Settings {
        title: members.required("title")?.text()?.to_owned(),
        schema_base: members.required("schema_base")?.text()?.to_owned(),
        npm_name,
        rust: RustPackage { name: rust_name, event_crate },
        names: members.optional("names").map(name_policy).transpose()?.unwrap_or_default(),
        policy,
    })
}

fn name_policy(at: At<'_>) -> Result<NamePolicy, Refusal> {
    if at.is_text("any") {
        return Ok(NamePolicy::Any);
    }
    let mut members = at.members()?;
    let mut names = Vec::new();
    for at in members.required("any")?.items()? {
        names.push(at.text()?.to_owned());
    }
    members.finish()?;
    Ok(NamePolicy::Except(names))
}

fn event_name(text: &str, policy: &NamePolicy) -> Result<EventName, String> {
    let any_style = match policy {
        NamePolicy::Dotted => false,
        NamePolicy::Except(names) => names.iter().any(|name| name == text),
        NamePolicy::Any => true,
    };
    let name = if any_style { EventName::parse_any_style(text) } else { EventName::parse(text) };
    name.map_err(|error| error.to_string())
}

fn event(name: EventName, at: At<'_>, names: &NamePolicy) -> Result<Event, Refusal> {
    let referred = |at: At<'_>| event_name(at.text()?, names).map_err(|message| at.error(message));
    let mut members = at.members()?;
    let payload = match members.optional("json_schema") {
        Some(at) => Payload::Opaque(at.value()),
        None => Payload::Record(record(&mut members, 0)?),
    };
    let mut examples = Vec::new();
    if let Some(at) = members.optional("examples") {
        for at in at.items()? {
            examples.push(Example { value: at.value(), place: Place::NOWHERE, parts: BTreeMap::new() });
        }
    }
    let event = Event {
        name,
        owner: members.text("owner")?,
        audience: members.required("audience")?.one_of(&Audience::ALL, Audience::as_str)?,
        doc: members.text("doc")?,
        stability: members
            .optional("stability")
            .map(|at| at.one_of(&[Stability::Stable, Stability::Draft], Stability::as_str))
            .transpose()?
            .unwrap_or_default(),
        deprecated: members.optional("deprecated").map(deprecated).transpose()?,
        replaces: members.optional("replaces").map(referred).transpose()?,
        retain: members.optional("retain").map(retain).transpose()?,
        terminal: members.flag("terminal")?,
        max_bytes: members.natural("max_bytes")?,
        retired: members.optional("retired").map(|at| retired(at, referred)).transpose()?,
        payload,
        examples,
        source: members.required("source")?.text()?.to_owned(),
        place: Place::NOWHERE,
    };
    members.finish()?;
    Ok(event)
}

fn deprecated(at: At<'_>) -> Result<Deprecated, Refusal> {
    let mut members = at.members()?;
    let deprecated = Deprecated {
        successor: members.text("use")?,
        sunset: members.optional("sunset").map(date).transpose()?,
        reason: members.text("reason")?,
        place: Place::NOWHERE,
    };
    members.finish()?;
    Ok(deprecated)
}

fn retain(at: At<'_>) -> Result<Retain, Refusal> {
    if at.is_text("latest") {
        return Ok(Retain::Latest);
    }
    let mut members = at.members()?;
    let fields = members.required("latest_by")?.field_names()?;
    members.finish()?;
    Ok(Retain::LatestBy(fields))
}

fn retired<'a>(at: At<'a>, referred: impl Fn(At<'a>) -> Result<EventName, Refusal>) -> Result<Retired, Refusal> {
    let mut members = at.members()?;
    let since = date(members.required("since")?)?;
    let successor = members.optional("use").map(referred).transpose()?;
    members.finish()?;
    Ok(Retired { since, successor })
}

fn date(at: At<'_>) -> Result<Date, Refusal> {
    Date::parse(at.text()?).ok_or_else(|| at.error("is no day of the calendar; write it as `2027-06-30`"))
}

/// Every named type that is used has to be there.
fn refuse_unknown_types(catalog: &Catalog) -> Result<(), SerialError> {
    let in_types = catalog.types.iter().map(|(name, named)| (format!("/types/{name}"), vec![&named.ty]));
    let in_events = catalog.events.iter().map(|(name, event)| {
        let fields = event.record().into_iter().flat_map(|record| &record.fields);
        (format!("/events/{name}"), fields.map(|field| &field.ty).collect())
    });
    for (pointer, mut waiting) in in_types.chain(in_events) {
        while let Some(ty) = waiting.pop() {
            if let TypeKind::Named(name) = &ty.kind
                && !catalog.types.contains_key(name)
            {
                let message = format!("type `{name}` is used here and not in `/types`; write this file anew");
                return Err(SerialError { pointer, message });
            }
            waiting.extend(ty.kind.parts());
        }
    }
    Ok(())
}
