//! A text that one pattern finds and another does not, looked for within a budget.

use growset_model::{Pattern, Text};
use serde_json::Value;

use super::text;

/// How many mutations of a text are tried.
const BUDGET: usize = 3200;

/// How many different texts of one side are tried.
const DIFFERENT: usize = 24;

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
    let mutations: Vec<String> = found.iter().flat_map(|text| mutations(text)).take(BUDGET).collect();
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
