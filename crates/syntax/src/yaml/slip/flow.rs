//! Slips inside braces and brackets: a comma left out, a bracket never closed, a text that holds one.

use growset_model::Diagnostic;

use super::{Slip, code};
use crate::lower::{FIELD_KEYS, LEAVES};
use crate::yaml::line::{Line, word};

impl Slip<'_> {
    /// The parser looked for a comma or the closing bracket.
    pub(super) fn no_comma(self) -> Option<Diagnostic> {
        let open = self.open?;
        let entry = self.entry(open);
        if entry.contains('\n') {
            return Some(self.open_before_line(open));
        }
        let colon = entry.rfind(": ")?; // Without it there is no value that could be torn.
        let value = entry.get(colon + 2..)?.trim_start();
        let start = self.offset - value.len();
        let (before, last) = value.rsplit_once([' ', '\t']).unwrap_or(("", value));
        let is_key = self.rest().starts_with(':') && !before.is_empty() && FIELD_KEYS.contains(&last);
        let key = entry.get(..colon)?.trim();
        let is_text = FIELD_KEYS.contains(&key) && key != "type";
        let is_typed = self.rest().starts_with(':') && is_type(before.trim_end());
        if !is_text && (is_key || is_typed) {
            return Some(self.comma_before(last, self.offset - last.len()));
        }
        let found = self.rest().chars().next().filter(|found| matches!(found, ':' | '{' | '[' | '}' | ']'))?;
        let message = format!("inside braces and brackets an unquoted text cannot hold this `{found}`; quote the text");
        let mut diagnostic = self.refusal(self.character(), message).label("read as YAML's own");
        if is_key {
            diagnostic = diagnostic.help(format!("or put a comma before {}, if it is a key", code(last)));
        }
        Some(self.quoting(diagnostic, start))
    }

    /// What stands since the last comma or bracket.
    fn entry(&self, open: usize) -> &str {
        let inside = self.text.get(open + 1..self.offset).unwrap_or("");
        let start = inside.rfind([',', '{', '[', '}', ']']).map_or(0, |found| found + 1);
        inside.get(start..).unwrap_or("")
    }

    /// A comma was left out before what starts at `at`: a key, or a text in quotes.
    pub(super) fn comma_before(self, key: &str, at: usize) -> Diagnostic {
        let end = self.text.get(..at).map_or(at, |before| before.trim_end().len());
        let what = if key.is_empty() { "the next text".to_owned() } else { code(key) };
        self.refusal(self.place(at, key.len().max(1)), format!("a comma is missing before {what}"))
            .label("the next one starts here")
            .likely_fix("put a comma there", self.insertion(end, ","))
    }

    fn open_before_line(self, open: usize) -> Diagnostic {
        let bracket = self.text.get(open..).and_then(|rest| rest.chars().next()).unwrap_or('{');
        let line = Line::at(self.text, self.offset);
        let message = format!("this `{bracket}` is not closed before the next key; close it, or put a comma between");
        self.refusal(self.place(open, bracket.len_utf8()), message)
            .label("opened here")
            .related(self.place(line.start, line.key().map_or(0, str::len)), "still inside here")
    }

    pub(super) fn never_closed(self, open: char) -> Diagnostic {
        let message = format!("this `{open}` is never closed; put a `{}` where it should end", closing(open));
        self.refusal(self.character(), message).label("opened here")
    }

    pub(super) fn closed_by_another(self, open: char, close: char) -> Diagnostic {
        let message = format!("this `{open}` has no `{}`: a `{close}` comes first", closing(open));
        self.refusal(self.character(), message).label("opened here")
    }
}

fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

/// Whether a text surely spells a type.
fn is_type(text: &str) -> bool {
    LEAVES.contains(&text)
        || text.ends_with('>')
        || (text.starts_with(|c: char| c.is_ascii_uppercase()) && word(text) == text)
}

/// What was most likely meant to be one value: up to the comma before a key, or to a bracket that closes what stands
/// around it.
pub(super) fn value(rest: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' if depth > 0 => depth -= 1,
            '}' | ']' => return rest.get(..at).map(str::trim_end),
            ',' if depth == 0 && starts_entry(rest.get(at + 1..).unwrap_or("")) => return rest.get(..at),
            _ => {} // Part of the value.
        }
    }
    None
}

fn starts_entry(rest: &str) -> bool {
    let rest = rest.trim_start();
    let key = word(rest);
    !key.is_empty() && rest.get(key.len()..).is_some_and(|rest| rest.starts_with(": "))
}
