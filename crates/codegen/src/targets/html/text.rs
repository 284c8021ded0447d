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
