//! `cargo xtask bench codegen`: every target of a synthetic catalog, beside tools that make one target of it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::process;
use super::report::{Report, Row};
use super::{Setting, node, release, synthetic};

/// Generates everything cold, again without a change, and with the peers, round by round.
pub(crate) fn codegen(setting: &Setting) -> Result<()> {
    let folder = tempfile::tempdir().context("create a folder for the benchmark")?;
    synthetic::write(folder.path(), setting.events)?;
    let schemas = folder.path().join("generated/schemas");

    let mut cold = Vec::new();
    let mut unchanged = Vec::new();
    let mut typings = Vec::new();
    let mut formatted_typings = Vec::new();
    let mut rust = Vec::new();
    for _ in 0..setting.rounds {
        forget_output(folder.path())?;
        cold.push(process::run(&mut generate(folder.path())?)?);
        unchanged.push(process::run(&mut generate(folder.path())?)?);
        typings.push(process::run(&mut json_schema_to_typescript(folder.path(), &schemas, false)?)?);
        if !setting.quick {
            formatted_typings.push(process::run(&mut json_schema_to_typescript(folder.path(), &schemas, true)?)?);
        }
        rust.push(process::run(&mut plain_typify(&schemas)?)?);
    }

    let mut report = Report::new(format!("{} events, {} rounds, medians", setting.events, setting.rounds));
    report.row(Row::of("growset generate, all targets, cold", setting.events, &cold, None));
    report.row(Row::of("growset generate, nothing changed", setting.events, &unchanged, Some(&cold)));
    report.row(Row::of("json-schema-to-typescript, format: false", setting.events, &typings, Some(&cold)));
    if !setting.quick {
        report.row(Row::of("json-schema-to-typescript, default", setting.events, &formatted_typings, Some(&cold)));
    }
    report.row(Row::of("typify with prettyplease, publish schemas", setting.events, &rust, Some(&cold)));
    report.print();
    Ok(())
}

/// `cargo xtask bench check`: reads and judges a synthetic catalog.
pub(crate) fn check(setting: &Setting) -> Result<()> {
    let folder = tempfile::tempdir().context("create a folder for the benchmark")?;
    synthetic::write(folder.path(), setting.events)?;
    let mut checks = Vec::new();
    let mut parses = Vec::new();
    for _ in 0..setting.rounds {
        let mut check = Command::new(release("growset")?);
        check.arg("check").current_dir(folder.path());
        checks.push(process::run(&mut check)?);
        parses.push(process::run(&mut read_only(folder.path())?)?);
    }
    let mut report = Report::new(format!("{} contracts, {} rounds, medians", setting.events, setting.rounds));
    report.row(Row::of("growset check", setting.events, &checks, None));
    report.row(Row::of("lower bound: read the files", setting.events, &parses, Some(&checks)));
    report.print();
    Ok(())
}

/// The floor under `check`: the same files read from disk by the same kind of process, and nothing else.
fn read_only(folder: &Path) -> Result<Command> {
    let mut command = Command::new(release("xtask")?);
    command.args(["bench-peer", "read"]).arg(folder.join("contracts"));
    Ok(command)
}

fn generate(folder: &Path) -> Result<Command> {
    let mut command = Command::new(release("growset")?);
    command.arg("generate").current_dir(folder);
    Ok(command)
}

fn forget_output(folder: &Path) -> Result<()> {
    for name in ["generated", "target", ".growset"] {
        let path = folder.join(name);
        if path.exists() {
            std::fs::remove_dir_all(&path).with_context(|| format!("remove {}", path.display()))?;
        }
    }
    Ok(())
}

fn json_schema_to_typescript(folder: &Path, schemas: &Path, format: bool) -> Result<Command> {
    let mut command = node("bench/json-schema-to-typescript.mjs")?;
    command.arg(schemas).arg(folder.join("typings.d.ts"));
    if format {
        command.arg("--format");
    }
    Ok(command)
}

/// Runs in a process of its own: typify panics on some schemas, and its memory is its own.
fn plain_typify(schemas: &Path) -> Result<Command> {
    let mut command = Command::new(release("xtask")?);
    command.args(["bench-peer", "typify"]).arg(schemas);
    Ok(command)
}
