//! `cargo xtask bench`: what we do, measured beside peers or a lower bound in the same run.
//!
//! Rounds are interleaved and ratios are taken within a round, because a shared machine is never equally fast twice.

mod codegen;
mod compat;
mod fleet;
mod growth;
mod history;
mod import;
mod latency;
pub(crate) mod peer;
mod process;
mod report;
pub(crate) mod stream;
mod synthetic;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::cargo::cargo;
use crate::listener;

/// What is measured.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Bench {
    /// Every target of a synthetic catalog, beside json-schema-to-typescript and plain typify.
    Codegen(Setting),
    /// Reading and judging a synthetic catalog, beside reading its files.
    Check(Setting),
    /// Contracts against everything that was released, beside jsoncompat and `buf breaking`.
    Compat(compat::Setting),
    /// The npm package: bytes, parser and validators beside other libraries.
    Client,
    /// Schemas that others wrote: imported, judged by sampled payloads, generated and compiled.
    Import(import::Setting),
    /// What one delivered event costs the server, beside other servers and a lower bound.
    Stream(stream::Setting),
    /// What an event costs Redis and each of several nodes, beside plain commands and a fan-out in Node.
    Fleet(fleet::Setting),
    /// Writes the synthetic catalog, for a profiler.
    Synthetic {
        /// Where `contracts/` goes.
        folder: PathBuf,
        /// How many events.
        #[arg(long, default_value_t = 1000)]
        events: usize,
    },
}

/// How much is measured.
#[derive(Debug, clap::Args)]
pub(crate) struct Setting {
    /// Events of the synthetic catalog.
    #[arg(long, default_value_t = 1000)]
    events: usize,
    /// Interleaved rounds; the medians are printed.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Leave out the peers that take minutes.
    #[arg(long)]
    quick: bool,
}

pub(crate) fn run(bench: &Bench) -> Result<()> {
    match bench {
        Bench::Codegen(setting) => build_release().and_then(|()| codegen::codegen(setting)),
        Bench::Check(setting) => build_release().and_then(|()| codegen::check(setting)),
        Bench::Compat(setting) => compat::run(setting),
        Bench::Client => listener::bench(),
        Bench::Import(setting) => build_release().and_then(|()| import::run(setting)),
        Bench::Stream(setting) => stream::run(setting),
        Bench::Fleet(setting) => fleet::run(setting),
        Bench::Synthetic { folder, events } => synthetic::write(folder, *events),
    }
}

fn build_release() -> Result<()> {
    let status = cargo(&workspace())
        .args(["build", "--quiet", "--release", "--package", "growset-cli", "--package", "xtask"])
        .status()
        .context("start cargo")?;
    ensure!(status.success(), "the release build failed");
    Ok(())
}

/// A program of the release build.
fn release(name: &str) -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from);
    let path = target.join("release").join(name);
    ensure!(path.exists(), "{} is missing after the release build", path.display());
    Ok(path)
}

/// A script of `tests/npm`, where the tests keep their npm packages.
fn node(script: &str) -> Result<Command> {
    let folder = workspace().join("tests/npm");
    ensure!(folder.join("node_modules").exists(), "run `cargo xtask test` once, or `npm ci` in tests/npm");
    let mut command = Command::new("node");
    command.arg(folder.join(script));
    Ok(command)
}

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
