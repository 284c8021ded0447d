//! Texts that fit a length, a pattern or a format.

use growset_model::{Text, TextFormat};

/// A longer text shows nothing that a message could.
const LONGEST: u64 = 1 << 16;

/// The shortest text that fits.
pub(super) fn shortest(text: &Text) -> Option<String> {
    of_length(text, text.min_length.unwrap_or(0), text.max_length.unwrap_or(u64::MAX))
}

/// The shortest text of a length within these limits that fits the pattern, whatever the text's own limits are.
pub(super) fn of_length(text: &Text, least: u64, most: u64) -> Option<String> {
    if least > most || least > LONGEST {
        return None;
    }
    match &text.pattern {
        Some(pattern) => pattern.sample_of_length(least..=most),
        None => Some("a".repeat(usize::try_from(least).ok()?)),
    }
}

/// Up to `count` different texts that fit.
pub(super) fn different(text: &Text, count: usize) -> Vec<String> {
    let (least, most) = (text.min_length.unwrap_or(0), text.max_length.unwrap_or(u64::MAX));
    if least > LONGEST {
        return Vec::new();
    }
    let fits = |candidate: &String| (least..=most).contains(&(candidate.chars().count() as u64));
    let found: Vec<String> = match &text.pattern {
        Some(pattern) => {
            let longer = (0..count as u64).filter_map(|more| pattern.sample_of_length(least + more..=most));
            pattern.samples().into_iter().chain(longer.take(16)).filter(fits).collect()
        }
        None => (0..count).map(|index| word(index, least as usize)).filter(fits).collect(),
    };
    found.into_iter().take(count).collect()
}

/// The word of that number: `a`, `b`, … `z`, `ba`; at least so many letters long.
pub(super) fn word(index: usize, length: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index;
    loop {
        letters.push(char::from(b'a' + (rest % 26) as u8));
        rest /= 26;
        if rest == 0 {
            break;
        }
    }
    while letters.len() < length {
        letters.push('a');
    }
    letters.iter().rev().collect()
}

/// A text of a format; another one for every index.
pub(super) fn of_format(format: TextFormat, index: usize) -> String {
    match format {
        TextFormat::Decimal => index.to_string(),
        TextFormat::Timestamp => format!("2024-01-01T00:{:02}:{:02}Z", index / 60 % 60, index % 60),
        TextFormat::Date => format!("{:04}-{:02}-{:02}", 2024 + index / 336, index / 28 % 12 + 1, index % 28 + 1),
        TextFormat::Uuid => format!("00000000-0000-4000-8000-{index:012x}"),
        TextFormat::Uri => format!("https://example.com/{index}"),
        TextFormat::Email => format!("a{index}@example.com"),
    }
}

/// Texts of a format at its edges: the longest spelling of a short meaning, and a long one.
pub(super) fn edges_of_format(format: TextFormat, length: u64) -> Vec<String> {
    let length = usize::try_from(length.min(LONGEST)).unwrap_or(0);
    match format {
        TextFormat::Decimal => vec!["-1.5".to_owned(), "1".repeat(length.max(1))],
        TextFormat::Timestamp => {
            vec!["2024-01-01T00:00:00+00:00".to_owned(), "2024-01-01T00:00:00.123456789+00:00".to_owned()]
        }
        TextFormat::Date => vec!["9999-12-31".to_owned()],
        TextFormat::Uuid => vec!["ffffffff-ffff-4fff-bfff-ffffffffffff".to_owned()],
        TextFormat::Uri => vec!["urn:a".to_owned(), format!("https://example.com/{}", "a".repeat(length))],
        TextFormat::Email => vec![format!("{}@example.com", "a".repeat(length.max(1)))],
    }
}

/// The text nearest to the upper of two lengths that fits the pattern.
pub(super) fn longest_of(text: &Text, least: u64, most: u64) -> Option<String> {
    of_length(text, most, most).or_else(|| of_length(text, least, most))
}
