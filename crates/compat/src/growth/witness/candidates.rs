//! Values that are likely to tell two types apart: those at the limits of either, and an object's every member.

use growset_model::{Difference, Field, Language, List, Record, Text, TypeKind};
use serde_json::{Map, Value};

use super::sample::number;
use super::search::Of;
use super::{opaque, text, texts};

/// How many different values of one type are tried, and how deep.
const DIFFERENT: usize = 24;
const DEEPEST: u32 = 5;

/// A longer list shows nothing that a message could.
const LONGEST_LIST: u64 = 4096;

/// One way of being an object: a record, or one case of a union with its tag.
#[derive(Clone, Copy)]
pub(super) struct Variant<'w> {
    pub(super) tag: Option<(&'w str, &'w str)>,
    pub(super) record: &'w Record,
}

impl<'w> Variant<'w> {
    /// Every way of a type to be an object with known fields.
    pub(super) fn all_of(kind: &'w TypeKind) -> Vec<Self> {
        match kind {
            TypeKind::Record(record) => vec![Self { tag: None, record }],
            TypeKind::Union(union) => union
                .cases
                .iter()
                .map(|case| Self { tag: Some((union.tag.as_str(), &case.value)), record: &case.record })
                .collect(),
            _ => Vec::new(), // No object, or one of any keys.
        }
    }

    /// What is always there.
    pub(super) fn start(&self) -> Map<String, Value> {
        self.tag.into_iter().map(|(tag, value)| (tag.to_owned(), value.into())).collect()
    }

    /// The fields that one language sends.
    pub(super) fn fields(self, language: Language) -> impl Iterator<Item = &'w Field> {
        self.record.fields.iter().filter(move |field| !field.is_derived() || language != Language::Intake)
    }
}

/// Values of `producer` and others, the likeliest first.
pub(super) fn candidates(producer: &Of, consumer: &Of) -> Vec<Value> {
    let mut values = edges(producer);
    values.extend(edges(consumer));
    values.extend(objects(producer, consumer));
    values.extend(telling_text(producer, consumer));
    values.extend(lists(producer, consumer));
    let (sent, taken) = (opaque_schema(producer), opaque_schema(consumer));
    values.extend(sent.into_iter().flat_map(|sent| opaque::guesses(sent, taken)));
    values.extend(taken.into_iter().flat_map(|taken| opaque::guesses(taken, sent)));
    values.extend(producer.world.sampler().different(producer.ty, DIFFERENT, DEEPEST));
    values.extend(consumer.world.sampler().different(consumer.ty, DIFFERENT, DEEPEST));
    values.extend([Value::Null, false.into(), 0.into(), 0.5.into(), "".into()]);
    values.extend([Value::Array(Vec::new()), Value::Object(Map::new())]);
    values
}

fn opaque_schema<'w>(of: &Of<'w>) -> Option<&'w Value> {
    match &of.core()?.kind {
        TypeKind::Opaque(schema) => Some(schema),
        _ => None, // A type of the contract language.
    }
}

/// The smallest object of every variant, with each of its optional members, and with each tag of the other side.
fn objects(producer: &Of, consumer: &Of) -> Vec<Value> {
    let (Some(sent), Some(taken)) = (producer.core(), consumer.core()) else {
        return Vec::new();
    };
    let sampler = producer.world.sampler();
    let mut objects = Vec::new();
    for variant in Variant::all_of(&sent.kind) {
        let mut with = |name: &str, value: Option<Value>| {
            let mut members = variant.start();
            members.extend(value.map(|value| (name.to_owned(), value)));
            objects.extend(sampler.record(variant.record, members).ok().map(Value::Object));
        };
        with("", None);
        for field in variant.fields(producer.language).filter(|field| !field.is_required()) {
            with(field.name.as_str(), sampler.least(&field.ty).ok());
        }
        for (tag, value) in Variant::all_of(&taken.kind).into_iter().filter_map(|variant| variant.tag) {
            if variant.record.field(tag).is_some() {
                with(tag, Some(value.into()));
            }
        }
    }
    objects
}

/// The text that tells two types of texts apart.
fn telling_text(producer: &Of, consumer: &Of) -> Option<Value> {
    match texts::difference(producer, consumer)? {
        Difference::Text(text) => Some(text.into()),
        Difference::None | Difference::Undecided => None,
    }
}

/// Lists of as many items as either side is at its limits with, and just past them; and one that repeats an item.
fn lists(producer: &Of, consumer: &Of) -> Vec<Value> {
    let (Some(sent), Some(taken)) = (producer.core(), consumer.core()) else {
        return Vec::new();
    };
    let (TypeKind::List(sent), TypeKind::List(taken)) = (&sent.kind, &taken.kind) else {
        return Vec::new();
    };
    let limits = |list: &List| [list.min_items, list.max_items];
    let around = |limit: u64| [limit.saturating_sub(1), limit, limit.saturating_add(1)];
    let mut counts: Vec<u64> = limits(sent).into_iter().chain(limits(taken)).flatten().flat_map(around).collect();
    counts.push(2);
    counts.sort_unstable();
    counts.dedup();
    let fits = |count: &u64| {
        sent.min_items.unwrap_or(0) <= *count && *count <= sent.max_items.unwrap_or(u64::MAX).min(LONGEST_LIST)
    };
    let of_count = |count| producer.world.sampler().list(&sent.items, count, sent.unique).ok().map(Value::from);
    counts.into_iter().filter(fits).filter_map(of_count).collect()
}

/// Values at the limits of a type and just past them.
fn edges(of: &Of) -> Vec<Value> {
    let Some(core) = of.core() else {
        return Vec::new();
    };
    match &core.kind {
        TypeKind::Text(text) => edges_of_text(text),
        TypeKind::Format(format) => text::edges_of_format(*format, 64).into_iter().map(Value::String).collect(),
        TypeKind::Integer(bounds) => {
            let (least, most) = (bounds.least(), bounds.greatest());
            [least, most, least.saturating_sub(1), most.saturating_add(1)].map(Value::from).to_vec()
        }
        TypeKind::Number(bounds) => {
            let (least, most) = (bounds.min.unwrap_or(f64::MIN), bounds.max.unwrap_or(f64::MAX));
            let middle = least / 2.0 + most / 2.0;
            [least, most, least - 1.0, most + 1.0, middle, least.floor() + 0.5, most.ceil() - 0.5, least + 0.1]
                .into_iter()
                .filter(|value| value.is_finite())
                .map(number)
                .collect()
        }
        TypeKind::Enum(choice) => choice.values.iter().map(|value| value.value.as_str().into()).collect(),
        TypeKind::Boolean
        | TypeKind::Json
        | TypeKind::List(_)
        | TypeKind::Map(_)
        | TypeKind::Nullable(_)
        | TypeKind::Named(_)
        | TypeKind::Record(_)
        | TypeKind::Union(_)
        | TypeKind::Opaque(_) => Vec::new(),
    }
}

fn edges_of_text(text: &Text) -> Vec<Value> {
    let (least, most) = (text.min_length.unwrap_or(0), text.max_length.unwrap_or(u64::MAX));
    let lengths = [least, least.saturating_sub(1), most, most.saturating_add(1)];
    let plain = Text::default();
    let of_lengths = lengths.into_iter().filter_map(|length| text::of_length(&plain, length, length));
    let digits = lengths.into_iter().filter(|length| *length < 1024).map(|length| "1".repeat(length as usize));
    of_lengths.chain(digits).map(Value::String).collect()
}
