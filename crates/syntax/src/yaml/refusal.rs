//! What is said of YAML that a contract may not hold.

use granit_parser::{ErrorKind, ScanError};
use growset_model::{Diagnostic, Edit, FileId, Place};

use crate::rules;
use crate::scalar;
use crate::suggest::shown;
use crate::tree::Key;
use crate::yaml::DEEPEST;

pub(super) fn alias(place: Place) -> Diagnostic {
    Diagnostic::new(&rules::ALIAS_OR_TAG, place, "an alias is refused; write the value out where it is needed")
        .label("this alias")
        .help("what several contracts share belongs in a `*.types.yaml` file under a name")
}

pub(super) fn anchor(place: Place) -> Diagnostic {
    let message = "an anchor is refused; remove it, and write out what refers to it";
    Diagnostic::new(&rules::ALIAS_OR_TAG, place, message).label("this anchor")
}

pub(super) fn tag(place: Place) -> Diagnostic {
    let message = "a tag is refused; remove it, and quote the value to make it a string";
    Diagnostic::new(&rules::ALIAS_OR_TAG, place, message).label("this tag")
}

pub(super) fn merge_key(place: Place) -> Diagnostic {
    Diagnostic::new(&rules::ALIAS_OR_TAG, place, "a merge key is refused; write the entries out where they are needed")
        .label("this merge key")
        .help("fields that several contracts share belong in a `*.types.yaml` file under a name")
}

pub(super) fn complex_key(place: Place) -> Diagnostic {
    let message = "a key is a single word or text, not a list, mapping or alias";
    Diagnostic::new(&rules::WRONG_SHAPE, place, message).label("not a key")
}

pub(super) fn duplicate_key(key: &Key, first: Place) -> Diagnostic {
    let message = format!("key `{}` stands twice; keep one of them", shown(&key.text));
    Diagnostic::new(&rules::DUPLICATE_KEY, key.place, message).label("again here").related(first, "first here")
}

pub(super) fn second_document(place: Place) -> Diagnostic {
    let message = "a file holds one document; move the second one to its own file";
    Diagnostic::new(&rules::YAML_SYNTAX, place, message).label("a second document starts here")
}

pub(super) fn too_deep(place: Place) -> Diagnostic {
    let message =
        format!("values are nested deeper than {DEEPEST} levels; give an inner part a name in a `*.types.yaml` file");
    Diagnostic::new(&rules::NESTING_TOO_DEEP, place, message).label(format!("level {} starts here", DEEPEST + 1))
}

/// A syntax error at `place` of `text`.
pub(super) fn syntax(error: &ScanError, file: FileId, place: Place, text: &str) -> Diagnostic {
    let refusal = |message: &str| Diagnostic::new(&rules::YAML_SYNTAX, place, message);
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(place),
        ErrorKind::MappingValueNotAllowed => {
            let diagnostic = refusal("a second `: ` on this line starts no value; quote a text that contains `: `")
                .label("unexpected `:`");
            match quoted_rest_of_line(file, text, place.range().start) {
                Some(edits) => diagnostic.likely_fix("quote the text", edits),
                None => diagnostic,
            }
        }
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            refusal("a tab cannot indent YAML; use spaces").label("a tab")
        }
        ErrorKind::DirectiveDisallowed => {
            refusal("a `%` directive is refused; remove the line").label("this directive")
        }
        // The parser's own words are good enough for the many other ways to break YAML.
        _ => refusal(&format!("the file is not YAML: {}", error.info())).label("reading stops here"),
    }
}

/// Quotes everything after the first `: ` of the line that holds `offset`.
fn quoted_rest_of_line(file: FileId, text: &str, offset: usize) -> Option<Vec<Edit>> {
    let line_start = text.get(..offset)?.rfind('\n').map_or(0, |found| found + 1);
    let line = text.get(line_start..)?.lines().next()?;
    let value = line.find(": ")? + 2;
    let rest = line.get(value..)?.trim();
    let plain = !rest.is_empty() && !rest.starts_with(['"', '\'', '{', '[', '|', '>', '#']) && !rest.contains(" #");
    let start = line_start + value + line.get(value..)?.find(rest)?;
    plain.then(|| vec![Edit { place: Place::new(file, start..start + rest.len()), text: scalar::quoted(rest) }])
}
