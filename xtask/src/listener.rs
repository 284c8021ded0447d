//! The hand-written TypeScript client in `crates/codegen/listener`: compiled, checked, and tried in a browser.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::step::{self, nothing, summaries};
use crate::{npm, root};

/// Where Debian puts it; the browser tests look there too.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Compiles `src` into `dist`, which the next `generate` ships.
pub(crate) fn build() -> anyhow::Result<()> {
    install(&root())?;
    step::run("listener build", &mut npm::script(&folder(&root()), "build"), nothing)
}

/// Installs the listener's tools when they are stale.
pub(crate) fn install(root: &Path) -> anyhow::Result<()> {
    npm::install("listener tools", &folder(root))
}

/// Formatter, linter, types, sizes and unit tests, then the tests in a browser. They take half a minute, so a machine
/// that somebody works on leaves them out while nothing has changed since they passed.
pub(crate) fn test(root: &Path) -> anyhow::Result<()> {
    let folder = folder(root);
    let stamp = folder.join("node_modules/.passed");
    let present = fingerprint(&folder)?;
    if !is_ci() && std::fs::read_to_string(&stamp).is_ok_and(|passed| passed == present) {
        println!("{:<22}  unchanged since it passed", "listener");
        return Ok(());
    }
    step::run("listener checks", &mut npm::script(&folder, "check"), |line| summaries(line) || is_size(line))?;
    let is_there = browser().is_file() || (may_install() && install_browser().is_ok() && browser().is_file());
    if !is_there {
        let place = browser();
        let advice =
            format!("no Chromium at {}: `apt-get install chromium`, or set CHROMIUM to its path", place.display());
        if is_ci() {
            bail!("{advice}");
        }
        println!("{:<22}  skipped: {advice}", "listener in browser");
        return Ok(());
    }
    step::run("listener in browser", &mut npm::script(&folder, "test:browser"), summaries)?;
    std::fs::write(&stamp, present).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Changes with every file of the folder, its tools (by the lock file) and the browser.
fn fingerprint(folder: &Path) -> anyhow::Result<String> {
    let mut hasher = DefaultHasher::new();
    let browser = browser();
    let modified = browser.metadata().and_then(|browser| browser.modified()).ok();
    (browser, modified).hash(&mut hasher);
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
        paths.sort();
        for path in paths {
            if path.ends_with("node_modules") {
                continue;
            }
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            (path, bytes).hash(&mut hasher);
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

/// Whoever named a browser wants that one, and nobody but root may install another.
fn may_install() -> bool {
    let is_root = || Command::new("id").arg("-u").output().is_ok_and(|answer| answer.stdout.trim_ascii() == b"0");
    std::env::var_os("CHROMIUM").is_none() && Path::new("/usr/bin/apt-get").is_file() && is_root()
}

fn install_browser() -> anyhow::Result<()> {
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    step::run("lists of packages", &mut apt(&["update"]), nothing)?;
    step::run("Chromium", &mut apt(&["install", "--yes", "--no-install-recommends", "chromium"]), nothing)
}

/// A machine that nobody watches: what it skips, nobody sees.
fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
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
        let before = fingerprint(folder.path())?;
        std::fs::write(at("node_modules/.passed"), &before)?;
        assert_eq!(fingerprint(folder.path())?, before);
        std::fs::write(at("src/client.ts"), "two")?;
        assert_ne!(fingerprint(folder.path())?, before);
        Ok(())
    }

    #[test]
    fn a_size_within_its_budget_is_shown() {
        assert!(is_size("core              2293 of 2560 bytes  ok"));
        assert!(!is_size("Tests  274 passed (274)"));
    }
}
