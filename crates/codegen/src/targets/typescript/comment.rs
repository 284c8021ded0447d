//! JSDoc comments: paragraphs and tags, on one line where they fit.

use crate::escape::javascript;

/// As wide as a line of a comment gets, with its indent.
const WIDTH: usize = 110;

/// A comment that is being put together. An empty one prints nothing.
#[derive(Default)]
pub(super) struct Comment {
    /// Escaped lines; an empty one separates paragraphs.
    lines: Vec<String>,
    /// Escaped lines of tags, each starting with its `@tag`.
    tags: Vec<String>,
}

impl Comment {
    /// A paragraph, or several, of a contract.
    pub(super) fn text(mut self, text: Option<&str>) -> Self {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            self.separate();
            self.lines.extend(javascript::comment(text));
        }
        self
    }

    /// Adds sentences of ours to the last paragraph, their contract texts already escaped.
    pub(super) fn facts(mut self, facts: &[String]) -> Self {
        if facts.is_empty() {
            return self;
        }
        let facts = facts.join(" ");
        match self.lines.last_mut().filter(|line| !line.is_empty()) {
            Some(line) => {
                let stop = if line.ends_with(['.', '!', '?', ':', ')']) { "" } else { "." };
                line.push_str(stop);
                line.push(' ');
                line.push_str(&facts);
            }
            None => self.lines.push(facts),
        }
        self
    }

    /// A paragraph of ours, its contract texts already escaped.
    pub(super) fn paragraph(mut self, text: impl Into<String>) -> Self {
        self.separate();
        self.lines.push(text.into());
        self
    }

    /// A list of ours, its contract texts already escaped.
    pub(super) fn list(mut self, items: impl Iterator<Item = String>) -> Self {
        self.separate();
        self.lines.extend(items.map(|item| format!("- {item}")));
        self
    }

    /// A tag with escaped sentences, or none.
    pub(super) fn tag(mut self, tag: &str, text: &str) -> Self {
        let space = if text.is_empty() { "" } else { " " };
        self.tags.extend(wrap(&format!("@{tag}{space}{text}"), WIDTH - "   * ".len()));
        self
    }

    /// A tag with JSON on one line.
    pub(super) fn value(mut self, tag: &str, json: &str) -> Self {
        self.tags.push(format!("@{tag} {json}"));
        self
    }

    /// A tag with a fenced block of JSON, which holds no backtick.
    pub(super) fn fenced(mut self, tag: &str, json: Vec<String>) -> Self {
        self.tags.push(format!("@{tag}"));
        self.tags.push("```json".to_owned());
        self.tags.extend(json);
        self.tags.push("```".to_owned());
        self
    }

    fn separate(&mut self) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
    }

    /// The comment, each line after `indent`, with a line break at its end.
    pub(super) fn print(self, indent: &str) -> String {
        if self.lines.is_empty() && self.tags.is_empty() {
            return String::new();
        }
        if let ([line], []) | ([], [line]) = (&self.lines[..], &self.tags[..])
            && indent.len() + line.chars().count() + "/**  */".len() <= WIDTH
        {
            return format!("{indent}/** {line} */\n");
        }
        let mut printed = format!("{indent}/**\n");
        let width = WIDTH - indent.len() - " * ".len();
        for line in self.lines.iter().flat_map(|line| wrap(line, width)) {
            push_line(&mut printed, indent, &line);
        }
        if !self.lines.is_empty() && !self.tags.is_empty() {
            push_line(&mut printed, indent, "");
        }
        for line in &self.tags {
            push_line(&mut printed, indent, line);
        }
        printed.push_str(indent);
        printed.push_str(" */\n");
        printed
    }
}

fn push_line(printed: &mut String, indent: &str, line: &str) {
    printed.push_str(indent);
    printed.push_str(if line.is_empty() { " *" } else { " * " });
    printed.push_str(line);
    printed.push('\n');
}

/// Breaks a line between words. A list item goes on below its text, and no line starts with what would mean something
/// else there.
fn wrap(line: &str, width: usize) -> Vec<String> {
    if line.chars().count() <= width {
        return vec![line.to_owned()];
    }
    let hang = if line.starts_with("- ") { "  " } else { "" };
    let mut wrapped = Vec::new();
    let mut current = String::new();
    let mut columns = 0;
    for word in line.split(' ') {
        let word_columns = word.chars().count();
        if columns > 0 && columns + 1 + word_columns > width && !starts_block(word) {
            wrapped.push(std::mem::replace(&mut current, hang.to_owned()));
            columns = hang.len();
        } else if columns > 0 {
            current.push(' ');
            columns += 1;
        }
        current.push_str(word);
        columns += word_columns;
    }
    wrapped.push(current);
    wrapped
}

fn starts_block(word: &str) -> bool {
    let numbered = word.trim_start_matches(|character: char| character.is_ascii_digit());
    word.is_empty()
        || word.starts_with(['-', '+', '*', '#', '>', '=', '|', '~', '@', '\\'])
        || (numbered.len() < word.len() && numbered.starts_with(['.', ')']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_comment_stays_on_one_line() {
        assert_eq!(Comment::default().text(Some("Minor units.")).print("  "), "  /** Minor units. */\n");
        assert_eq!(Comment::default().tag("deprecated", "").print(""), "/** @deprecated */\n");
        assert_eq!(Comment::default().text(None).print("  "), "");
    }

    #[test]
    fn facts_end_the_last_paragraph() {
        let facts = ["At most 5 items.".to_owned()];
        assert_eq!(Comment::default().text(Some("Names")).facts(&facts).print(""), "/** Names. At most 5 items. */\n");
        assert_eq!(Comment::default().facts(&facts).print(""), "/** At most 5 items. */\n");
    }

    #[test]
    fn a_wrapped_line_never_starts_a_block() {
        let words = format!("{} - no list", "x".repeat(20));
        assert_eq!(wrap(&words, 21), [format!("{} -", "x".repeat(20)), "no list".to_owned()]);
        assert_eq!(wrap("- one two", 6), ["- one", "  two"]);
    }
}
