//! Slips in what is laid out by indentation: a colon or its space left out, a line indented too far or not enough.

use growset_model::{Diagnostic, Edit};

use super::{Slip, code};
use crate::yaml::line::{Line, separator, word};

impl<'t> Slip<'t> {
    /// A `: ` where no key can end: inside a text, or after lines that the parser took for one text.
    pub(super) fn stray_colon(self) -> Diagnostic {
        let line = Line::at(self.text, self.offset);
        let head = self.text.get(line.start..self.offset).unwrap_or("");
        if let Some(colon) = separator(head) {
            let value = line.start + colon + 1;
            let spaces = self.text.get(value..).map_or(0, |rest| rest.len() - rest.trim_start().len());
            return self.text_with_colon(value + spaces);
        }
        let owner = self.owner_of_text(line);
        let before = line.before();
        match (owner, before) {
            (Some(owner), Some(before)) if owner.start == before.start && word(head) == head => {
                self.too_deep(line, owner)
            }
            (Some(_), _) => self.text_over_lines(),
            (None, Some(before)) => self.no_colon(before).unwrap_or_else(|| self.unexpected_colon()),
            (None, None) => self.unexpected_colon(),
        }
    }

    /// The line before `line` whose value the parser takes it for.
    fn owner_of_text(self, line: Line<'t>) -> Option<Line<'t>> {
        let mut indent = line.indent;
        let mut before = line.before()?;
        while before.key().is_none() {
            indent = indent.min(before.indent);
            before = before.before()?;
        }
        (before.indent < indent && !before.value().is_empty()).then_some(before)
    }

    fn unexpected_colon(self) -> Diagnostic {
        let message = "no key ends here, so this `:` starts no value; quote a text that contains `: `";
        self.refusal(self.character(), message).label("unexpected `:`")
    }

    fn text_with_colon(self, value: usize) -> Diagnostic {
        let message = "a second `: ` on this line starts no value; quote a text that contains `: `";
        let diagnostic = self.refusal(self.character(), message).label("unexpected `:`");
        let starts_plain =
            self.text.get(value..).is_some_and(|rest| !rest.starts_with(['"', '\'', '{', '[', '|', '>']));
        if starts_plain { self.quoting(diagnostic, value) } else { diagnostic }
    }

    fn text_over_lines(self) -> Diagnostic {
        let message = "a text over several lines cannot contain `: `; put the whole text in quotes";
        self.refusal(self.character(), message).label("unexpected `:`")
    }

    /// A key where its neighbour has a value already.
    fn too_deep(self, line: Line<'t>, owner: Line<'t>) -> Diagnostic {
        let (key, neighbour) = (code(line.key().unwrap_or("")), code(owner.key().unwrap_or("")));
        let message = format!("{key} is indented deeper than {neighbour} before it; keys of one level stand in line");
        let place = self.place(line.start, line.key().map_or(0, str::len));
        let diagnostic = self
            .refusal(place, message)
            .label(format!("indented by {}", spaces(line.indent)))
            .related(self.place(owner.start, owner.key().map_or(0, str::len)), spaces(owner.indent));
        let surplus = line.indent - owner.indent;
        let is_moved = |other: &Line<'t>| other.indent >= line.indent;
        let moved = std::iter::once(line).chain(line.after().take_while(is_moved));
        let edits: Vec<Edit> = moved
            .map(|other| Edit { place: self.place(other.start - other.indent, surplus), text: String::new() })
            .collect();
        let is_blank = |edit: &Edit| self.text.get(edit.place.range()).is_some_and(|text| text.trim().is_empty());
        if edits.iter().all(is_blank) { diagnostic.likely_fix("indent it alike", edits) } else { diagnostic }
    }

    /// A line that should be `key: value` and lacks the colon, or the space after it.
    pub(super) fn no_colon(self, line: Line<'t>) -> Option<Diagnostic> {
        let key = word(line.content);
        let rest = line.content.get(key.len()..)?;
        if key.is_empty() || line.key().is_some() {
            return None;
        }
        let end = line.start + key.len();
        if let Some(value) = rest.strip_prefix(':') {
            if value.is_empty() || value.starts_with([':', '/']) {
                return None; // A `::` or `://` is part of a text.
            }
            let message = format!("a space is missing after `{key}:`");
            let diagnostic = self.refusal(self.place(line.start, key.len() + 1), message);
            let edits = self.insertion(end + 1, " ");
            return Some(
                diagnostic.label("a `:` ends a key only before a space").likely_fix("put a space there", edits),
            );
        }
        let value = rest.trim_start();
        let is_text = value.contains(' ') && !value.starts_with(['{', '[', '"', '\'']);
        if is_text {
            let message = "this line is no `key: value`; a text over several lines is indented deeper than its key";
            return Some(self.refusal(self.place(line.start, line.content.len()), message).label("no key"));
        }
        if !rest.is_empty() && value.len() == rest.len() {
            return None; // Some other character follows the word.
        }
        let (missing, gap) = if value.is_empty() { (":", 0) } else { (": ", rest.len() - value.len()) };
        let message = format!("`{missing}` is missing after {}", code(key));
        let edit = Edit { place: self.place(end, gap), text: missing.to_owned() };
        let diagnostic = self.refusal(self.place(line.start, key.len()), message).label("no `:` follows");
        Some(diagnostic.likely_fix(format!("write `{key}{missing}`"), vec![edit]))
    }

    /// The parser looked for the next key of a mapping.
    pub(super) fn no_key(self) -> Option<Diagnostic> {
        let line = Line::at(self.text, self.offset);
        let head = self.text.get(line.start - line.indent..self.offset)?;
        if head.trim() == "-" {
            let message = "a list item stands among keys; give it a key, or indent it below one";
            return Some(self.refusal(self.character(), message).label("an item of no list"));
        }
        if !head.trim().is_empty() {
            return self.after_brackets(line);
        }
        let before = line.before()?;
        line.key()?;
        if line.indent > before.indent && before.key().is_some() && !before.value().is_empty() {
            return Some(self.too_deep(line, before));
        }
        (line.indent < before.indent).then(|| self.between_levels(line, before)).flatten()
    }

    /// `doc: [new] an order`: the bracket started a list.
    fn after_brackets(self, line: Line<'t>) -> Option<Diagnostic> {
        let value = line.start + separator(line.content)? + 1;
        let spaces = self.text.get(value..).map_or(0, |rest| rest.len() - rest.trim_start().len());
        let value = value + spaces;
        let first = self.text.get(value..)?.chars().next().filter(|first| matches!(first, '[' | '{'))?;
        if first == '{' {
            let message = "the mapping ends before this; remove what follows it, or the brace too early";
            let diagnostic = self.refusal(self.character(), message).label("unexpected");
            return Some(diagnostic.related(self.place(value, 1), "the mapping starts here"));
        }
        let message = "the list ends before this; quote a text that starts with `[`, or remove what follows the list";
        let diagnostic = self.refusal(self.character(), message).label("unexpected");
        Some(self.quoting(diagnostic.related(self.place(value, 1), "the list starts here"), value))
    }

    /// A key deeper than one level and less deep than the next.
    fn between_levels(self, line: Line<'t>, inner: Line<'t>) -> Option<Diagnostic> {
        let mut inner = inner;
        let mut outer = inner;
        while outer.indent > line.indent {
            inner = outer;
            outer = outer.before()?;
        }
        if outer.indent == line.indent {
            return None; // It does stand in line; something else is wrong.
        }
        let (key, neighbour) = (line.key()?, inner.key()?);
        let message = format!(
            "{} stands between two levels; indent it by {} as {}, or by {}",
            code(key),
            inner.indent,
            code(neighbour),
            outer.indent
        );
        let edits = self.insertion(line.start, &" ".repeat(inner.indent - line.indent));
        let diagnostic = self.refusal(self.place(line.start, key.len()), message);
        let label = format!("indented by {}", spaces(line.indent));
        let diagnostic =
            diagnostic.label(label).related(self.place(inner.start, neighbour.len()), spaces(inner.indent));
        Some(diagnostic.likely_fix(format!("indent it as {}", code(neighbour)), edits))
    }

    /// The first key is indented, and a later one is not.
    pub(super) fn indented_start(self) -> Option<Diagnostic> {
        let line = Line::at(self.text, self.offset);
        let mut first = line;
        while let Some(before) = first.before() {
            first = before;
        }
        let (key, first_key) = (line.key()?, first.key()?);
        if first.indent <= line.indent {
            return None;
        }
        let message = format!(
            "{} is indented deeper than {} after it; keys of one level stand in line",
            code(first_key),
            code(key)
        );
        let place = self.place(first.start, first_key.len());
        let label = format!("indented by {}", spaces(first.indent));
        Some(self.refusal(place, message).label(label).related(self.place(line.start, key.len()), spaces(line.indent)))
    }
}

fn spaces(count: usize) -> String {
    if count == 1 { "1 space".to_owned() } else { format!("{count} spaces") }
}
