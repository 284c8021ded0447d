//! How a contract is spelled in YAML: source texts in, a catalog and every problem of every file out.
//!
//! Knows nothing of lints over the resolved catalog, of targets, or of the disk: it is handed texts and answers values.

mod read;

mod tree;
mod yaml;

mod scalar;
mod suggest;

mod names;

mod lower;

mod merge;

mod rules;

mod fixes;

mod carets;

mod editor;

mod foreign;

mod write;

pub use carets::move_carets;
pub use editor::editor_schemas;
pub use fixes::apply_fixes;
pub use foreign::json_of_yaml;
pub use read::{Input, Reading, read};
pub use rules::{CATALOG_FILE_MISSING, RULES, UNREADABLE_FILE};
pub use write::{rewrite_event, write_event, write_settings, write_type_entry, write_types};
