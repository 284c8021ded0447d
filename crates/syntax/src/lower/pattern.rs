//! `pattern`: parsed by the model, with what is wrong marked inside the text.

use growset_model::{Diagnostic, Pattern};

use crate::lower::Lowering;
use crate::rules;
use crate::tree::Entry;

impl Lowering<'_> {
    /// Reads a pattern.
    pub(super) fn pattern(&mut self, entry: &Entry) -> Option<Pattern> {
        let text = self.string(entry)?;
        match Pattern::parse(&text) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let place = self.part_of_scalar(entry.value.place, &text, error.range.clone());
                let message = format!("this pattern is refused: {}", error.reason);
                self.report(
                    Diagnostic::new(&rules::PATTERN_UNSUPPORTED, place, message)
                        .label("not a pattern that all targets read alike"),
                );
                None
            }
        }
    }
}
