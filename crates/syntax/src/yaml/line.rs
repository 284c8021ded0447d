//! Lines of a text that is no YAML, read as a person reads them: how far they are indented, and what looks like a key.

/// One line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    whole: &'t str,
    /// Where its first character that is neither a space nor the dash of a list stands in the whole text.
    pub(super) start: usize,
    /// Columns before that character.
    pub(super) indent: usize,
    /// From that character to the end of the line, without spaces at the end.
    pub(super) content: &'t str,
}

impl<'t> Line<'t> {
    /// The line that holds a byte.
    pub(super) fn at(whole: &'t str, offset: usize) -> Self {
        let first = whole.get(..offset).and_then(|before| before.rfind(is_break)).map_or(0, |found| found + 1);
        let raw = whole.get(first..).unwrap_or("").split(is_break).next().unwrap_or("");
        let mut content = raw.trim_start();
        while let Some(item) = content.strip_prefix("- ") {
            content = item.trim_start();
        }
        let indent = raw.len() - content.len();
        Self { whole, start: first + indent, indent, content: content.trim_end() }
    }

    /// The nearest line before it that says something.
    pub(super) fn before(self) -> Option<Self> {
        let mut end = self.start - self.indent;
        loop {
            end = end.checked_sub(1)?;
            let line = Self::at(self.whole, end);
            if line.says_something() {
                return Some(line);
            }
            end = line.start - line.indent;
        }
    }

    /// The lines after it that say something.
    pub(super) fn after(self) -> impl Iterator<Item = Line<'t>> {
        let mut line = self;
        std::iter::from_fn(move || {
            loop {
                let end = self.whole.get(line.start..)?.find(is_break)? + line.start + 1;
                line = Self::at(self.whole, end);
                if line.says_something() {
                    return Some(line);
                }
            }
        })
    }

    /// What stands before the first `: `, unless it is quoted or in brackets.
    pub(super) fn key(self) -> Option<&'t str> {
        let key = self.content.get(..separator(self.content)?)?.trim_end();
        (!key.is_empty() && !key.starts_with(['"', '\'', '{', '[', '#', '|', '>', '&', '*'])).then_some(key)
    }

    /// What stands after the key.
    pub(super) fn value(self) -> &'t str {
        let value = separator(self.content).and_then(|colon| self.content.get(colon + 1..));
        let value = value.unwrap_or("").trim_start();
        if value.starts_with('#') { "" } else { value }
    }

    fn says_something(self) -> bool {
        !self.content.is_empty() && !self.content.starts_with('#')
    }
}

/// The first colon of a line that ends a key.
pub(super) fn separator(line: &str) -> Option<usize> {
    let ends_key = |at: &usize| line.get(at + 1..).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    line.match_indices(':').map(|(at, _)| at).find(ends_key)
}

/// The leading part of a text that could be a key or a type.
pub(super) fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '$')));
    text.get(..end.unwrap_or(text.len())).unwrap_or("")
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r')
}
