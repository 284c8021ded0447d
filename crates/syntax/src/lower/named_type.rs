//! Files of types: every name, and what it stands for.

use growset_model::{NamedType, TypeName};

use crate::lower::Lowering;
use crate::lower::deprecated::Successor;
use crate::rules;
use crate::tree::{Entry, Node, NodeKind};

/// Every key of a file of types.
pub(crate) const TYPES_FILE_KEYS: &[&str] = &["types"];

/// Every key of a named type's mapping form.
pub(crate) const NAMED_TYPE_KEYS: &[&str] = &[
    "type",
    "doc",
    "example",
    "deprecated",
    "pii",
    "was",
    "list",
    "map",
    "nullable",
    "enum",
    "fields",
    "optional",
    "derived",
    "union",
    "cases",
    "json_schema",
    "closed",
    "min",
    "max",
    "min_length",
    "max_length",
    "pattern",
    "min_items",
    "max_items",
    "unique",
];

impl Lowering<'_> {
    /// The types of one file.
    pub(crate) fn lower_types(&mut self, root: &Node, shown: &str) -> Vec<NamedType> {
        let Some(keys) = self.keys(shown, root.place, root, TYPES_FILE_KEYS) else { return Vec::new() };
        let Some(types) = keys.find("types") else {
            self.missing_key(&keys, shown, "types", "put the types under it");
            return Vec::new();
        };
        let NodeKind::Mapping(mapping) = &types.value.kind else {
            self.wrong_shape(types, "a mapping of type names to types");
            return Vec::new();
        };
        mapping.entries.iter().filter_map(|entry| self.named_type(entry)).collect()
    }

    fn named_type(&mut self, entry: &Entry) -> Option<NamedType> {
        let name = TypeName::parse(&entry.key.text);
        let (ty, keys) = self.type_with_keys(&entry.key, &entry.value, NAMED_TYPE_KEYS);
        let mut was = Vec::new();
        let (mut doc, mut example, mut deprecated, mut pii) = (None, None, None, false);
        if let Some(keys) = &keys {
            was = keys.find("was").map(|entry| self.earlier_names(entry)).unwrap_or_default();
            doc = keys.find("doc").and_then(|entry| self.string(entry));
            example = keys.find("example").map(|entry| self.value(&entry.value));
            deprecated = keys.find("deprecated").and_then(|entry| self.deprecated(entry, Successor::Type));
            pii = keys.find("pii").and_then(|entry| self.flag(entry)).unwrap_or_default();
        }
        match name {
            Ok(name) => Some(NamedType { name, was, doc, example, deprecated, pii, ty, place: entry.key.place }),
            Err(error) => {
                self.refuse(&rules::INVALID_NAME, entry.key.place, error.to_string(), "not a type name");
                None
            }
        }
    }

    fn earlier_names(&mut self, entry: &Entry) -> Vec<TypeName> {
        let mut names = Vec::new();
        for (text, place) in self.strings(entry, "a list of earlier names, as in `[OldName]`") {
            match TypeName::parse(text) {
                Ok(name) if self.names.types.contains(text) => {
                    let message = format!(
                        "`{name}` is a type of its own, so it cannot be an earlier name; remove one of the two"
                    );
                    self.refuse(&rules::DUPLICATE_NAME, place, message, "still in use");
                }
                Ok(name) => names.push(name),
                Err(error) => self.refuse(&rules::INVALID_NAME, place, error.to_string(), "not a type name"),
            }
        }
        names
    }
}
