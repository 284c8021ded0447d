//! The floors of the building, compared with what cargo says. The table is explained in `crates/README.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use crate::workplace::repository;

/// Every package, its floor, and the packages of this workspace that it may use. A package uses lower floors only.
const FLOORS: &[(&str, u8, &[&str])] = &[
    ("growset-event", 0, &[]),
    ("growset-model", 0, &[]),
    ("growset-codegen", 1, &["growset-model"]),
    ("growset-compat", 1, &["growset-model"]),
    ("growset-derive", 1, &["growset-model"]),
    ("growset-import", 1, &["growset-model"]),
    ("growset-syntax", 1, &["growset-model"]),
    (GENERATED, 2, &["growset-event"]),
    ("growset-server", 2, &["growset-compat", "growset-derive", "growset-event", "growset-model"]),
    (
        "growset-cli",
        3,
        &[
            "growset-codegen",
            "growset-compat",
            "growset-derive",
            "growset-import",
            "growset-model",
            "growset-server",
            "growset-syntax",
        ],
    ),
    ("growset-publish", 3, &["growset-event", "growset-server"]),
    (
        "growset-tests",
        4,
        &[
            "growset-cli",
            "growset-codegen",
            "growset-compat",
            "growset-derive",
            "growset-event",
            "growset-model",
            "growset-publish",
            "growset-syntax",
        ],
    ),
    ("xtask", 4, &["growset-cli", "growset-compat", "growset-import", "growset-model", "growset-syntax"]),
];

/// The generated crate goes by the name that `contracts/growset.yaml` gives it.
const GENERATED: &str = "generated/rust";

/// What comes from outside, one per line and sorted. Each has its sentence in `crates/README.md`.
const OUTSIDE: &[(&str, &str)] = &[
    (GENERATED, "serde"),
    (GENERATED, "serde_json"),
    ("growset-cli", "annotate-snippets"),
    ("growset-cli", "anstream"),
    ("growset-cli", "bytes"),
    ("growset-cli", "clap"),
    ("growset-cli", "http-body-util"),
    ("growset-cli", "hyper"),
    ("growset-cli", "hyper-util"),
    ("growset-cli", "jiff"),
    ("growset-cli", "notify-debouncer-mini"),
    ("growset-cli", "rayon"),
    ("growset-cli", "rustls-native-certs"),
    ("growset-cli", "serde"),
    ("growset-cli", "serde_json"),
    ("growset-cli", "sha2"),
    ("growset-cli", "similar"),
    ("growset-cli", "strsim"),
    ("growset-cli", "tempfile"),
    ("growset-cli", "thiserror"),
    ("growset-cli", "tikv-jemallocator"),
    ("growset-cli", "tokio"),
    ("growset-cli", "tokio-rustls"),
    ("growset-cli", "toml"),
    ("growset-cli", "tracing-subscriber"),
    ("growset-codegen", "askama"),
    ("growset-codegen", "rayon"),
    ("growset-codegen", "schemars"),
    ("growset-codegen", "serde_json"),
    ("growset-codegen", "thiserror"),
    ("growset-codegen", "typify"),
    ("growset-compat", "jsonschema"),
    ("growset-compat", "rayon"),
    ("growset-compat", "serde_json"),
    ("growset-compat", "strsim"),
    ("growset-derive", "iso_currency"),
    ("growset-derive", "serde_json"),
    ("growset-event", "serde"),
    ("growset-import", "jsonschema"),
    ("growset-import", "proptest"),
    ("growset-import", "serde_json"),
    ("growset-import", "thiserror"),
    ("growset-import", "unicode-normalization"),
    ("growset-model", "proptest"),
    ("growset-model", "rayon"),
    ("growset-model", "serde"),
    ("growset-model", "serde_json"),
    ("growset-model", "sha2"),
    ("growset-model", "thiserror"),
    ("growset-publish", "bytes"),
    ("growset-publish", "getrandom"),
    ("growset-publish", "http-body-util"),
    ("growset-publish", "httpdate"),
    ("growset-publish", "hyper"),
    ("growset-publish", "hyper-rustls"),
    ("growset-publish", "hyper-util"),
    ("growset-publish", "serde"),
    ("growset-publish", "serde_json"),
    ("growset-publish", "thiserror"),
    ("growset-publish", "tokio"),
    ("growset-publish", "tokio-rustls"),
    ("growset-server", "axum"),
    ("growset-server", "bytes"),
    ("growset-server", "crc32fast"),
    ("growset-server", "getrandom"),
    ("growset-server", "http-body"),
    ("growset-server", "http-body-util"),
    ("growset-server", "hyper"),
    ("growset-server", "hyper-rustls"),
    ("growset-server", "hyper-util"),
    ("growset-server", "jsonschema"),
    ("growset-server", "jsonwebtoken"),
    ("growset-server", "redis"),
    ("growset-server", "serde"),
    ("growset-server", "serde_json"),
    ("growset-server", "strsim"),
    ("growset-server", "thiserror"),
    ("growset-server", "tokio"),
    ("growset-server", "tokio-rustls"),
    ("growset-server", "tower-service"),
    ("growset-server", "tracing"),
    ("growset-syntax", "granit-parser"),
    ("growset-syntax", "rayon"),
    ("growset-syntax", "schemars"),
    ("growset-syntax", "serde"),
    ("growset-syntax", "serde_json"),
    ("growset-syntax", "strsim"),
    ("xtask", "anyhow"),
    ("xtask", "clap"),
    ("xtask", "jsonschema"),
    ("xtask", "jsonwebtoken"),
    ("xtask", "prettyplease"),
    ("xtask", "rayon"),
    ("xtask", "serde"),
    ("xtask", "serde_json"),
    ("xtask", "syn"),
    ("xtask", "tempfile"),
    ("xtask", "tikv-jemallocator"),
    ("xtask", "tokio"),
    ("xtask", "typify"),
];

fn metadata() -> Metadata {
    MetadataCommand::new().current_dir(repository()).no_deps().exec().expect("cargo describes the workspace")
}

fn name(package: &Package) -> String {
    let is_generated = package.manifest_path.as_str().replace('\\', "/").ends_with("generated/rust/Cargo.toml");
    if is_generated { GENERATED.to_owned() } else { package.name.to_string() }
}

#[test]
fn every_package_stands_on_its_floor_and_uses_only_what_the_table_allows() {
    let metadata = metadata();
    let names: BTreeMap<String, String> =
        metadata.packages.iter().map(|package| (package.name.to_string(), name(package))).collect();
    let floors: BTreeMap<&str, (u8, &[&str])> =
        FLOORS.iter().map(|(package, floor, uses)| (*package, (*floor, *uses))).collect();
    assert_eq!(names.values().map(String::as_str).collect::<BTreeSet<_>>(), floors.keys().copied().collect());

    for package in &metadata.packages {
        let user = name(package);
        let (floor, allowed) = floors[user.as_str()];
        // Dependencies of tests count as well: a sibling that is seen in tests is seen.
        for used in package.dependencies.iter().filter_map(|dependency| names.get(&dependency.name)) {
            if *used == user {
                continue; // Its own tests switch on a feature of it.
            }
            let (below, _) = floors[used.as_str()];
            assert!(below < floor, "{user} on floor {floor} uses {used} on floor {below}");
            assert!(allowed.contains(&used.as_str()), "{user} uses {used}, which the table does not allow");
        }
    }
}

#[test]
fn what_comes_from_outside_is_listed() {
    let metadata = metadata();
    let inside: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    for package in &metadata.packages {
        let outside = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind != DependencyKind::Development && !inside.contains(&dependency.name));
        found.extend(outside.map(|dependency| (name(package), dependency.name.clone())));
    }
    // The packages of tests are free to use what the others use.
    found.retain(|(user, _)| user != "growset-tests");
    let listed: BTreeSet<(String, String)> =
        OUTSIDE.iter().map(|(user, used)| ((*user).to_owned(), (*used).to_owned())).collect();
    let unlisted: Vec<_> = found.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(unlisted.is_empty() && gone.is_empty(), "add to OUTSIDE: {unlisted:?}\nremove from OUTSIDE: {gone:?}");
    assert!(OUTSIDE.is_sorted(), "OUTSIDE is sorted, so that two branches seldom touch one line");
}

#[test]
fn the_commands_can_be_built_while_the_generated_crate_is_broken() {
    for (user, _, uses) in FLOORS {
        assert!(!uses.contains(&GENERATED) || user.starts_with("growset-consumer"), "{user} needs {GENERATED}");
    }
}

#[test]
fn the_lower_floors_are_kept_off_the_world() {
    let read = |path: PathBuf| std::fs::read_to_string(path).expect("the file is in the repository");
    let crates = repository().join("crates");
    let root = read(repository().join(".clippy.toml"));
    let bans = read(crates.join("model/.clippy.toml"));
    // The nearest file replaces the root's, so whatever the root says stands in each.
    for line in root.lines() {
        assert!(bans.contains(line), "crates/*/.clippy.toml lacks the root's line {line:?}");
    }
    for (package, floor, _) in FLOORS.iter().filter(|(_, floor, _)| *floor <= 1) {
        let folder = package.trim_start_matches("growset-");
        assert_eq!(read(crates.join(folder).join(".clippy.toml")), bans, "{package} on floor {floor}");
    }
}
