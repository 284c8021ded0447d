//! Slips with quotes: one that ends too early, one that never ends, a backslash that starts no escape.

use growset_model::{Diagnostic, Edit};

use super::{Slip, quoted};
use crate::suggest::shown;
use crate::yaml::line::{Line, word};

impl Slip<'_> {
    /// Something stands right after the quote that ended a text.
    pub(super) fn after_quotes(self, quote: char) -> Option<Diagnostic> {
        let rest = self.rest();
        let key = word(rest);
        let starts_key = rest.get(key.len()..).is_some_and(|after| after.starts_with(':')) && !key.is_empty();
        if self.open.is_some() && (starts_key || rest.starts_with(['"', '\''])) {
            return Some(self.comma_before(if starts_key { key } else { "" }, self.offset));
        }
        let line = Line::at(self.text, self.offset);
        let head = self.text.get(line.start..self.offset)?.trim_end();
        let opening = line.start + opening_quote(head.strip_suffix(quote)?, quote)?;
        let diagnostic = if quote == '\'' {
            let message = "a single quote ends the text here; write an apostrophe twice, or use double quotes";
            self.refusal(self.character(), message)
        } else {
            let message = "a double quote ends the text before this; write a quote inside the text as `\\\"`";
            self.refusal(self.character(), message)
        };
        let diagnostic = diagnostic.label("after the text").related(self.place(opening, 1), "the text starts here");
        Some(match self.whole_text(line, opening, quote) {
            Some((end, text)) => {
                let edit = Edit { place: self.place(opening, end - opening), text };
                diagnostic.likely_fix("quote the whole text", vec![edit])
            }
            None => diagnostic,
        })
    }

    /// What was meant as one text: to the last quote of the line, or to its end.
    fn whole_text(self, line: Line<'_>, opening: usize, quote: char) -> Option<(usize, String)> {
        let end = line.start + line.content.len();
        let whole = self.text.get(opening..end)?;
        let last = whole.rfind(quote)?;
        if opening + last >= self.offset {
            let inside = whole.get(1..last)?;
            let is_plain = !inside.contains('\\') && whole.get(last + 1..)?.trim_matches([' ', '}', ']']).is_empty();
            return is_plain.then(|| (opening + last + 1, quoted(inside)));
        }
        (self.open.is_none() && !whole.contains([',', '\\']) && !whole.contains(" #")).then(|| (end, quoted(whole)))
    }

    /// A text in quotes runs into lines that it cannot hold, or to the end of the file.
    pub(super) fn open_quotes(self) -> Option<Diagnostic> {
        let starts_here = self.rest().starts_with(['"', '\'']);
        let start = if starts_here { self.offset } else { last_opening(self.text.get(..self.offset)?)? };
        let message = "these quotes are never closed; close them where the text ends";
        Some(self.refusal(self.place(start, 1), message).label("opened here"))
    }

    /// `pattern: "^\d+$"`.
    pub(super) fn unknown_escape(self) -> Option<Diagnostic> {
        let body = self.rest().strip_prefix('"')?;
        let mut unknown = None;
        let mut end = None;
        let mut characters = body.char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                '"' => {
                    end = Some(at);
                    break;
                }
                '\\' => {
                    let (_, escaped) = characters.next()?;
                    if unknown.is_none() && !"0abt\tnvfre \"/\\N_LPxuU\n\r".contains(escaped) {
                        unknown = Some((at, escaped));
                    }
                }
                _ => {} // Stands for itself.
            }
        }
        let (at, escaped) = unknown?;
        let escape = format!("`\\{}`", shown(&escaped.to_string()));
        let place = self.place(self.offset + 1 + at, 1 + escaped.len_utf8());
        let message = format!("{escape} is no escape in double quotes; use single quotes, or double the backslash");
        let diagnostic = self.refusal(place, message).label("read as an escape");
        let text = end.and_then(|end| body.get(..end)).filter(|text| !text.contains(['\n', '\r', '\'', '"']));
        Some(match text.filter(|text| !text.contains("\\\\")) {
            Some(text) => {
                let edit = Edit { place: self.place(self.offset, text.len() + 2), text: format!("'{text}'") };
                diagnostic.likely_fix("use single quotes", vec![edit])
            }
            None => diagnostic,
        })
    }
}

/// Where the text that ends with `head` was opened.
fn opening_quote(head: &str, quote: char) -> Option<usize> {
    let opens =
        |at: usize| at == 0 || head.get(..at).is_some_and(|before| before.ends_with([' ', '\t', '{', '[', ',']));
    head.match_indices(quote).map(|(at, _)| at).rfind(|at| opens(*at))
}

/// The last quote that could open a text.
fn last_opening(before: &str) -> Option<usize> {
    let single = opening_quote(before, '\'');
    let double = opening_quote(before, '"');
    single.max(double)
}
