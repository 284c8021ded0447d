//! JSON Schemas for editors: what completes, explains and underlines while a contract is written.
//!
//! They describe the same keys as the reader (a test holds the two equal), and are more lenient where JSON Schema cannot
//! say what the reader knows.

mod adapt;
mod contract;
mod settings;
mod types;
mod waivers;

use growset_model::Catalog;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// One schema per kind of file, as file name and text, with the catalog's own type and event names.
pub fn editor_schemas(catalog: &Catalog) -> Vec<(String, Value)> {
    let documents: [(&str, Value); 4] = [
        ("contract.schema.json", schema::<contract::Contract>()),
        ("growset.schema.json", schema::<settings::CatalogFile>()),
        ("types.schema.json", schema::<types::TypesFile>()),
        ("waivers.schema.json", schema::<waivers::WaiversFile>()),
    ];
    let names = adapt::Names::of(catalog);
    documents.into_iter().map(|(file, schema)| (file.to_owned(), adapt::adapt(schema, &names))).collect()
}

fn schema<T: schemars::JsonSchema>() -> Value {
    SchemaGenerator::new(SchemaSettings::draft2020_12()).into_root_schema_for::<T>().to_value()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::lower::{
        CASE_KEYS, DEPRECATED_KEYS, ENUM_VALUE_KEYS, EVENT_CRATE_KEYS, EVENT_KEYS, FIELD_KEYS, NAMED_TYPE_KEYS,
        NAMES_KEYS, NPM_KEYS, RETAIN_KEYS, RETIRED_KEYS, RUST_KEYS, SETTINGS_KEYS, TYPES_FILE_KEYS, WAIVER_KEYS,
        WAIVERS_FILE_KEYS,
    };

    fn properties(schemas: &[(String, Value)], file: &str, pointer: &str) -> BTreeSet<String> {
        let schema = &schemas.iter().find(|(name, _)| name == file).expect("is a schema").1;
        let object = schema.pointer(pointer).unwrap_or_else(|| panic!("{file} has no {pointer}"));
        assert_eq!(object["additionalProperties"], Value::Bool(false), "{file}{pointer} is open");
        object["properties"].as_object().expect("is an object").keys().cloned().collect()
    }

    #[test]
    fn the_editor_knows_exactly_the_keys_of_the_reader() {
        let schemas = editor_schemas(&Catalog::default());
        let expected: [(&str, &str, &[&str]); 17] = [
            ("contract.schema.json", "", EVENT_KEYS),
            ("contract.schema.json", "/$defs/FieldForm", FIELD_KEYS),
            ("contract.schema.json", "/$defs/EnumValueForm", ENUM_VALUE_KEYS),
            ("contract.schema.json", "/$defs/CaseForm", CASE_KEYS),
            ("contract.schema.json", "/$defs/EventDeprecation", DEPRECATED_KEYS),
            ("contract.schema.json", "/$defs/Deprecation", DEPRECATED_KEYS),
            ("contract.schema.json", "/$defs/Retired", RETIRED_KEYS),
            ("contract.schema.json", "/$defs/LatestBy", RETAIN_KEYS),
            ("types.schema.json", "", TYPES_FILE_KEYS),
            ("types.schema.json", "/$defs/NamedTypeForm", NAMED_TYPE_KEYS),
            ("growset.schema.json", "", SETTINGS_KEYS),
            ("growset.schema.json", "/$defs/Npm", NPM_KEYS),
            ("growset.schema.json", "/$defs/Rust", RUST_KEYS),
            ("growset.schema.json", "/$defs/EventCrate", EVENT_CRATE_KEYS),
            ("growset.schema.json", "/$defs/NameExceptions", NAMES_KEYS),
            ("waivers.schema.json", "", WAIVERS_FILE_KEYS),
            ("waivers.schema.json", "/$defs/WaiverForm", WAIVER_KEYS),
        ];
        for (file, pointer, keys) in expected {
            let keys: BTreeSet<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            assert_eq!(properties(&schemas, file, pointer), keys, "{file}{pointer}");
        }
    }

    #[test]
    fn every_key_explains_itself() {
        for (file, schema) in editor_schemas(&Catalog::default()) {
            let definitions = schema["$defs"].as_object().expect("has definitions").iter();
            for (name, object) in definitions.chain([(&file, &schema)]) {
                for (key, property) in object["properties"].as_object().into_iter().flatten() {
                    assert!(property["markdownDescription"].is_string(), "{file}: {name}.{key}");
                }
            }
        }
    }

    #[test]
    fn the_schemas_are_printed_as_before() {
        let catalog = Catalog::default();
        for (file, schema) in editor_schemas(&catalog) {
            insta::assert_snapshot!(file, format!("{schema:#}"));
        }
    }
}
