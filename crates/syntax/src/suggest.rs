//! Did you mean: the names near a misspelt one.

use strsim::damerau_levenshtein;

/// What stands near a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Near<'a> {
    Nothing,
    /// One name is nearer than all others.
    One(&'a str),
    /// Several are equally near.
    Several(Vec<&'a str>),
}

impl<'a> Near<'a> {
    /// The one name.
    pub(crate) fn only(&self) -> Option<&'a str> {
        match self {
            Self::One(name) => Some(name),
            Self::Nothing | Self::Several(_) => None,
        }
    }

    /// Such as `did you mean `a` or `b`?`.
    pub(crate) fn question(&self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::One(name) => Some(format!("did you mean `{name}`?")),
            Self::Several(names) => Some(format!("did you mean {}?", alternatives(names))),
        }
    }
}

/// The candidates nearest to `word`: equal but for case and separators, else within two edits (one for short words).
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Near<'a> {
    // A hostile word of a megabyte would make each distance a long computation.
    if word.is_empty() || word.len() > 130 {
        return Near::Nothing;
    }
    let folded = fold(word);
    let reach = match word.chars().count() {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2, // More than two edits is another word.
    };
    let mut best = reach + 1;
    let mut found: Vec<&str> = Vec::new();
    for candidate in candidates {
        if candidate.len().abs_diff(word.len()) > 4 {
            continue;
        }
        let distance = if fold(candidate) == folded { 0 } else { damerau_levenshtein(word, candidate) };
        if distance > reach || distance > best {
            continue;
        }
        if distance < best {
            found.clear();
            best = distance;
        }
        if !found.contains(&candidate) {
            found.push(candidate);
        }
    }
    match found.as_slice() {
        [] => Near::Nothing,
        [one] => Near::One(one),
        _ => Near::Several(found),
    }
}

/// A text of the user's inside a message: cut, and without characters that would disturb a terminal.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let cut: String = text.chars().take(LONGEST).collect();
    let shown: String = cut.chars().flat_map(char::escape_debug).collect();
    // What `escape_debug` lets through and yet reorders or hides the rest of a line.
    let shown = shown.replace(|c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'), "\u{fffd}");
    if cut.len() < text.len() { shown + "…" } else { shown }
}

/// `` `a`, `b` or `c` ``.
pub(crate) fn alternatives<T: AsRef<str>>(names: &[T]) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            text += if index + 1 == names.len() { " or " } else { ", " };
        }
        text += &format!("`{}`", name.as_ref());
    }
    text
}

fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_separators_count_for_nothing() {
        assert_eq!(nearest("maxLength", ["min_length", "max_length"]), Near::One("max_length"));
        assert_eq!(nearest("orderid", ["OrderId", "OrderIds"]), Near::One("OrderId"));
    }

    #[test]
    fn a_word_that_is_near_to_two_names_is_not_decided() {
        assert_eq!(nearest("cat", ["car", "can"]), Near::Several(vec!["car", "can"]));
        assert_eq!(nearest("cat", ["dog"]), Near::Nothing);
    }
}
