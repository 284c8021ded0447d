//! The hand-written TypeScript client in `crates/codegen/listener`: compiled, checked, and tried in a browser.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::debian::{is_ci, provide};
use crate::step::{self, nothing, summaries};
use crate::{npm, root};

/// Where Debian puts it; the browser tests look there too.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Compiles `src` into `dist`, which the next `generate` ships.
pub(crate) fn build() -> anyhow::Result<()> {
    install(&root())?;
    step::run("listener build", &mut npm::script(&folder(&root()), "build"), nothing)
}

/// Prints what `crates/codegen/listener/bench` measures, as it stands.
pub(crate) fn bench() -> anyhow::Result<()> {
    install(&root())?;
    let status = npm::script(&folder(&root()), "bench").status().context("cannot start npm")?;
    anyhow::ensure!(status.success(), "the benchmark failed");
    Ok(())
}

/// Installs the listener's tools when they are stale.
pub(crate) fn install(root: &Path) -> anyhow::Result<()> {
    npm::install("listener tools", &folder(root))
}

/// Formatter, linter, types, sizes and unit tests, then the tests in a browser against the server that this executable
/// is. They take a minute, so a machine that somebody works on leaves out what has not changed since it passed.
pub(crate) fn test(root: &Path) -> anyhow::Result<()> {
    let folder = folder(root);
    // Sizes and pages are those of the generated package, which follows from its catalog and from what generates it.
    let catalog = root.join("generated/catalog.json");
    let present = fingerprint(&[&folder, &catalog])?;
    unless_passed("listener checks", &folder.join("node_modules/.checked"), &present, || {
        step::run("listener checks", &mut npm::script(&folder, "check"), |line| summaries(line) || is_size(line))
    })?;
    let server = std::env::current_exe().context("cannot tell the path of xtask")?;
    let board = root.join("tests/npm/board");
    let present = fingerprint(&[&folder, &catalog, &server, &board])?;
    unless_passed("listener in browser", &folder.join("node_modules/.passed"), &present, || browse(&folder, &server))
}

/// Runs a step and notes that it passed with these inputs; leaves it out where that is noted already.
fn unless_passed(
    name: &str,
    stamp: &Path,
    present: &str,
    run: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if !is_ci() && std::fs::read_to_string(stamp).is_ok_and(|passed| passed == present) {
        println!("{name:<22}  unchanged since it passed");
        return Ok(());
    }
    run()?;
    // A step that was skipped for want of a browser has passed nothing.
    if name == "listener in browser" && !browser().is_file() {
        return Ok(());
    }
    std::fs::write(stamp, present).with_context(|| format!("cannot write {}", stamp.display()))
}

fn browse(folder: &Path, server: &Path) -> anyhow::Result<()> {
    if !provide(&browser(), "chromium", Some("CHROMIUM"))? {
        return Ok(());
    }
    step::run("listener in browser", npm::script(folder, "test:browser").env("GROWSET", server), summaries)
}

/// The browser's own EventSource beside a real server, `growset`. Each run tries it, because the server changes too.
pub(crate) fn test_native(root: &Path, growset: &Path) -> anyhow::Result<()> {
    if !browser().is_file() {
        // That was said before.
        return Ok(());
    }
    let mut command = npm::script(&folder(root), "test:native");
    step::run("EventSource in browser", command.env("GROWSET", growset), summaries)
}

/// Changes with every file of the folders, their tools (by the lock files) and the browser.
fn fingerprint(paths: &[&Path]) -> anyhow::Result<String> {
    let mut hasher = DefaultHasher::new();
    let browser = browser();
    let modified = browser.metadata().and_then(|browser| browser.modified()).ok();
    (browser, modified).hash(&mut hasher);
    let mut waiting: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    while let Some(path) = waiting.pop() {
        if path.is_file() {
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            (path, bytes).hash(&mut hasher);
            continue;
        }
        let entries = std::fs::read_dir(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
        paths.sort();
        for path in paths {
            if path.ends_with("node_modules") {
                continue;
            }
            waiting.push(path);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn folder(root: &Path) -> PathBuf {
    root.join("crates/codegen/listener")
}

/// `core   2293 of 2560 bytes  ok`
fn is_size(line: &str) -> bool {
    line.ends_with(" bytes  ok")
}

fn browser() -> PathBuf {
    std::env::var_os("CHROMIUM").map_or_else(|| PathBuf::from(CHROMIUM), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_of_the_listener_is_tested_again() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("src"))?;
        std::fs::create_dir_all(at("node_modules"))?;
        std::fs::write(at("src/client.ts"), "one")?;
        let before = fingerprint(&[folder.path()])?;
        std::fs::write(at("node_modules/.passed"), &before)?;
        assert_eq!(fingerprint(&[folder.path()])?, before);
        std::fs::write(at("src/client.ts"), "two")?;
        assert_ne!(fingerprint(&[folder.path()])?, before);
        Ok(())
    }

    #[test]
    fn a_size_within_its_budget_is_shown() {
        assert!(is_size("core              2293 of 2560 bytes  ok"));
        assert!(!is_size("Tests  274 passed (274)"));
    }
}
