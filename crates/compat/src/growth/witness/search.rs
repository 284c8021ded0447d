//! A value that one type has and another lacks, looked for within a budget.

use growset_model::{Language, Pattern, Text, Type, TypeKind};
use serde_json::Value;

use super::sample::number;
use super::world::World;
use super::{judge, text};

/// How many values are tried.
const BUDGET: usize = 400;

/// How many different values of one type are tried, and how deep.
const DIFFERENT: usize = 24;
const DEEPEST: u32 = 5;

/// A type on one side, in one language.
pub(super) struct Of<'w> {
    pub(super) world: &'w World<'w>,
    pub(super) ty: &'w Type,
    pub(super) language: Language,
}

/// The smallest value found that `producer` has and `consumer` lacks.
pub(super) fn difference(producer: &Of, consumer: &Of) -> Option<Value> {
    let sends = judge::of_type(producer.world, producer.ty, producer.language)?;
    let takes = judge::of_type(consumer.world, consumer.ty, consumer.language)?;
    let found = candidates(producer, consumer).into_iter().take(BUDGET);
    let witnesses = found.filter(|value| sends.is_valid(value) && !takes.is_valid(value));
    witnesses.min_by_key(|value| value.to_string().len())
}

fn candidates(producer: &Of, consumer: &Of) -> Vec<Value> {
    let mut values = edges(producer);
    values.extend(edges(consumer));
    values.extend(producer.world.sampler().different(producer.ty, DIFFERENT, DEEPEST));
    values.extend(consumer.world.sampler().different(consumer.ty, DIFFERENT, DEEPEST));
    values.extend([Value::Null, false.into(), 0.into(), 0.5.into(), "".into()]);
    values.extend([Value::Array(Vec::new()), Value::Object(serde_json::Map::new())]);
    values
}

/// Values at the limits of a type and just past them.
fn edges(of: &Of) -> Vec<Value> {
    let Some(core) = of.world.core(of.ty) else {
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

/// A text that `producer` has and that the pattern of `consumer` does not find, whatever the limits of its length.
pub(super) fn unmatched(producer: &Text, consumer: &Text) -> Option<Value> {
    let refused = consumer.pattern.as_ref()?;
    let (least, most) = (producer.min_length.unwrap_or(0), producer.max_length.unwrap_or(u64::MAX));
    let sends = |candidate: &String| {
        (least..=most).contains(&(candidate.chars().count() as u64))
            && producer.pattern.as_ref().is_none_or(|pattern| pattern.is_match(candidate))
    };
    let mut found = text::different(producer, DIFFERENT);
    found.extend(producer.pattern.iter().flat_map(Pattern::samples));
    found.extend(refused.samples());
    let mutations: Vec<String> = found.iter().flat_map(|text| mutations(text)).take(BUDGET * 8).collect();
    let refuses = |candidate: &String| !refused.is_match(candidate);
    let tried = found.into_iter().chain(mutations);
    let witnesses = tried.filter(|candidate| sends(candidate) && refuses(candidate));
    witnesses.min_by_key(|candidate| (candidate.chars().count(), candidate.clone())).map(Value::String)
}

/// The characters that patterns tell apart most often.
const TELLING: [char; 12] = ['a', 'z', 'A', 'Z', '0', '9', '_', '-', '.', ' ', '\n', 'é'];

/// The same text with one character removed, doubled, replaced or put in.
fn mutations(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().take(64).collect();
    let mut mutations = Vec::new();
    for at in 0..=characters.len() {
        let (before, after) = characters.split_at(at);
        let with = |middle: &[char], after: &[char]| before.iter().chain(middle).chain(after).collect::<String>();
        if let Some((first, rest)) = after.split_first() {
            mutations.push(with(&[], rest));
            mutations.push(with(&[*first, *first], rest));
            mutations.extend(TELLING.iter().map(|character| with(&[*character], rest)));
        }
        mutations.extend(TELLING.iter().map(|character| with(&[*character], after)));
    }
    mutations
}
