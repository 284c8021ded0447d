//! Whatever a contract says, the Rust that comes of it parses and declares payload types alone.

use std::collections::BTreeSet;

use growset_codegen::escape::rust::type_identifier;
use growset_codegen::{Artifact, Surroundings, generate};
use growset_model::arbitrary::catalog;
use growset_model::hoist::type_names;
use growset_model::{Catalog, Sources};
use proptest::prelude::*;
use syn::{Attribute, Ident, Item};

fn rust_files(catalog: &Catalog) -> Vec<Artifact> {
    let targets = generate(catalog, &Sources::default(), &[], &Surroundings::default()).expect("the catalog is valid");
    let rust = targets.into_iter().filter(|(name, _)| *name == "rust").flat_map(|(_, artifacts)| artifacts);
    rust.filter(|artifact| artifact.path.ends_with(".rs")).collect()
}

/// Nothing runs at the top level of a file: no function, no macro, no static, no `unsafe`, no foreign trait.
fn is_expected(item: &Item) -> bool {
    match item {
        Item::Struct(item) => are_expected(&item.attrs),
        Item::Enum(item) => are_expected(&item.attrs),
        Item::Type(item) => are_expected(&item.attrs),
        Item::Mod(item) => item.content.is_none() && are_expected(&item.attrs),
        Item::Use(item) => are_expected(&item.attrs),
        Item::Impl(item) => are_expected(&item.attrs) && item.unsafety.is_none(),
        _ => false,
    }
}

fn are_expected(attributes: &[Attribute]) -> bool {
    let expected = ["doc", "derive", "cfg_attr", "cfg", "serde", "non_exhaustive", "deprecated", "allow", "rustfmt"];
    attributes.iter().all(|attribute| {
        let name = attribute.path().segments.first().map(|segment| segment.ident.to_string());
        name.is_some_and(|name| expected.contains(&name.as_str()))
    })
}

/// The type that an item declares.
fn declared(item: &Item) -> Option<&Ident> {
    match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None, // Declares no type.
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn hostile_contracts_declare_types_alone(catalog in catalog()) {
        let names: BTreeSet<String> = type_names(&catalog).into_iter().map(|(name, ..)| type_identifier(&name)).collect();
        for artifact in rust_files(&catalog) {
            let file = syn::parse_file(&artifact.text);
            prop_assert!(file.is_ok(), "{}: {:?}\n{}", artifact.path, file.err(), artifact.text);
            for item in file.into_iter().flat_map(|file| file.items) {
                prop_assert!(is_expected(&item), "{}: {item:?}", artifact.path);
                let name = declared(&item).map(Ident::to_string);
                prop_assert!(name.is_none_or(|name| name == "UnknownCase" || names.contains(&name)), "{item:?}");
            }
        }
    }

    #[test]
    fn the_same_catalog_gives_the_same_bytes(catalog in catalog()) {
        prop_assert_eq!(rust_files(&catalog), rust_files(&catalog.clone()));
    }
}
