//! What a person most likely did where the parser stopped. A parser says where a text can no longer be read; the slip
//! itself often stands a line before. Where nothing is plain enough to be said, the parser's own words stand.

mod block;

mod flow;

mod quotes;

use granit_parser::ErrorKind;
use growset_model::{Diagnostic, Edit, FileId, Place};

use crate::rules;
use crate::scalar;
use crate::suggest::shown;
use crate::yaml::line::Line;

/// Where the parser stopped.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slip<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    pub(super) offset: usize,
    /// Where the innermost brace or bracket was opened, and at which `{` or `[`.
    pub(super) open: Option<usize>,
}

impl<'t> Slip<'t> {
    /// The slip in words, if it is one of the usual ones.
    pub(super) fn named(self, kind: &ErrorKind) -> Option<Diagnostic> {
        match kind {
            ErrorKind::MappingValueNotAllowed => Some(self.stray_colon()),
            ErrorKind::SimpleKeyExpected => self.no_colon(Line::at(self.text, self.offset)),
            ErrorKind::ExpectedBlockMappingKey => self.no_key(),
            ErrorKind::ExpectedDocumentStart => self.indented_start(),
            ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => self.no_comma(),
            ErrorKind::UnclosedFlowCollection { open } => Some(self.never_closed(*open)),
            ErrorKind::MismatchedFlowCollectionEnd { open, close } => Some(self.closed_by_another(*open, *close)),
            ErrorKind::MisplacedFlowCollectionEnd => {
                let message = "this bracket closes nothing; remove it, or open it before";
                Some(self.refusal(self.character(), message).label("nothing is open here"))
            }
            ErrorKind::InvalidTrailingSingleQuotedScalar => self.after_quotes('\''),
            ErrorKind::InvalidTrailingDoubleQuotedScalar => self.after_quotes('"'),
            ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent => self.open_quotes(),
            ErrorKind::UnknownQuotedScalarEscape => self.unknown_escape(),
            ErrorKind::InvalidQuotedScalarHexEscape => {
                let message = "an escape in these quotes lacks its digits; `\\x` takes two, `\\u` four, `\\U` eight";
                Some(self.refusal(self.character(), message).label("in this text"))
            }
            ErrorKind::UnexpectedCharacter { character } if character.is_ascii_punctuation() => {
                Some(self.reserved_start(*character))
            }
            ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
                let message = format!("U+{:04X} is a character that no text holds; remove it", u32::from(*character));
                Some(self.refusal(self.character(), message).label("cannot be seen"))
            }
            _ => None, // The parser's own words are good enough for the many other ways to break YAML.
        }
    }

    /// `owner: @orders`: YAML keeps a few characters for itself.
    fn reserved_start(self, character: char) -> Diagnostic {
        let character = if character == '`' { "a backtick".to_owned() } else { format!("`{character}`") };
        let message = format!("{character} cannot start a text without quotes; quote the text");
        let diagnostic = self.refusal(self.character(), message).label("quote what starts here");
        self.quoting(diagnostic, self.offset)
    }

    fn refusal(self, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(&rules::YAML_SYNTAX, place, message)
    }

    fn place(self, start: usize, length: usize) -> Place {
        Place::new(self.file, start..start + length)
    }

    /// The character where the parser stopped.
    fn character(self) -> Place {
        let marked = self.rest().chars().next().filter(|found| !matches!(found, '\n' | '\r'));
        self.place(self.offset, marked.map_or(0, char::len_utf8))
    }

    fn rest(self) -> &'t str {
        self.text.get(self.offset..).unwrap_or("")
    }

    fn insertion(self, at: usize, text: &str) -> Vec<Edit> {
        vec![Edit { place: self.place(at, 0), text: text.to_owned() }]
    }

    /// Adds the fix that quotes the value which starts at `start`, where its end is plain.
    fn quoting(self, diagnostic: Diagnostic, start: usize) -> Diagnostic {
        let rest = self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let value = if self.open.is_some() { flow::value(rest) } else { Some(rest.trim_end()) };
        match value.filter(|value| !value.is_empty() && !value.contains(" #")) {
            Some(value) => {
                let edit = Edit { place: self.place(start, value.len()), text: quoted(value) };
                diagnostic.likely_fix("quote the text", vec![edit])
            }
            None => diagnostic,
        }
    }
}

/// In single quotes where a backslash would have to be doubled.
fn quoted(text: &str) -> String {
    if text.contains('\\') && !text.contains('\'') { format!("'{text}'") } else { scalar::quoted(text) }
}

/// A word of the contract's, quoted for a message.
fn code(text: &str) -> String {
    format!("`{}`", shown(text))
}
