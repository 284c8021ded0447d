//! What is said of YAML that a contract may not hold.

use granit_parser::{ErrorKind, ScanError};
use growset_model::{Diagnostic, Place};

use crate::rules;
use crate::suggest::shown;
use crate::tree::Key;
use crate::yaml::DEEPEST;
use crate::yaml::slip::Slip;

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

/// A syntax error: the usual slip behind it, else what the parser says.
pub(super) fn syntax(error: &ScanError, slip: Slip<'_>, place: Place) -> Diagnostic {
    let refusal = |message: &str| Diagnostic::new(&rules::YAML_SYNTAX, place, message);
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(place),
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            refusal("a tab cannot indent YAML; use spaces").label("a tab")
        }
        ErrorKind::DirectiveDisallowed => {
            refusal("a `%` directive is refused; remove the line").label("this directive")
        }
        kind => slip
            .named(kind)
            .unwrap_or_else(|| refusal(&format!("the file is not YAML: {}", error.info())).label("reading stops here")),
    }
}
