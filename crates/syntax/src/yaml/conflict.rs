//! What a version control system leaves in a file that two people changed.

use growset_model::{Diagnostic, FileId, Place};

use crate::rules;

const OURS: &str = "<<<<<<<";
const THEIRS: &str = ">>>>>>>";

/// One report for each conflict that nobody has resolved. No contract holds such a line: the markers stand at its very
/// start, where YAML lets no text go on.
pub(super) fn conflicts(file: FileId, text: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if !text.contains(OURS) && !text.contains(THEIRS) {
        return found;
    }
    let mut ours: Option<(usize, Place)> = None;
    let mut start = 0;
    for (index, line) in text.split('\n').enumerate() {
        let place = Place::new(file, start..start + line.trim_end().len());
        if is_marker(line, OURS) {
            found.extend(ours.replace((index + 1, place)).map(|(_, left)| leftover(left)));
        } else if is_marker(line, THEIRS) {
            found.push(match ours.take() {
                Some((first, opening)) => conflict(first, opening, index + 1, place),
                None => leftover(place),
            });
        }
        start += line.len() + 1;
    }
    found.extend(ours.map(|(_, left)| leftover(left)));
    found
}

fn conflict(first: usize, opening: Place, last: usize, closing: Place) -> Diagnostic {
    let message = format!("unresolved merge conflict, lines {first}–{last}; keep what is right of both sides");
    Diagnostic::new(&rules::YAML_SYNTAX, opening, message)
        .label("it starts here")
        .related(closing, "and ends here")
        .help("take out the lines with `<<<<<<<`, `=======` and `>>>>>>>` too")
}

fn leftover(place: Place) -> Diagnostic {
    let message = "a merge conflict left this line behind; remove it, and check what stands around it";
    Diagnostic::new(&rules::YAML_SYNTAX, place, message).label("left behind")
}

fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker).is_some_and(|rest| rest.trim_end().is_empty() || rest.starts_with(' '))
}
