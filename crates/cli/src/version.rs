//! The versions of the generated packages, by what is released and what is not yet.

use growset_codegen::Versions;

use growset_compat::growth::{Baseline, Class, growth};
use growset_model::lock::{Lock, catalog_digest};
use growset_model::{Catalog, Released, Version};

use crate::history;

/// The version that a release of this catalog would have.
pub(crate) fn next(lock: &Lock, catalog: &Catalog) -> Version {
    let Some(last) = lock.last_release() else { return Version::FIRST };
    let version = last.version;
    match class(&lock.catalog_at(version), catalog) {
        Class::Breaking | Class::Policy | Class::Source => version.next_major(),
        Class::Additive | Class::Warning => version.next_minor(),
        Class::Unchanged => version.next_patch(),
    }
}

/// The versions that the packages bear: of the release that they are, or a preview of the next one. The Rust crate's
/// manifest changes with releases alone, so that two branches never meet in it, or in the lock file of a workspace.
pub(crate) fn of_packages(lock: &Lock, catalog: &Catalog) -> Versions {
    let last = lock.last_release().map_or(Version::FIRST, |release| release.version);
    let is_released = lock.is_empty() || lock.holds(catalog);
    let npm = if is_released {
        last.to_string()
    } else {
        let digest: String = catalog_digest(catalog).chars().take(8).collect();
        format!("{}-dev.{digest}", next(lock, catalog))
    };
    let (released, history) = (Released::of(lock), history::of(lock, catalog));
    Versions { npm, rust: last.to_string(), released, history }
}

/// How much changed since a release. Drafts are in none, so they never ask for more than a patch.
fn class(released: &Catalog, catalog: &Catalog) -> Class {
    let mut stable = catalog.clone();
    stable.events.retain(|_, event| !event.is_draft());
    let used: Vec<_> = stable
        .events
        .values()
        .flat_map(|event| stable.reachable(&event.payload).into_keys().cloned().collect::<Vec<_>>())
        .collect();
    stable.types.retain(|name, _| used.contains(name));
    growth(&Baseline::of_catalog("the last release", released), &stable).class()
}
