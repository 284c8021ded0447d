//! The listener in the package is the one that was compiled.

#![allow(clippy::disallowed_methods, reason = "the test compares with the folder")]

use std::collections::BTreeMap;
use std::path::Path;

use growset_codegen::{Surroundings, Versions, generate};
use growset_model::lock::catalog_digest;
use growset_model::{Catalog, Sources};

fn package(catalog: &Catalog, surroundings: &Surroundings) -> BTreeMap<String, String> {
    let targets = generate(catalog, &Sources::default(), &[], surroundings).expect("the catalog has no errors");
    let typescript = targets.into_iter().find(|(name, _)| *name == "typescript").expect("there is such a target");
    typescript.1.into_iter().map(|file| (file.path.replacen("typescript/", "", 1), file.text)).collect()
}

#[test]
fn every_compiled_file_of_the_listener_is_in_the_package_and_no_other() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("listener/dist");
    let compiled: BTreeMap<String, String> = std::fs::read_dir(dist)
        .expect("is there")
        .flatten()
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).expect("is text");
            (format!("listener/{}", entry.file_name().display()), text)
        })
        .collect();
    let shipped = package(&Catalog::default(), &Surroundings::default());
    let shipped: BTreeMap<_, _> = shipped.into_iter().filter(|(path, _)| path.starts_with("listener/")).collect();
    assert_eq!(shipped.keys().collect::<Vec<_>>(), compiled.keys().collect::<Vec<_>>());
    assert_eq!(shipped, compiled, "the build embeds another text");
}

#[test]
fn a_page_says_which_catalog_and_version_it_was_built_with() {
    let mut catalog = Catalog::default();
    let versions = Versions { npm: "2.7.0-dev.12ab34cd".into(), ..Versions::default() };
    let surroundings = Surroundings { versions, ..Surroundings::default() };
    let client = |catalog: &Catalog| package(catalog, &surroundings).remove("client.js").expect("is an entry");
    let before = client(&catalog);
    assert!(before.contains(&format!("catalog: \"{}\",", &catalog_digest(&catalog)[..16])), "{before}");
    assert!(before.contains("version: \"2.7.0-dev.12ab34cd\","), "{before}");
    catalog.settings.title = "Another catalog".into();
    assert_ne!(before, client(&catalog));
}
