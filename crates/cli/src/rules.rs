//! The rules of this crate: what is wrong with the lock, a waiver or a day.

use growset_model::{Rule, Severity};

/// By id.
pub(crate) static RULES: &[&Rule] = &[
    &LOCK_MALFORMED,
    &LOCK_SHRUNKEN,
    &LOCK_UNVERIFIED,
    &RETIRED_AHEAD,
    &SUNSET_PASSED,
    &WAIVER_EXPIRED,
    &WAIVER_UNUSED,
];

pub(crate) static LOCK_MALFORMED: Rule = Rule {
    id: "lock-malformed",
    severity: Severity::Error,
    summary: "the lock is not as `growset release` wrote it",
    lint: false,
};

pub(crate) static LOCK_SHRUNKEN: Rule = Rule {
    id: "lock-shrunken",
    severity: Severity::Error,
    summary: "the lock lost something that it held before this branch",
    lint: false,
};

pub(crate) static LOCK_UNVERIFIED: Rule = Rule {
    id: "lock-unverified",
    severity: Severity::Note,
    summary: "nothing shows that the lock only grew",
    lint: false,
};

pub(crate) static RETIRED_AHEAD: Rule = Rule {
    id: "retired-ahead",
    severity: Severity::Warning,
    summary: "a tombstone names a day that is still to come",
    lint: false,
};

pub(crate) static SUNSET_PASSED: Rule = Rule {
    id: "sunset-passed",
    severity: Severity::Warning,
    summary: "a deprecated event is still there after its sunset",
    lint: false,
};

pub(crate) static WAIVER_EXPIRED: Rule =
    Rule { id: "waiver-expired", severity: Severity::Error, summary: "a waiver is past its last day", lint: false };

pub(crate) static WAIVER_UNUSED: Rule =
    Rule { id: "waiver-unused", severity: Severity::Error, summary: "a waiver waives nothing", lint: false };
