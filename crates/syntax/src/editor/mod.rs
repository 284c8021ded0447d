//! JSON Schemas for editors: what completes, explains and underlines while a contract is written.

use growset_model::Catalog;
use serde_json::Value;

/// One schema per kind of file, as file name and text, with the catalog's own type names.
pub fn editor_schemas(_catalog: &Catalog) -> Vec<(String, Value)> {
    Vec::new()
}
