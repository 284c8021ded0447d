//! What every kind of prose has in common: its lines, and which characters are seen.

/// Neither invisible nor able to turn the direction of reading. Literals escape the rest.
///
/// Controls (Unicode category Cc), format characters (Cf), line and paragraph separators, and letters that are drawn
/// as nothing. The list is explicit, so that it is the same with every version of Unicode.
pub(super) fn is_visible(character: char) -> bool {
    !matches!(character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
        | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// The lines of a text, whatever ends them; without what is not visible and without space at their ends. Joiners stay:
/// scripts and emoji need them, and they turn nothing round.
pub(super) fn lines(text: &str) -> impl Iterator<Item = String> {
    text.trim().replace("\r\n", "\n").split(is_line_break).map(visible).collect::<Vec<_>>().into_iter()
}

/// The text on one line, words one space apart.
pub(super) fn one_line(text: &str) -> String {
    lines(text)
        .flat_map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect::<Vec<_>>()
        .join(" ")
}

fn visible(line: &str) -> String {
    let kept = |character: &char| is_visible(*character) || matches!(character, '\t' | '\u{200c}' | '\u{200d}');
    let kept: String =
        line.chars().filter(kept).map(|character| if character == '\t' { ' ' } else { character }).collect();
    kept.trim_end().to_owned()
}

fn is_line_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Pieces of a line: what stands between single backticks that close, without them, and the text around.
pub(super) enum Piece<'a> {
    /// Outside of code.
    Text(&'a str),
    /// Between backticks.
    Code(&'a str),
}

/// Splits a line at its code spans. Backticks that do not close, and runs of several, are text.
pub(super) fn pieces(line: &str) -> Vec<Piece<'_>> {
    if line.contains("``") || !line.matches('`').count().is_multiple_of(2) {
        return vec![Piece::Text(line)];
    }
    let pieces =
        line.split('`').enumerate().map(|(at, part)| if at % 2 == 0 { Piece::Text(part) } else { Piece::Code(part) });
    pieces.filter(|piece| !matches!(piece, Piece::Text(""))).collect()
}

/// A line of text so that Markdown shows it as it is written, for the comments of code: as few marks as that takes,
/// since comments are read where they stand, too. `is_special` says what else needs a backslash, by the character
/// before and the character itself.
pub(super) fn push_plain(escaped: &mut String, text: &str, is_special: fn(char, char) -> bool) {
    let starts_line = escaped.is_empty();
    let mark = if starts_line { block_mark(text) } else { None };
    let mut before = escaped.chars().next_back().unwrap_or(' ');
    for (at, character) in text.char_indices() {
        let rest = &text[at + character.len_utf8()..];
        let next = rest.chars().next().unwrap_or(' ');
        if mark == Some(at) || is_mark(before, character, rest, next) || is_special(before, character) {
            escaped.push('\\');
        }
        escaped.push(character);
        before = character;
    }
}

/// What means something to Markdown wherever it stands.
fn is_mark(before: char, character: char, rest: &str, next: char) -> bool {
    match character {
        '\\' | '`' | '[' | '~' => true,
        // Alone between spaces it means nothing.
        '*' => !(before.is_whitespace() && next.is_whitespace()),
        // Inside of a word it means nothing (CommonMark, section 6.2): `order_update` stays readable.
        '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
        '<' => next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'),
        '&' => {
            let entity = rest.split_once(';').map(|(name, _)| name.strip_prefix('#').unwrap_or(name));
            entity.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        }
        _ => false,
    }
}

/// Where the mark is that would make the start of a line a heading, a list, a quotation or a table.
fn block_mark(line: &str) -> Option<usize> {
    let digits = line.len() - line.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    match line.as_bytes().get(digits)? {
        b'.' | b')' if digits > 0 => Some(digits),
        b'#' | b'+' | b'-' | b'*' | b'=' | b'>' | b':' | b'|' if digits == 0 => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        assert_eq!(lines("a\r\nb\rc\u{2028}d\u{85}e\n\nf ").collect::<Vec<_>>(), ["a", "b", "c", "d", "e", "", "f"]);
        assert_eq!(one_line(" a\n\n b\tc "), "a b c");
    }

    #[test]
    fn what_scripts_need_stays_and_what_turns_text_round_goes() {
        assert_eq!(one_line("नि 👩\u{200d}💻 e\u{301} \u{202e}abc\u{2066}\u{feff}"), "नि 👩\u{200d}💻 e\u{301} abc");
    }
}
