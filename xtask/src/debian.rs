//! Packages of Debian that the tests need: installed where that is allowed, else missed in one line.

use std::path::Path;
use std::process::Command;

use anyhow::bail;

use crate::step::{self, nothing};

/// Whether `program` is there, or is after installing `package`. Without it the tests that need it are left out; on a
/// machine that nobody watches that is an error.
pub(crate) fn provide(program: &Path, package: &str, variable: Option<&str>) -> anyhow::Result<bool> {
    // Whoever named a program wants that one.
    let is_named = variable.is_some_and(|variable| std::env::var_os(variable).is_some());
    if program.is_file() || (!is_named && may_install() && install(package).is_ok() && program.is_file()) {
        return Ok(true);
    }
    let or = variable.map(|variable| format!(", or set {variable} to its path")).unwrap_or_default();
    let advice = format!("no {}: `apt-get install {package}`{or}", program.display());
    if is_ci() {
        bail!("{advice}");
    }
    println!("{package:<22}  skipped: {advice}");
    Ok(false)
}

/// Nobody but root may.
fn may_install() -> bool {
    let is_root = || Command::new("id").arg("-u").output().is_ok_and(|answer| answer.stdout.trim_ascii() == b"0");
    Path::new("/usr/bin/apt-get").is_file() && is_root()
}

fn install(package: &str) -> anyhow::Result<()> {
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    step::run("lists of packages", &mut apt(&["update"]), nothing)?;
    step::run(package, &mut apt(&["install", "--yes", "--no-install-recommends", package]), nothing)
}

/// A machine that nobody watches: what it skips, nobody sees.
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}
