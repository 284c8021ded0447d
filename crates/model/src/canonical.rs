//! The canonical shape of an event or type: everything that a verdict looks at, every default explicit, and nothing
//! else. Its digest is what makes a released revision the revision that it is.
//!
//! Invariant: documentation, examples, owners, deprecations and the order of fields, values and cases are not in it;
//! two contracts that mean the same on the wire have one digest. A change of this form needs a new [`FORMAT`].

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::catalog::{Catalog, Event, Payload, Retain};
use crate::digest::digest;
use crate::name::TypeName;
use crate::shape::{Case, Field, Mapping, NamedType, Presence, Record, Type, TypeKind};

/// The version of the canonical form.
const FORMAT: u32 = 1;

/// The digest of an event's shape with the digests of every type that it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Over the event's own canonical shape and `uses`.
    pub digest: String,
    /// Per reachable named type, the digest of its own canonical shape.
    pub uses: BTreeMap<TypeName, String>,
}

/// The fingerprint of an event as `catalog` resolves it.
pub fn fingerprint(catalog: &Catalog, event: &Event) -> Fingerprint {
    let reachable = catalog.reachable(&event.payload);
    let uses: BTreeMap<TypeName, String> =
        reachable.into_iter().map(|(name, named)| (name.clone(), type_digest(named))).collect();
    let pinned: BTreeMap<&str, &str> = uses.iter().map(|(name, digest)| (name.as_str(), digest.as_str())).collect();
    Fingerprint { digest: digest(&json!({ "event": event_shape(event), "uses": pinned })), uses }
}

/// The digest of a named type's own canonical shape.
pub fn type_digest(named: &NamedType) -> String {
    digest(&type_shape(named))
}

fn event_shape(event: &Event) -> Value {
    json!({
        "format": FORMAT,
        "name": event.name.as_str(),
        "audience": event.audience.as_str(),
        "stability": event.stability.as_str(),
        "retain": event.retain.as_ref().map(retain),
        "terminal": event.terminal,
        "max_bytes": event.max_bytes,
        "retired": event.retired.is_some(),
        "payload": match &event.payload {
            Payload::Record(record) => json!({ "record": fields(record) }),
            Payload::Opaque(schema) => json!({ "opaque": schema }),
        },
    })
}

fn retain(retain: &Retain) -> Value {
    match retain {
        Retain::Latest => json!([]),
        Retain::LatestBy(names) => names.iter().map(|name| name.as_str()).collect(),
    }
}

fn type_shape(named: &NamedType) -> Value {
    json!({ "format": FORMAT, "pii": named.pii, "type": shape(&named.ty) })
}

fn shape(ty: &Type) -> Value {
    match &ty.kind {
        TypeKind::Text(text) => json!({ "string": {
            "min_length": text.min_length,
            "max_length": text.max_length,
            "pattern": text.pattern.as_ref().map(|pattern| pattern.portable()),
        } }),
        TypeKind::Format(format) => json!({ "format": format.as_str() }),
        TypeKind::Boolean => json!("boolean"),
        TypeKind::Integer(bounds) => json!({ "integer": [bounds.least(), bounds.greatest()] }),
        TypeKind::Number(bounds) => json!({ "number": [bounds.min, bounds.max] }),
        TypeKind::Json => json!("json"),
        TypeKind::List(list) => json!({ "list": {
            "items": shape(&list.items),
            "min_items": list.min_items,
            "max_items": list.max_items,
            "unique": list.unique,
        } }),
        TypeKind::Map(values) => json!({ "map": shape(values) }),
        TypeKind::Nullable(inner) => json!({ "nullable": shape(inner) }),
        TypeKind::Named(name) => json!({ "named": name.as_str() }),
        TypeKind::Enum(choice) => {
            let mut values: Vec<&str> = choice.values.iter().map(|value| value.value.as_str()).collect();
            values.sort_unstable();
            json!({ "enum": values, "closed": choice.closed })
        }
        TypeKind::Record(record) => json!({ "record": fields(record) }),
        TypeKind::Union(union) => {
            let cases: BTreeMap<&str, Value> = union.cases.iter().map(case).collect();
            json!({ "union": cases, "tag": union.tag.as_str(), "closed": union.closed })
        }
        TypeKind::Opaque(schema) => json!({ "opaque": schema }),
    }
}

fn case(case: &Case) -> (&str, Value) {
    (&case.value, fields(&case.record))
}

fn fields(record: &Record) -> Value {
    let fields: BTreeMap<&str, Value> =
        record.fields.iter().map(|field| (field.name.as_str(), self::field(field))).collect();
    json!(fields)
}

fn field(field: &Field) -> Value {
    json!({
        "presence": match &field.presence {
            Presence::Required => json!("required"),
            Presence::Optional => json!("optional"),
            Presence::Derived(derivation) => json!({
                "function": derivation.function,
                "inputs": derivation.inputs.iter().map(|input| input.as_str()).collect::<Vec<_>>(),
            }),
        },
        "type": shape(&field.ty),
        "pii": field.pii,
        "default": field.default,
        "mapping": field.mapping.as_ref().map(|mapping| match mapping {
            Mapping::From(name) => json!({ "from": name.as_str() }),
            Mapping::Value(value) => json!({ "value": value }),
        }),
    })
}
