//! The smallest value of a type, and a few different ones.
//!
//! The smallest value of a recursive type is found as a least fixpoint: a named type has one as soon as its parts
//! have theirs, so that no circle is ever followed.

use std::collections::BTreeMap;

use growset_model::{Catalog, List, Record, Text, TextFormat, Type, TypeKind, TypeName, Union};
use serde_json::{Map, Value, json};

use super::judge;
use super::{Unbuilt, text};

/// A payload past this many values shows nothing any more.
const MOST_VALUES: usize = 20_000;

/// How deep a different value is looked for.
const DEEPEST: u32 = 4;

/// The smallest value of each named type that has one.
pub(super) type Least = BTreeMap<TypeName, Value>;

/// Finds values of the types of one catalog.
#[derive(Clone, Copy)]
pub(super) struct Sampler<'w> {
    catalog: &'w Catalog,
    named: &'w Least,
    /// How deep it may look for different items. It only falls, so that no list of itself is followed without an end.
    depth: u32,
}

/// The smallest value of every named type that a payload reaches.
pub(super) fn least_of_named_types(catalog: &Catalog, root: &Type) -> Least {
    let mut waiting = catalog.reachable_from([root]);
    let mut named = Least::new();
    loop {
        let sampler = Sampler::new(catalog, &named);
        let found: Vec<(TypeName, Value)> =
            waiting.iter().filter_map(|(name, ty)| Some(((*name).clone(), sampler.least(&ty.ty).ok()?))).collect();
        if found.is_empty() {
            return named;
        }
        for (name, value) in found {
            waiting.remove(&name);
            named.insert(name, value);
        }
    }
}

impl<'w> Sampler<'w> {
    pub(super) fn new(catalog: &'w Catalog, named: &'w Least) -> Self {
        Self { catalog, named, depth: DEEPEST + 1 }
    }

    fn at(self, depth: u32) -> Self {
        Self { depth, ..self }
    }

    /// The smallest value.
    pub(super) fn least(&self, ty: &Type) -> Result<Value, Unbuilt> {
        let value = match &ty.kind {
            TypeKind::Text(text) => text::shortest(text).map(Value::String).ok_or(Unbuilt::NoValue)?,
            TypeKind::Format(format) => text::of_format(*format, 0).into(),
            TypeKind::Boolean => false.into(),
            TypeKind::Integer(bounds) => 0.max(bounds.least()).min(bounds.greatest()).into(),
            TypeKind::Number(bounds) => {
                number(0_f64.max(bounds.min.unwrap_or(f64::MIN)).min(bounds.max.unwrap_or(f64::MAX)))
            }
            TypeKind::Json | TypeKind::Nullable(_) => Value::Null,
            TypeKind::List(list) => {
                let count = list.min_items.unwrap_or(0);
                self.list(&list.items, count, list.unique)?.into()
            }
            TypeKind::Map(_) => json!({}),
            TypeKind::Named(name) => self.named.get(name).cloned().ok_or(Unbuilt::NoValue)?,
            TypeKind::Enum(choice) => choice.values.first().ok_or(Unbuilt::NoValue)?.value.as_str().into(),
            TypeKind::Record(record) => Value::Object(self.record(record, Map::new())?),
            TypeKind::Union(union) => self.union(union)?,
            TypeKind::Opaque(schema) => judge::any_value(schema).ok_or(Unbuilt::NoValue)?,
        };
        if count(&value) > MOST_VALUES { Err(Unbuilt::TooLarge) } else { Ok(value) }
    }

    /// What `given` holds and the required fields, each as small as can be; fields in the order of the contract.
    pub(super) fn record(&self, record: &Record, given: Map<String, Value>) -> Result<Map<String, Value>, Unbuilt> {
        let mut given = given;
        let mut fields = Map::new();
        for field in &record.fields {
            let name = field.name.as_str();
            match given.shift_remove(name) {
                Some(value) => fields.insert(name.to_owned(), value),
                None if field.is_required() => fields.insert(name.to_owned(), self.least(&field.ty)?),
                None => None,
            };
        }
        given.append(&mut fields);
        Ok(given)
    }

    fn union(&self, union: &Union) -> Result<Value, Unbuilt> {
        let mut reason = Unbuilt::NoValue;
        for case in &union.cases {
            let tag = Map::from_iter([(union.tag.to_string(), Value::from(case.value.as_str()))]);
            match self.record(&case.record, tag) {
                Ok(members) => return Ok(Value::Object(members)),
                Err(error) => reason = error,
            }
        }
        Err(reason)
    }

    /// That many items, different ones where they have to be.
    pub(super) fn list(&self, items: &Type, count: u64, unique: bool) -> Result<Vec<Value>, Unbuilt> {
        let count = usize::try_from(count).ok().filter(|count| *count <= MOST_VALUES).ok_or(Unbuilt::TooLarge)?;
        if count == 0 {
            return Ok(Vec::new());
        }
        if !unique {
            return Ok(vec![self.least(items)?; count]);
        }
        let depth = self.depth.checked_sub(1).ok_or(Unbuilt::NoValue)?;
        let different = self.different(items, count, depth);
        if different.len() < count { Err(Unbuilt::NoValue) } else { Ok(different) }
    }

    /// A list of as few items as may be, `first` being the first.
    pub(super) fn list_around(&self, list: &List, first: Value) -> Result<Value, Unbuilt> {
        if list.max_items == Some(0) {
            return Err(Unbuilt::Unreachable);
        }
        let count = list.min_items.unwrap_or(0).max(1);
        // One more than needed, in case one of them is equal to the first.
        let others = self.list(&list.items, count - u64::from(!list.unique), list.unique);
        let others = if count == 1 { Vec::new() } else { others? };
        let others = others.into_iter().filter(|other| !list.unique || *other != first);
        let wanted = usize::try_from(count).unwrap_or(usize::MAX);
        Ok(std::iter::once(first.clone()).chain(others).take(wanted).collect())
    }

    /// Up to `count` different values, the smallest first.
    pub(super) fn different(&self, ty: &Type, count: usize, depth: u32) -> Vec<Value> {
        let mut values = Vec::new();
        values.extend(self.at(depth).least(ty).ok());
        if depth > 0 && values.len() < count {
            values.extend(self.more(ty, count, depth - 1));
        }
        dedup(values, count)
    }

    fn more(&self, ty: &Type, count: usize, depth: u32) -> Vec<Value> {
        match &ty.kind {
            TypeKind::Text(text) => texts(text, count),
            TypeKind::Format(format) => formats(*format, count),
            TypeKind::Boolean => vec![false.into(), true.into()],
            TypeKind::Integer(bounds) => {
                let start = 0.max(bounds.least()).min(bounds.greatest());
                let up = (start..=bounds.greatest()).take(count);
                let down = (bounds.least()..start).rev().take(count);
                up.chain(down).map(Value::from).collect()
            }
            TypeKind::Number(bounds) => numbers(bounds.min, bounds.max, count),
            TypeKind::Json => [json!(false), json!(""), json!([]), json!({})]
                .into_iter()
                .chain((0..count as u64).map(Value::from))
                .collect(),
            TypeKind::Named(name) => {
                self.catalog.types.get(name).map_or_else(Vec::new, |named| self.different(&named.ty, count, depth))
            }
            TypeKind::Nullable(inner) => self.different(inner, count, depth),
            TypeKind::List(list) => self.lists(list, count, depth),
            TypeKind::Map(values) => self.maps(values, count, depth),
            TypeKind::Enum(choice) => choice.values.iter().map(|value| value.value.as_str().into()).collect(),
            TypeKind::Record(record) => self.records(record, &Map::new(), count, depth),
            TypeKind::Union(union) => union
                .cases
                .iter()
                .flat_map(|case| {
                    let tag = Map::from_iter([(union.tag.to_string(), Value::from(case.value.as_str()))]);
                    self.records(&case.record, &tag, count, depth)
                })
                .collect(),
            TypeKind::Opaque(schema) => judge::some_values(schema),
        }
    }

    fn lists(&self, list: &List, count: usize, depth: u32) -> Vec<Value> {
        let least = list.min_items.unwrap_or(0).max(1);
        let most = list.max_items.unwrap_or(u64::MAX);
        if least > most || least > 64 {
            return Vec::new();
        }
        let parts = self.different(&list.items, count + least as usize, depth);
        let mut lists: Vec<Value> = parts.windows(least as usize).map(|items| Value::Array(items.to_vec())).collect();
        if most > least && parts.len() > least as usize {
            lists.push(Value::Array(parts.into_iter().take(least as usize + 1).collect()));
        }
        lists
    }

    fn maps(&self, values: &Type, count: usize, depth: u32) -> Vec<Value> {
        let parts = self.different(values, count, depth);
        let keys = (0..).map(|index| text::word(index, 1));
        let of_parts = parts.iter().map(|value| json!({ "a": value }));
        let of_keys = parts.first().into_iter().flat_map(|value| {
            keys.clone().take(count).map(move |key| Value::Object(Map::from_iter([(key, value.clone())])))
        });
        of_parts.chain(of_keys).collect()
    }

    /// The smallest record, it again with one field at a time added or changed, then with several.
    fn records(&self, record: &Record, start: &Map<String, Value>, count: usize, depth: u32) -> Vec<Value> {
        let Ok(least) = self.at(depth).record(record, start.clone()) else {
            return Vec::new();
        };
        let fields = record.fields.iter().filter(|field| !field.is_derived());
        let values: Vec<(&str, Vec<Value>)> =
            fields.map(|field| (field.name.as_str(), self.different(&field.ty, count, depth))).collect();
        let mut records = vec![least];
        let with = |members: &Map<String, Value>, name: &str, value: &Value| {
            let mut members = members.clone();
            members.insert(name.to_owned(), value.clone());
            members
        };
        // The first value of every field before the second of any, so that no field is left out.
        for index in 0..values.iter().map(|(_, values)| values.len()).max().unwrap_or(0) {
            let here = values.iter().filter_map(|(name, values)| Some((*name, values.get(index)?)));
            let changed: Vec<Map<String, Value>> =
                here.map(|(name, value)| with(&records[0], name, value)).take(count).collect();
            records.extend(changed);
            if records.len() > count * 2 {
                break;
            }
        }
        let mut at = 1;
        while at < records.len() && records.len() <= count {
            for (name, value) in values.iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value)))
            {
                let changed = with(&records[at], name, value);
                if records.len() <= count && !records.contains(&changed) {
                    records.push(changed);
                }
            }
            at += 1;
        }
        records.into_iter().map(Value::Object).collect()
    }
}

/// A number as JSON would spell it: whole ones without a fraction.
pub(super) fn number(value: f64) -> Value {
    let whole = value.fract() == 0.0 && value.abs() <= growset_model::SAFE_INTEGER as f64;
    if whole { Value::from(value as i64) } else { Value::from(value) }
}

fn numbers(min: Option<f64>, max: Option<f64>, count: usize) -> Vec<Value> {
    let (min, max) = (min.unwrap_or(f64::MIN), max.unwrap_or(f64::MAX));
    let start = 0_f64.max(min).min(max);
    let steps = (0..count).map(|index| index as f64);
    let span = (max / 2.0 - min / 2.0).min(0.5);
    steps
        .flat_map(|step| [start + step, start - step, start + step * span / count as f64 * 2.0])
        .chain([start.floor() + 0.5, start.ceil() - 0.5, min, max])
        .filter(|value| value.is_finite() && *value >= min && *value <= max)
        .map(number)
        .collect()
}

fn texts(text: &Text, count: usize) -> Vec<Value> {
    text::different(text, count).into_iter().map(Value::String).collect()
}

fn formats(format: TextFormat, count: usize) -> Vec<Value> {
    (0..count).map(|index| text::of_format(format, index).into()).collect()
}

/// How many values a value is made of; long texts weigh by their length.
fn count(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
        Value::String(text) => 1 + text.len() / 64,
        Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(count).sum::<usize>(),
    }
}

/// The first of each, at most `count`.
fn dedup(values: Vec<Value>, count: usize) -> Vec<Value> {
    let mut seen = std::collections::BTreeSet::new();
    values.into_iter().filter(|value| seen.insert(value.to_string())).take(count).collect()
}
