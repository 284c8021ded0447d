//! Writes the npm packages that the tests in `tests/npm` check with the tools of that world.
//!
//! They land in `target/typescript-fixtures/<case>/`, each with an `expected.json` of what the catalog says.

pub(crate) mod hostile;

mod samples;

mod validators;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use growset_codegen::{Artifact, Names, Request, Surroundings, TARGETS};
use growset_model::lock::Lock;
use growset_model::{Catalog, Sources};
use growset_syntax::{Input, Reading};
use serde_json::{Value, json};

fn fixtures() -> PathBuf {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    target.parent().expect("cargo makes it below target").join("typescript-fixtures")
}

/// Generates the package of a catalog and writes it, with what the catalog says.
fn write_package(case: &str, catalog: &Catalog, sources: &Sources, expected: &Value) -> anyhow::Result<()> {
    let folder = fixtures().join(case);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for Artifact { path, text } in typescript(catalog, sources)? {
        let path = folder.join(path.strip_prefix("typescript/").expect("the target's own folder"));
        fs::create_dir_all(path.parent().expect("has a folder"))?;
        fs::write(path, text)?;
    }
    fs::write(folder.join("expected.json"), serde_json::to_string_pretty(expected)?)?;
    Ok(())
}

/// Reads a folder of contracts and writes its package.
fn write_package_of(case: &str, contracts: &Path) -> anyhow::Result<()> {
    let mut inputs = Vec::new();
    read_folder(contracts, "", &mut inputs)?;
    let Reading { catalog, sources, diagnostics, .. } = growset_syntax::read(inputs);
    anyhow::ensure!(diagnostics.is_empty(), "{diagnostics:#?}");
    let live = catalog.events.values().filter(|event| event.retired.is_none() && !event.is_draft());
    let events: Vec<&str> = live.map(|event| event.name.as_str()).collect();
    write_package(case, &catalog, &sources, &json!({ "events": events }))
}

fn read_folder(folder: &Path, below: &str, inputs: &mut Vec<Input>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("every name here is ASCII")?;
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &path, inputs)?;
        } else if path.ends_with(".yaml") {
            inputs.push(Input { shown: format!("contracts/{path}"), bytes: fs::read(entry.path())?, path });
        }
    }
    Ok(())
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn typescript(catalog: &Catalog, sources: &Sources) -> anyhow::Result<Vec<Artifact>> {
    let names = Names::new(catalog)?;
    let target = TARGETS.iter().find(|target| target.name == "typescript").context("there is no such target")?;
    Ok((target.emit)(&Request {
        catalog,
        sources,
        functions: &[],
        surroundings: &Surroundings::default(),
        names: &names,
    })?)
}

#[test]
fn the_package_of_a_hostile_catalog_is_written_for_the_npm_tests() -> anyhow::Result<()> {
    let (catalog, expected) = hostile::catalog();
    write_package("hostile", &catalog, &Sources::default(), &expected)
}

#[test]
fn the_package_of_an_empty_catalog_is_written_for_the_npm_tests() -> anyhow::Result<()> {
    let mut catalog = Catalog::default();
    catalog.settings.npm_name = "@example/empty".into();
    catalog.settings.title = "Nothing yet".into();
    write_package("empty", &catalog, &Sources::default(), &json!({ "events": [] }))
}

#[test]
fn the_package_of_every_construct_is_written_for_the_npm_tests() -> anyhow::Result<()> {
    write_package_of("constructs", &repository().join("tests/npm/fixtures/constructs"))?;
    let declarations = fs::read_to_string(fixtures().join("constructs/index.d.ts"))?;
    let beside = repository().join("tests/npm/fixtures");
    insta::with_settings!({ snapshot_path => beside, prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("constructs", declarations);
    });
    Ok(())
}

#[test]
fn the_package_of_our_own_catalog_is_written_for_the_npm_tests() -> anyhow::Result<()> {
    write_package_of("events", &repository().join("contracts"))
}

#[test]
fn the_packages_of_earlier_revisions_are_written_for_the_npm_tests() -> anyhow::Result<()> {
    let text = fs::read_to_string(repository().join("contracts/growset.lock"))?;
    let lock = Lock::parse(&text).map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
    anyhow::ensure!(lock.releases.len() > 1, "our own lock has a history");
    for release in &lock.releases {
        let catalog = lock.catalog_at(release.version);
        write_package(&format!("released-{}", release.version), &catalog, &Sources::default(), &json!({}))?;
    }
    let grown = repository().join("tests/fixtures/codegen/grown");
    write_package_of("grown-old", &grown.join("old"))?;
    write_package_of("grown-new", &grown.join("new"))
}

#[test]
fn random_texts_and_patterns_are_written_for_the_npm_tests() -> anyhow::Result<()> {
    let (escapes, patterns) = (samples::escapes(), samples::patterns());
    anyhow::ensure!(patterns.len() > 500, "only {} patterns were allowed", patterns.len());
    fs::create_dir_all(fixtures())?;
    fs::write(fixtures().join("escapes.json"), Value::from(escapes).to_string())?;
    fs::write(fixtures().join("patterns.json"), Value::from(patterns).to_string())?;
    Ok(())
}
