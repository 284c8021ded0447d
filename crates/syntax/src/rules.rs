//! Every rule that reading can break, with its stable id. None of them is a lint: a text that breaks one has no certain meaning.

use growset_model::{Rule, Severity};

/// Every rule of this crate, sorted by id.
pub const RULES: &[&Rule] = &[
    &ALIAS_OR_TAG,
    &AMBIGUOUS_SCALAR,
    &CATALOG_FILE_MISSING,
    &DUPLICATE_KEY,
    &DUPLICATE_NAME,
    &FILE_TOO_LARGE,
    &INTEGER_NOT_JS_SAFE,
    &INVALID_CONSTRAINT,
    &INVALID_MAPPING,
    &INVALID_NAME,
    &MISSING_KEY,
    &NESTING_TOO_DEEP,
    &NOT_UTF8,
    &PATTERN_UNSUPPORTED,
    &REDUNDANT_NULLABLE,
    &UNKNOWN_EVENT,
    &UNKNOWN_FIELD,
    &UNKNOWN_KEY,
    &UNKNOWN_TYPE,
    &UNREADABLE_FILE,
    &UNSUPPORTED_VERSION,
    &WRONG_SHAPE,
    &YAML_SYNTAX,
];

const fn error(id: &'static str, summary: &'static str) -> Rule {
    Rule { id, severity: Severity::Error, summary, lint: false }
}

pub(crate) const ALIAS_OR_TAG: Rule =
    error("alias-or-tag", "an anchor, alias, merge key or tag lets one place of a file act on another");
pub(crate) const AMBIGUOUS_SCALAR: Rule =
    error("ambiguous-scalar", "an unquoted value that two YAML parsers read differently");
/// The contracts folder has no `growset.yaml`. Whoever reads the files knows whether it is merely unreadable.
pub const CATALOG_FILE_MISSING: Rule = error("catalog-file-missing", "the contracts folder has no `growset.yaml`");
pub(crate) const DUPLICATE_KEY: Rule = error("duplicate-key", "one key stands twice in one mapping");
pub(crate) const DUPLICATE_NAME: Rule =
    error("duplicate-name", "two events, types or fields share a name, or names that differ only by case");
pub(crate) const FILE_TOO_LARGE: Rule = error("file-too-large", "a contract file is larger than 1 MiB");
pub(crate) const INTEGER_NOT_JS_SAFE: Rule =
    error("integer-not-js-safe", "an integer beyond what JavaScript holds exactly");
pub(crate) const INVALID_CONSTRAINT: Rule =
    error("invalid-constraint", "a constraint stands on a type that it does not apply to");
pub(crate) const INVALID_MAPPING: Rule =
    error("invalid-mapping", "`from` or `from_value` stands where no earlier version can fill the field");
pub(crate) const INVALID_NAME: Rule = error("invalid-name", "a name that cannot be spelled everywhere it has to stand");
pub(crate) const MISSING_KEY: Rule = error("missing-key", "a key that a contract cannot do without is absent");
pub(crate) const NESTING_TOO_DEEP: Rule = error("nesting-too-deep", "a value is nested deeper than 64 levels");
pub(crate) const NOT_UTF8: Rule = error("not-utf8", "a contract file is not UTF-8");
pub(crate) const PATTERN_UNSUPPORTED: Rule =
    error("pattern-unsupported", "a pattern that not every target reads alike, or that can be made slow");
pub(crate) const REDUNDANT_NULLABLE: Rule =
    error("redundant-nullable", "`nullable` around a type that is null already");
pub(crate) const UNKNOWN_EVENT: Rule = error("unknown-event", "a contract speaks of an event that does not exist");
pub(crate) const UNKNOWN_FIELD: Rule = error("unknown-field", "a contract speaks of a field that it does not have");
pub(crate) const UNKNOWN_KEY: Rule = error("unknown-key", "a key that the contract language does not know");
pub(crate) const UNKNOWN_TYPE: Rule = error("unknown-type", "a type that is neither built in nor defined");
/// A file that could not be read from disk; reported by whoever reads it.
pub const UNREADABLE_FILE: Rule = error("unreadable-file", "a contract file could not be read");
pub(crate) const UNSUPPORTED_VERSION: Rule =
    error("unsupported-version", "`growset.yaml` asks for a language version that this tool does not know");
pub(crate) const WRONG_SHAPE: Rule = error("wrong-shape", "a value of another kind than the key takes");
pub(crate) const YAML_SYNTAX: Rule = error("yaml-syntax", "a file is not one YAML document");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sorted_by_id_and_no_two_share_one() {
        assert!(RULES.windows(2).all(|pair| pair[0].id < pair[1].id));
    }
}
