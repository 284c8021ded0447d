//! A payload that was admitted, as its own version and as those that other listeners asked for.
//!
//! Where event B `replaces` event A, B's mappings say how a payload of A becomes one of B; turned round, they say how
//! a payload of B serves those who listen to A alone. A version that a payload cannot be turned into stays silent.

use std::sync::Arc;

use bytes::Bytes;
use growset_model::{Audience, Catalog, Event, EventName, Field, Mapping, Retain, digest, fill};
use serde_json::{Map, Value};

use super::{Admission, AdmittedEvent};
use crate::refusal::Refusal;

/// A payload of W. Only [`Admission::admit`] makes it.
pub struct AdmittedPayload {
    pub(crate) audience: Audience,
    /// Which last payload this one takes the place of, for events with `retain`.
    pub(crate) retain_key: Option<String>,
    /// As published first; each is compact JSON.
    pub(crate) versions: Vec<(Arc<EventName>, Bytes)>,
    value: Value,
}

impl AdmittedPayload {
    pub(super) fn admit(admission: &Admission, event: &Arc<AdmittedEvent>, mut value: Value) -> Result<Self, Refusal> {
        let catalog = admission.catalog();
        event.check(catalog, &value)?;
        let mut versions = vec![(event.name.clone(), Bytes::new())];
        if let Some(contract) = catalog.events.get(&*event.name) {
            add_newer(admission, contract, &value, &mut versions);
            add_older(admission, contract, &value, &mut versions);
            fill(catalog, &contract.payload, admission.functions(), &mut value);
        }
        versions[0].1 = value.to_string().into();
        let retain_key = event.retain.as_ref().map(|retain| retain_key(catalog, &event.name, retain, &value));
        Ok(Self { audience: event.audience, retain_key, versions, value })
    }

    /// The name that it was published under.
    pub fn event(&self) -> &EventName {
        &self.versions[0].0
    }

    /// The payload with its derived fields, as compact JSON.
    pub fn data(&self) -> &[u8] {
        &self.versions[0].1
    }

    /// Equal for equal payloads, whatever the order of their keys.
    pub(crate) fn digest(&self) -> String {
        digest(&self.value)
    }
}

/// Every version of an event shares its key, so that the last payload is one, whichever version it was published as.
fn retain_key(catalog: &Catalog, event: &EventName, retain: &Retain, value: &Value) -> String {
    let mut first = event;
    // No longer than the catalog, should contracts replace each other in a ring.
    for _ in 0..catalog.events.len() {
        match catalog.events.get(first).and_then(|event| event.replaces.as_ref()) {
            Some(older) if catalog.events.contains_key(older) => first = older,
            Some(_) | None => break,
        }
    }
    let fields = match retain {
        Retain::Latest => Vec::new(),
        Retain::LatestBy(fields) => {
            fields.iter().map(|field| value.get(field.as_str()).cloned().unwrap_or_default()).collect()
        }
    };
    format!("{first} {}", Value::Array(fields))
}

fn add_newer(admission: &Admission, event: &Event, value: &Value, versions: &mut Vec<(Arc<EventName>, Bytes)>) {
    for newer in admission.catalog().events.values().filter(|newer| newer.replaces.as_ref() == Some(&event.name)) {
        if let Some(forward) = forward(newer, value)
            && add(admission, newer, &forward, versions)
        {
            add_newer(admission, newer, &forward, versions);
        }
    }
}

fn add_older(admission: &Admission, event: &Event, value: &Value, versions: &mut Vec<(Arc<EventName>, Bytes)>) {
    if let Some(older) = event.replaces.as_ref().and_then(|older| admission.catalog().events.get(older))
        && let Some(back) = back(event, older, value)
        && add(admission, older, &back, versions)
    {
        add_older(admission, older, &back, versions);
    }
}

/// Adds a version, when it is served, of the same audience, new here, and its payload is one of its own I.
fn add(admission: &Admission, event: &Event, value: &Value, versions: &mut Vec<(Arc<EventName>, Bytes)>) -> bool {
    let Some(admitted) = admission.event(event.name.as_str()) else {
        return false;
    };
    let fits = admitted.refusal().is_none()
        && versions.iter().all(|(name, _)| **name != event.name)
        && is_audience_of(admission.catalog(), &versions[0].0, event.audience)
        && admitted.check(admission.catalog(), value).is_ok();
    if fits {
        let mut value = value.clone();
        fill(admission.catalog(), &event.payload, admission.functions(), &mut value);
        versions.push((admitted.name.clone(), value.to_string().into()));
    }
    fits
}

fn is_audience_of(catalog: &Catalog, name: &EventName, audience: Audience) -> bool {
    catalog.events.get(name).is_some_and(|event| event.audience == audience)
}

/// A payload of the replaced event as one of `newer`.
fn forward(newer: &Event, value: &Value) -> Option<Value> {
    let mut members = Map::new();
    for field in &newer.record()?.fields {
        let member = match field.mapping.as_deref() {
            Some(Mapping::From(source)) => value.get(source.as_str()).cloned(),
            Some(Mapping::Value(constant)) => Some(constant.clone()),
            None => None,
        };
        match member {
            Some(member) => {
                members.insert(field.name.to_string(), member);
            }
            None if field.is_required() => return None,
            None => {}
        }
    }
    Some(Value::Object(members))
}

/// A payload of `newer` as one of the event that it replaces, where each required field of that one is the plain
/// source of exactly one field of the same type.
fn back(newer: &Event, older: &Event, value: &Value) -> Option<Value> {
    let newer = newer.record()?;
    let mut members = Map::new();
    for field in older.record()?.fields.iter().filter(|field| !field.is_derived()) {
        let mut taken = newer
            .fields
            .iter()
            .filter(|taker| matches!(taker.mapping.as_deref(), Some(Mapping::From(source)) if *source == field.name));
        let taker = match (taken.next(), taken.next()) {
            (Some(taker), None) if is_reversible(field, taker) => Some(taker),
            _ => None, // Nobody took it, or two did and may differ, or its values differ.
        };
        match taker.and_then(|taker| value.get(taker.name.as_str())) {
            Some(member) => {
                members.insert(field.name.to_string(), member.clone());
            }
            None if field.is_required() => return None,
            None => {}
        }
    }
    Some(Value::Object(members))
}

fn is_reversible(field: &Field, taker: &Field) -> bool {
    field.ty == taker.ty && !taker.is_derived()
}
