//! The types of a catalog, from JSON.

use serde_json::Number;

use super::deprecated;
use super::members::{At, Members, Refusal};
use crate::name::{FieldName, TypeName};
use crate::pattern::Pattern;
use crate::place::Place;
use crate::shape::{
    Bounds, Case, Derivation, Enum, EnumValue, Field, List, Mapping, NamedType, Presence, Record, Text, TextFormat,
    Type, TypeKind, Union,
};

/// How deep types may stand in types. JSON texts are read to a depth of 128, so this bounds values made otherwise.
const DEEPEST_TYPE: usize = 128;

pub(super) fn named_type(name: TypeName, at: At<'_>) -> Result<NamedType, Refusal> {
    let mut members = at.members()?;
    let mut was = Vec::new();
    if let Some(at) = members.optional("was") {
        for at in at.items()? {
            was.push(TypeName::parse(at.text()?).map_err(|error| at.error(error.to_string()))?);
        }
    }
    let named = NamedType {
        name,
        was,
        doc: members.text("doc")?,
        example: members.optional("example").map(|at| at.value()),
        deprecated: members.optional("deprecated").map(deprecated).transpose()?,
        pii: members.flag("pii")?,
        ty: ty(&mut members, 0)?,
        place: Place::NOWHERE,
    };
    members.finish()?;
    Ok(named)
}

/// Takes the keys of a type out of an object that may hold others.
fn ty(members: &mut Members<'_>, depth: usize) -> Result<Type, Refusal> {
    if depth > DEEPEST_TYPE {
        return Err(members.error(format!("types stand deeper than {DEEPEST_TYPE} in each other; give one a name")));
    }
    let kind = if let Some(at) = members.optional("type") {
        word(at, members)?
    } else if let Some(at) = members.optional("list") {
        list(at, members, depth)?
    } else if let Some(at) = members.optional("map") {
        TypeKind::Map(Box::new(alone(at, depth)?))
    } else if let Some(at) = members.optional("nullable") {
        nullable(at, depth)?
    } else if let Some(at) = members.optional("enum") {
        choice(at, members)?
    } else if let Some(at) = members.optional("union") {
        union(at, members, depth)?
    } else if let Some(at) = members.optional("json_schema") {
        TypeKind::Opaque(at.value())
    } else if members.has("fields") {
        TypeKind::Record(record(members, depth)?)
    } else {
        let message =
            "no type is said; write one of `type`, `list`, `map`, `nullable`, `enum`, `fields`, `union`, `json_schema`";
        return Err(members.error(message));
    };
    Ok(Type { kind, place: Place::NOWHERE })
}

/// A type with nothing beside it.
fn alone(at: At<'_>, depth: usize) -> Result<Type, Refusal> {
    let mut members = at.members()?;
    let ty = ty(&mut members, depth + 1)?;
    members.finish()?;
    Ok(ty)
}

fn word(at: At<'_>, members: &mut Members<'_>) -> Result<TypeKind, Refusal> {
    let text = at.text()?;
    if let Some(format) = TextFormat::ALL.into_iter().find(|format| format.as_str() == text) {
        return Ok(TypeKind::Format(format));
    }
    Ok(match text {
        "string" => TypeKind::Text(Text {
            min_length: members.natural("min_length")?,
            max_length: members.natural("max_length")?,
            pattern: members.optional("pattern").map(pattern).transpose()?,
        }),
        "boolean" => TypeKind::Boolean,
        "integer" => TypeKind::Integer(bounds(members, Number::as_i64)?),
        "number" => TypeKind::Number(bounds(members, Number::as_f64)?),
        "json" => TypeKind::Json,
        _ => TypeKind::Named(TypeName::parse(text).map_err(|error| at.error(error.to_string()))?),
    })
}

fn pattern(at: At<'_>) -> Result<Pattern, Refusal> {
    Pattern::parse(at.text()?).map_err(|error| at.error(error.to_string()))
}

fn bounds<N>(members: &mut Members<'_>, read: fn(&Number) -> Option<N>) -> Result<Bounds<N>, Refusal> {
    let mut bound = |key| {
        let at = members.optional(key);
        at.map(|at| at.number().and_then(read).ok_or_else(|| at.error("is no number that fits the type"))).transpose()
    };
    Ok(Bounds { min: bound("min")?, max: bound("max")? })
}

fn list(at: At<'_>, members: &mut Members<'_>, depth: usize) -> Result<TypeKind, Refusal> {
    Ok(TypeKind::List(List {
        items: Box::new(alone(at, depth)?),
        min_items: members.natural("min_items")?,
        max_items: members.natural("max_items")?,
        unique: members.flag("unique")?,
    }))
}

fn nullable(at: At<'_>, depth: usize) -> Result<TypeKind, Refusal> {
    let inner = alone(at, depth)?;
    match inner.kind {
        TypeKind::Nullable(_) | TypeKind::Json | TypeKind::Opaque(_) => {
            Err(at.error("holds null already; take `nullable` away"))
        }
        _ => Ok(TypeKind::Nullable(Box::new(inner))), // Every other kind may be nullable.
    }
}

fn choice(at: At<'_>, members: &mut Members<'_>) -> Result<TypeKind, Refusal> {
    let mut values = Vec::new();
    for (value, at) in at.entries()? {
        let mut members = at.members()?;
        values.push(EnumValue {
            value: value.to_owned(),
            doc: members.text("doc")?,
            deprecated: members.optional("deprecated").map(deprecated).transpose()?,
            place: Place::NOWHERE,
        });
        members.finish()?;
    }
    if values.is_empty() {
        return Err(at.error("has no value; an enum has one at least"));
    }
    Ok(TypeKind::Enum(Enum { closed: members.flag("closed")?, values }))
}

fn union(at: At<'_>, members: &mut Members<'_>, depth: usize) -> Result<TypeKind, Refusal> {
    let tag = at.field_name()?;
    let cases_at = members.required("cases")?;
    let mut cases = Vec::new();
    for (value, at) in cases_at.entries()? {
        let mut members = at.members()?;
        let case = Case {
            value: value.to_owned(),
            doc: members.text("doc")?,
            deprecated: members.optional("deprecated").map(deprecated).transpose()?,
            record: record(&mut members, depth)?,
            place: Place::NOWHERE,
        };
        members.finish()?;
        if case.record.field(tag.as_str()).is_some() {
            return Err(at.error(format!("has a field `{tag}`, which is the tag of the union")));
        }
        cases.push(case);
    }
    if cases.is_empty() {
        return Err(cases_at.error("has no case; a union has one at least"));
    }
    Ok(TypeKind::Union(Union { tag, closed: members.flag("closed")?, cases }))
}

/// Takes `fields`, `optional` and `derived`.
pub(super) fn record(members: &mut Members<'_>, depth: usize) -> Result<Record, Refusal> {
    let mut record = Record::default();
    let sections = [Some(members.required("fields")?), members.optional("optional"), members.optional("derived")];
    for (section, at) in Section::ALL.into_iter().zip(sections) {
        let Some(entries) = at.map(At::entries).transpose()? else { continue };
        record.fields.reserve_exact(entries.len());
        for (key, at) in entries {
            let name = FieldName::parse(key).map_err(|error| at.error(error.to_string()))?;
            if record.field(key).is_some() {
                return Err(at.error("is a second field of this name; keep one of them"));
            }
            record.fields.push(field(name, section, at, depth)?);
        }
    }
    Ok(record)
}

#[derive(Clone, Copy)]
enum Section {
    Required,
    Optional,
    Derived,
}

impl Section {
    const ALL: [Self; 3] = [Self::Required, Self::Optional, Self::Derived];
}

fn field(name: FieldName, section: Section, at: At<'_>, depth: usize) -> Result<Field, Refusal> {
    let mut members = at.members()?;
    let (presence, mapping) = match section {
        Section::Required => (Presence::Required, mapping(&mut members)?),
        Section::Optional => (Presence::Optional, mapping(&mut members)?),
        Section::Derived => (Presence::Derived(Box::new(derivation(members.required("from")?)?)), None),
    };
    let field = Field {
        name,
        presence,
        ty: ty(&mut members, depth + 1)?,
        doc: members.text("doc")?,
        example: members.optional("example").map(|at| Box::new(at.value())),
        deprecated: members.optional("deprecated").map(deprecated).transpose()?.map(Box::new),
        pii: members.flag("pii")?,
        default: members.optional("default").map(|at| Box::new(at.value())),
        mapping: mapping.map(Box::new),
        place: Place::NOWHERE,
    };
    members.finish()?;
    Ok(field)
}

fn mapping(members: &mut Members<'_>) -> Result<Option<Mapping>, Refusal> {
    if let Some(at) = members.optional("from") {
        return at.field_name().map(Mapping::From).map(Some);
    }
    Ok(members.optional("from_value").map(|at| Mapping::Value(at.value())))
}

fn derivation(at: At<'_>) -> Result<Derivation, Refusal> {
    let mut entries = at.entries()?;
    match (entries.next(), entries.next()) {
        (Some((function, inputs)), None) => {
            Ok(Derivation { function: function.to_owned(), inputs: inputs.field_names()?, place: Place::NOWHERE })
        }
        (None | Some(_), _) => Err(at.error("names not exactly one function")),
    }
}
