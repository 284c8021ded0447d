//! How one name is spelled in the style of a target language, before keywords are escaped.
//!
//! Invariant: two names of one scope that get the same spelling here are refused by the lint `name-collision`, so
//! emitters never need to invent a suffix that a later contract would change.

/// `OrderStatusChanged` for `order.status.changed`; `V1st` for `1st`.
pub fn pascal(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    for word in words(text) {
        push_boundary(&mut spelled, &word);
        let mut characters = word.chars();
        if let Some(first) = characters.next() {
            spelled.push(first.to_ascii_uppercase());
            spelled.extend(characters.map(|character| character.to_ascii_lowercase()));
        }
    }
    if spelled.starts_with(|character: char| character.is_ascii_digit()) {
        spelled.insert(0, 'V');
    }
    spelled
}

/// `order_id` for `orderId`; `_1st` for `1st`.
pub fn snake(text: &str) -> String {
    let mut spelled = words(text).join("_").to_ascii_lowercase();
    if spelled.starts_with(|character: char| character.is_ascii_digit()) {
        spelled.insert(0, '_');
    }
    spelled
}

/// The variant of an enum or union: `pascal`, but never `Other` (the variant of unknown values) and never `Self`.
pub fn variant(text: &str) -> String {
    let spelled = pascal(text);
    if spelled == "Other" || spelled == "Self" { spelled + "Value" } else { spelled }
}

/// Two digits that meet would read as one number: `1.5` is `V1_5`, `15` is `V15`.
fn push_boundary(spelled: &mut String, next: &str) {
    let digit_before = spelled.ends_with(|character: char| character.is_ascii_digit());
    if digit_before && next.starts_with(|character: char| character.is_ascii_digit()) {
        spelled.push('_');
    }
}

/// The words of a name. `_ - . / :` and space separate; a change from lower to upper case separates; any other
/// character that no identifier may hold becomes a word of its code point, so that `+` and `*` stay apart.
fn words(text: &str) -> Vec<String> {
    let only_separators = text.chars().all(is_separator);
    let characters: Vec<char> = text.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (index, &character) in characters.iter().enumerate() {
        if character.is_ascii_alphanumeric() {
            if starts_word(&characters, index) && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.push(character);
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if only_separators || !is_separator(character) {
            words.push(format!("u{:x}", u32::from(character)));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    if words.is_empty() {
        words.push("empty".to_owned());
    }
    words
}

fn is_separator(character: char) -> bool {
    matches!(character, '_' | '-' | '.' | '/' | ':' | ' ')
}

/// A word starts at an upper-case letter after a lower-case one or digit (`orderId`), and at the last upper-case
/// letter of a run that a lower-case one follows (`HTTPServer` is `HTTP`, `Server`).
fn starts_word(characters: &[char], index: usize) -> bool {
    let Some(before) = index.checked_sub(1).and_then(|before| characters.get(before)) else {
        return false;
    };
    if !characters[index].is_ascii_uppercase() {
        return false;
    }
    let next_is_lower = characters.get(index + 1).is_some_and(char::is_ascii_lowercase);
    before.is_ascii_lowercase() || before.is_ascii_digit() || (before.is_ascii_uppercase() && next_is_lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_in_the_style_of_each_target() {
        assert_eq!(pascal("order.status.changed"), "OrderStatusChanged");
        assert_eq!(pascal("order.created.v2"), "OrderCreatedV2");
        assert_eq!(pascal("in_transit"), "InTransit");
        assert_eq!(snake("providerRef"), "provider_ref");
        assert_eq!(snake("HTTPServer2Go"), "http_server2_go");
        assert_eq!(snake("orderID"), "order_id");
    }

    #[test]
    fn what_no_identifier_may_hold_is_kept_apart() {
        assert_eq!((variant("+"), variant("*")), ("U2b".to_owned(), "U2a".to_owned()));
        assert_eq!((variant("1.5"), variant("15")), ("V1_5".to_owned(), "V15".to_owned()));
        assert_eq!((variant(""), variant("-")), ("Empty".to_owned(), "U2d".to_owned()));
        assert_eq!(variant("other"), "OtherValue");
    }
}
