//! The one way by which a text of a contract reaches a template of HTML.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::escape::html;

/// Escaped: shown as it is written, never markup, and nothing in it hidden. Templates escape every other text, too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Text(String);

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self(html::text(text))
    }

    /// A sentence of ours, whose names stand between backticks and are shown as code.
    pub(super) fn with_code(text: &str) -> Self {
        let escaped = html::text(text);
        let pieces: Vec<&str> = escaped.split("&#96;").collect();
        // One that has no partner means itself.
        if pieces.len().is_multiple_of(2) {
            return Self(escaped);
        }
        let marks = ["<code>", "</code>"].into_iter().cycle();
        let shown = pieces.into_iter().zip(marks).map(|(piece, mark)| format!("{piece}{mark}")).collect::<String>();
        Self(shown.strip_suffix("<code>").unwrap_or(&shown).to_owned())
    }

    /// Of what may be missing.
    pub(super) fn some(text: Option<&str>) -> Option<Self> {
        text.map(Self::new)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl HtmlSafe for Text {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_between_backticks_are_code_and_nothing_else_is_markup() {
        let shown = |text| Text::with_code(text).to_string();
        assert_eq!(shown("field `a` of `<b>` was added"), "field <code>a</code> of <code>&lt;b&gt;</code> was added");
        assert_eq!(shown("plain & simple"), "plain &amp; simple");
        assert_eq!(shown("a ` alone"), "a &#96; alone");
    }
}
