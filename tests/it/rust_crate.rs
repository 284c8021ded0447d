//! The generated Rust crate.

mod driver;

mod round_trip;

mod growth;

use std::path::{Path, PathBuf};

use growset_codegen::{Artifact, Surroundings, generate};

use crate::catalogs::read_folder;

/// `tests/fixtures/codegen`.
fn fixture(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/codegen").join(case)
}

fn rust_crate(folder: &Path) -> anyhow::Result<Vec<Artifact>> {
    let reading = read_folder(folder)?;
    let targets = generate(&reading.catalog, &reading.sources, &[], &Surroundings::default())?;
    Ok(targets.into_iter().filter(|(name, _)| *name == "rust").flat_map(|(_, artifacts)| artifacts).collect())
}

#[test]
fn rust_types_are_as_the_snapshots_show() -> anyhow::Result<()> {
    for case in ["record", "choice", "lifecycle"] {
        let folder = fixture(case);
        let text: String = rust_crate(&folder.join("contracts"))?
            .into_iter()
            .filter(|artifact| !artifact.path.ends_with("Cargo.toml") && !artifact.path.ends_with("unknown.rs"))
            .map(|artifact| format!("=== {}\n{}", artifact.path, artifact.text))
            .collect();
        insta::with_settings!({ snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("rust", text);
        });
    }
    Ok(())
}
