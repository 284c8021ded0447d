//! Folders with npm tools of their own: installed from their lock files, run as steps.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::step::{self, nothing};

/// Installs a folder's tools when they were not installed from its present lock file.
pub(crate) fn install(name: &str, folder: &Path) -> anyhow::Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted = std::fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let stamp = folder.join("node_modules/.installed-from");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if Command::new("node").arg("--version").output().is_err() {
        bail!("node is not installed; the tests of the generated TypeScript need Node 20 or later");
    }
    step::run(name, npm(folder).args(["ci", "--no-audit", "--no-fund"]), nothing)?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

/// One script of the folder's `package.json`. Its output is read line by line, so it is asked for without colours.
pub(crate) fn script(folder: &Path, name: &str) -> Command {
    let mut command = npm(folder);
    command.args(["run", "--silent", name]).env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    command
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder);
    command
}
