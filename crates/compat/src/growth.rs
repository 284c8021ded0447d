//! Growth rules: what changed since a release, whom it breaks, and a payload that proves it.
//!
//! Knows nothing of where a baseline came from, of YAML, files, git or the clock.

mod promise;

mod path;

mod baseline;

mod change;

mod diff;

mod verdict;

mod rules;

mod witness;

mod finding;

mod draft;

mod prove;

mod comparison;

mod facet;

pub use baseline::{Baseline, Revision};
pub use change::{Change, ChangeKind, End, FieldPresence, LimitChange};
pub use comparison::{Comparison, growth};
pub use diff::{diff, diff_settings};
pub use finding::{Before, Finding, Harmless, Made, Report, Shown, Witness};
pub use path::{Path, Root, Step};
pub use promise::{Promise, Side};
pub use rules::GROWTH_RULES;
pub use verdict::{Class, Proof, Verdict, verdict};
