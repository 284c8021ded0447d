//! Text in Markdown (CommonMark and the tables of GitHub).

use crate::escape::prose::{self, Piece, pieces};

/// Paragraphs. Code spans of single backticks stay; everything else is shown as it is written, so no text starts a
/// heading, a list, a link, a table or HTML.
pub fn text(text: &str) -> String {
    let lines: Vec<String> = prose::lines(text).map(|line| block_line(&line)).collect();
    lines.join("\n")
}

/// The same on one line: for headings, list items and links' texts.
pub fn inline(text: &str) -> String {
    block_line(&prose::one_line(text))
}

/// A cell of a table: one line, its bars escaped, in code spans too (GFM reads the bars first).
pub fn cell(text: &str) -> String {
    inline_line(&prose::one_line(text)).replace('|', "\\|").replace("\\\\|", "\\|")
}

/// A code span, fenced by more backticks than it holds.
pub fn code(text: &str) -> String {
    let text = prose::one_line(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    // A span cannot be empty, and a backtick or space at an end needs a space, which is not shown.
    if text.is_empty() {
        String::new()
    } else if text.starts_with('`') || text.ends_with('`') {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// A code span in a cell of a table.
pub fn code_cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// A fenced block; `language` is one of ours.
pub fn fence(language: &str, text: &str) -> String {
    let lines: Vec<String> = prose::lines(text).collect();
    let text = lines.join("\n");
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

fn block_line(line: &str) -> String {
    // Four spaces would make code, and numbers with `.` or `)` a list.
    let line = line.trim_start();
    let digits = line.len() - line.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    match line.as_bytes().get(digits) {
        Some(mark @ (b'.' | b')')) if digits > 0 => {
            let (number, rest) = line.split_at(digits);
            format!("{number}\\{}{}", char::from(*mark), inline_line(&rest[1..]))
        }
        _ => {
            let escaped = inline_line(line);
            // Marks that mean something only where a line starts.
            if escaped.starts_with(['+', '-', '=', ':']) { format!("\\{escaped}") } else { escaped }
        }
    }
}

fn inline_line(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    for piece in pieces(line) {
        match piece {
            // A span with a space at both ends loses them; one of spaces alone is fine.
            Piece::Code(code) => escaped.extend(["`", code, "`"]),
            Piece::Text(text) => push_text(&mut escaped, text),
        }
    }
    escaped
}

fn push_text(escaped: &mut String, text: &str) {
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        let special = match character {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '#' | '$' => true,
            // Inside of a word it means nothing (CommonMark, section 6.2): `order_update` stays readable.
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            '&' => next == '#' || next.is_ascii_alphabetic(),
            '!' => next == '[',
            '@' => !before.is_alphanumeric(), // Code hosts call people by it.
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(character);
        before = character;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escape::hostile;
    use proptest::prelude::*;

    #[test]
    fn prose_reads_as_it_was_written() {
        assert_eq!(text("The `kind` of order_update, 1.5 (or so)."), "The `kind` of order_update, 1.5 (or so).");
        assert_eq!(text("# no\n1. no\n- no\n    no\n| a |"), "\\# no\n1\\. no\n\\- no\nno\n\\| a \\|");
        assert_eq!(
            inline("[a](b) <b> *x* &amp; @team a@b ![c]"),
            "\\[a\\](b) \\<b\\> \\*x\\* \\&amp; \\@team a@b \\!\\[c\\]"
        );
    }

    #[test]
    fn code_is_fenced_by_more_backticks_than_it_holds() {
        assert_eq!((code("a"), code("a``b"), code("`")), ("`a`".into(), "```a``b```".into(), "`` ` ``".into()));
        assert_eq!(code_cell("a|b"), "`a\\|b`");
        assert_eq!(fence("json", "```\nx"), "````json\n```\nx\n````\n");
    }

    #[test]
    fn a_cell_stays_one_cell() {
        assert_eq!(cell("a | b\nc `x|y`"), "a \\| b c `x\\|y`");
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_cell(hostile in hostile::text()) {
            for cell in [cell(&hostile), code_cell(&hostile)] {
                prop_assert!(!cell.contains('\n') && !cell.contains(hostile::HIDDEN));
                let bars = cell.match_indices('|').filter(|(at, _)| !cell[..*at].ends_with('\\'));
                prop_assert_eq!(bars.count(), 0);
            }
        }

        #[test]
        fn no_text_holds_html_or_starts_a_block(hostile in hostile::text()) {
            let escaped = text(&hostile);
            prop_assert!(!escaped.contains(hostile::HIDDEN));
            for line in escaped.lines() {
                prop_assert!(!line.starts_with(['#', '-', '+', '>', '|', '=', ' ', '~']), "{line:?}");
                prop_assert!(!line.starts_with("```"), "{line:?}");
            }
        }

        #[test]
        fn a_fence_is_closed_by_its_end_alone(hostile in hostile::text()) {
            let block = fence("json", &hostile);
            let fence_marks = block.split("json").next().unwrap_or_default();
            let closing = block.lines().skip(1).filter(|line| line.trim_start().starts_with(fence_marks));
            prop_assert_eq!(closing.count(), 1);
        }
    }
}
