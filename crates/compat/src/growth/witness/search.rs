//! A value that one type has and another lacks.
//!
//! Two types of different kinds may agree on all but one member deep inside, such as a map and a record. So every
//! pair of types that one value can reach on both sides is visited, nearest first and once each: the smallest value
//! that tells two types apart never needs the same pair twice. What is found deep inside is wrapped into a value of
//! the whole, and judged as such.

use std::collections::{BTreeSet, VecDeque};

use growset_model::{Language, Record, Type, TypeKind};
use jsonschema::Validator;
use serde_json::{Map, Value};

use super::candidates::{Variant, candidates};
use super::judge;
use super::world::World;

/// How many values are tried of one pair of types.
const CANDIDATES: usize = 400;

/// How many pairs of types are visited.
const PAIRS: usize = 400;

/// A type on one side, in one language.
#[derive(Clone, Copy)]
pub(super) struct Of<'w> {
    pub(super) world: &'w World<'w>,
    pub(super) ty: &'w Type,
    pub(super) language: Language,
}

impl<'w> Of<'w> {
    /// The type behind names and `nullable`.
    pub(super) fn core(&self) -> Option<&'w Type> {
        self.world.core(self.ty)
    }

    fn judge(&self) -> Option<Validator> {
        judge::of_type(self.world, self.ty, self.language)
    }
}

/// The smallest value found that `producer` has and `consumer` lacks.
pub(super) fn difference(producer: &Of, consumer: &Of) -> Option<Value> {
    let whole = Judged { sends: producer.judge()?, takes: consumer.judge()? };
    if let Some(value) = whole.difference(candidates(producer, consumer)) {
        return Some(value);
    }
    Search { producer, consumer, whole, pairs: Vec::new(), seen: BTreeSet::new() }.deeper()
}

/// The judges of both sides.
struct Judged {
    sends: Validator,
    takes: Validator,
}

impl Judged {
    fn tells(&self, value: &Value) -> bool {
        self.sends.is_valid(value) && !self.takes.is_valid(value)
    }

    fn difference(&self, candidates: Vec<Value>) -> Option<Value> {
        let found = candidates.into_iter().take(CANDIDATES).filter(|value| self.tells(value));
        found.min_by_key(|value| value.to_string().len())
    }
}

/// A pair of types, and how it lies inside another pair.
struct Pair<'w> {
    sent: &'w Type,
    taken: &'w Type,
    inside: Option<(usize, Wrap<'w>)>,
}

/// What is around a value.
#[derive(Clone)]
enum Wrap<'w> {
    /// An object with these members besides, and the field of that name.
    Field { variant: Variant<'w>, start: Map<String, Value>, name: &'w str },
    /// A map with these members besides, and that key.
    Key { start: Map<String, Value>, name: String },
    /// A list.
    Item(&'w growset_model::List),
}

struct Search<'s, 'w> {
    producer: &'s Of<'w>,
    consumer: &'s Of<'w>,
    whole: Judged,
    pairs: Vec<Pair<'w>>,
    seen: BTreeSet<(usize, usize, bool)>,
}

impl<'w> Search<'_, 'w> {
    fn deeper(mut self) -> Option<Value> {
        self.pairs.push(Pair { sent: self.producer.ty, taken: self.consumer.ty, inside: None });
        let mut waiting = VecDeque::from([0]);
        while let Some(at) = waiting.pop_front() {
            for (sent, taken, wrap) in self.parts(at) {
                if self.pairs.len() >= PAIRS || !self.is_new(sent, taken) {
                    continue;
                }
                let next = self.pairs.len();
                self.pairs.push(Pair { sent, taken, inside: Some((at, wrap)) });
                if let Some(value) = self.found(next) {
                    return Some(value);
                }
                waiting.push_back(next);
            }
        }
        None
    }

    fn is_new(&mut self, sent: &'w Type, taken: &'w Type) -> bool {
        let (producer, consumer) = (self.producer.world, self.consumer.world);
        let address = |core: Option<&Type>, ty: &Type| std::ptr::from_ref(core.unwrap_or(ty)).addr();
        let of_null = producer.takes_null(sent) && !consumer.takes_null(taken);
        self.seen.insert((address(producer.core(sent), sent), address(consumer.core(taken), taken), of_null))
    }

    /// A value that tells one pair apart, as part of one that tells the whole apart.
    fn found(&self, at: usize) -> Option<Value> {
        let pair = &self.pairs[at];
        let (sent, taken) = (Of { ty: pair.sent, ..*self.producer }, Of { ty: pair.taken, ..*self.consumer });
        if matches!(taken.core()?.kind, TypeKind::Json) {
            return None; // It takes everything.
        }
        let part = Judged { sends: sent.judge()?, takes: taken.judge()? }.difference(candidates(&sent, &taken))?;
        let value = self.wrapped(at, part)?;
        self.whole.tells(&value).then_some(value)
    }

    fn wrapped(&self, at: usize, value: Value) -> Option<Value> {
        let (mut at, mut value) = (at, value);
        let sampler = self.producer.world.sampler();
        while let Some((around, wrap)) = &self.pairs[at].inside {
            value = match wrap.clone() {
                Wrap::Field { variant, mut start, name } => {
                    start.insert(name.to_owned(), value);
                    Value::Object(sampler.record(variant.record, start).ok()?)
                }
                Wrap::Key { mut start, name } => {
                    start.insert(name, value);
                    Value::Object(start)
                }
                Wrap::Item(list) => sampler.list_around(list, value).ok()?,
            };
            at = *around;
        }
        Some(value)
    }

    /// The pairs of types that one value of a pair reaches next.
    fn parts(&self, at: usize) -> Vec<(&'w Type, &'w Type, Wrap<'w>)> {
        let pair = &self.pairs[at];
        let cores = (self.producer.world.core(pair.sent), self.consumer.world.core(pair.taken));
        let (Some(sent), Some(taken)) = cores else {
            return Vec::new();
        };
        match (&sent.kind, &taken.kind) {
            (TypeKind::List(sent), TypeKind::List(taken)) => vec![(&sent.items, &taken.items, Wrap::Item(sent))],
            (TypeKind::Map(sent), TypeKind::Map(taken)) => {
                vec![(sent, taken, Wrap::Key { start: Map::new(), name: "key".to_owned() })]
            }
            (TypeKind::Map(values), taken) => self.keys(values, taken),
            (sent, taken) => Variant::all_of(sent).into_iter().flat_map(|sent| self.fields(sent, taken)).collect(),
        }
    }

    /// A map may hold every member that a record knows.
    fn keys(&self, values: &'w Type, taken: &'w TypeKind) -> Vec<(&'w Type, &'w Type, Wrap<'w>)> {
        let of_variant = |variant: Variant<'w>| {
            variant.fields(self.consumer.language).map(move |field| {
                let wrap = Wrap::Key { start: variant.start(), name: field.name.to_string() };
                (values, &field.ty, wrap)
            })
        };
        Variant::all_of(taken).into_iter().flat_map(of_variant).collect()
    }

    /// What the members of one variant meet on the other side.
    fn fields(&self, sent: Variant<'w>, taken: &'w TypeKind) -> Vec<(&'w Type, &'w Type, Wrap<'w>)> {
        let wrap =
            |start: &Map<String, Value>, name: &'w str| Wrap::Field { variant: sent, start: start.clone(), name };
        let sendable = || sent.fields(self.producer.language);
        if let TypeKind::Map(values) = taken {
            let start = sent.start();
            return sendable().map(|field| (&field.ty, &**values, wrap(&start, field.name.as_str()))).collect();
        }
        let mut parts = Vec::new();
        for variant in Variant::all_of(taken) {
            let Some(start) = meeting(sent, variant) else { continue };
            let met = |record: &'w Record, name: &str| record.field(name).map(|field| &field.ty);
            for field in sendable().filter(|field| !start.contains_key(field.name.as_str())) {
                if let Some(taken) = met(variant.record, field.name.as_str()) {
                    parts.push((&field.ty, taken, wrap(&start, field.name.as_str())));
                }
            }
        }
        parts
    }
}

/// The members that make a value of `sent` one that `taken` takes for its own variant; nothing when none do.
fn meeting(sent: Variant, taken: Variant) -> Option<Map<String, Value>> {
    let mut start = sent.start();
    let Some((tag, value)) = taken.tag else { return Some(start) };
    match start.get(tag) {
        Some(known) if known == value => Some(start),
        Some(_) => None,
        None if sent.record.field(tag).is_some() => {
            start.insert(tag.to_owned(), value.into());
            Some(start)
        }
        None => None,
    }
}
