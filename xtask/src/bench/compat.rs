//! `cargo xtask bench compat`: contracts against everything that was released, beside jsoncompat and `buf breaking`.
//!
//! Peers that would take long get every n-th contract; times are compared by the pair of a contract and a revision.

mod inputs;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use self::inputs::Inputs;
use super::history::REVISIONS;
use super::process::{self, Run};
use super::{build_release, release, workspace};

/// A contender that takes longer is stopped: jsoncompat does not get to the end of the unions.
const LONGEST: Duration = Duration::from_secs(20);

/// How much is measured.
#[derive(Debug, clap::Args)]
pub(crate) struct Setting {
    /// Contracts of the synthetic catalog, each with five released revisions.
    #[arg(long, default_value_t = 5000)]
    contracts: usize,
    /// Interleaved rounds; the medians are printed.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// jsoncompat is asked about every contract whose number this divides.
    #[arg(long, default_value_t = 10)]
    every: usize,
    /// Leave the peers out.
    #[arg(long)]
    quick: bool,
}

/// What is measured: how it is called, of how many pairs it speaks, and how it is run.
struct Contender {
    name: &'static str,
    pairs: usize,
    command: Box<dyn Fn() -> Result<Vec<Command>>>,
    runs: Vec<Run>,
}

pub(super) fn run(setting: &Setting) -> Result<()> {
    build_release()?;
    if !setting.quick {
        build_jsoncompat()?;
        install_buf()?;
    }
    let folder = tempfile::tempdir().context("create a folder for the benchmark")?;
    let inputs = Inputs::write(folder.path(), setting.contracts, setting.every.max(1))?;
    let mut contenders = contenders(&inputs, setting.quick);
    for _ in 0..setting.rounds {
        for contender in &mut contenders {
            let commands = (contender.command)()?;
            let runs: Result<Vec<Run>> =
                commands.into_iter().map(|mut command| process::run_to(&mut command, &[0, 100], LONGEST)).collect();
            contender.runs.push(sum(&runs?));
        }
    }
    print(setting, &contenders);
    Ok(())
}

fn contenders(inputs: &Inputs, quick: bool) -> Vec<Contender> {
    let contender = |name, pairs, command: Box<dyn Fn() -> Result<Vec<Command>>>| Contender {
        name,
        pairs,
        command,
        runs: Vec::new(),
    };
    let peer = |folder: &Path| {
        let folder = folder.to_owned();
        Box::new(move || {
            let mut command = Command::new(release("xtask")?);
            command.args(["bench-peer", "growth"]).arg(&folder);
            Ok(vec![command])
        })
    };
    let jsoncompat = |pairs: &Path| {
        let pairs = pairs.to_owned();
        Box::new(move || {
            let mut command = Command::new(workspace().join("target/peers/release/jsoncompat-peer"));
            command.arg(&pairs);
            Ok(vec![command])
        })
    };
    let project = inputs.project.clone();
    let check = move || {
        let mut command = Command::new(release("growset")?);
        command.args(["check", "--base", "HEAD"]).current_dir(&project);
        Ok(vec![command])
    };
    let mut all = vec![
        contender("the growth checker", inputs.pairs, peer(&inputs.growth)),
        contender("growset check: YAML, lints, lock, growth", inputs.pairs, Box::new(check)),
        contender("twelve unions of each other", 1, peer(&inputs.circle)),
    ];
    if !quick {
        let (today, released) = (inputs.today_protos.clone(), inputs.released_protos.clone());
        let buf = move || released.iter().map(|released| buf(&today, released)).collect();
        all.push(contender("jsoncompat, both directions", inputs.schema_pairs, jsoncompat(&inputs.schemas)));
        all.push(contender("buf breaking, one run a revision", inputs.pairs, Box::new(buf)));
        all.push(contender("twelve unions, jsoncompat, stopped at 20 s", 1, jsoncompat(&inputs.circle_schemas)));
    }
    all
}

fn buf(today: &Path, released: &Path) -> Result<Command> {
    let platform = if std::env::consts::ARCH == "aarch64" { "linux-aarch64" } else { "linux-x64" };
    // The program itself: node would start it and lend it its own time.
    let program = buf_folder().join(format!("node_modules/@bufbuild/buf-{platform}/bin/buf"));
    ensure!(program.exists(), "{} is missing after npm ci; buf is measured on Linux", program.display());
    let mut command = Command::new(program);
    command.arg("breaking").arg(today).arg("--against").arg(released);
    Ok(command)
}

fn build_jsoncompat() -> Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release"])
        .current_dir(workspace().join("xtask/peers/jsoncompat"))
        .env("CARGO_TARGET_DIR", workspace().canonicalize()?.join("target/peers"))
        .status()
        .context("start cargo")?;
    ensure!(status.success(), "the release build of jsoncompat failed");
    Ok(())
}

fn install_buf() -> Result<()> {
    if buf_folder().join("node_modules").exists() {
        return Ok(());
    }
    let status = Command::new("npm")
        .args(["ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(buf_folder())
        .status()
        .context("start npm")?;
    ensure!(status.success(), "npm ci in xtask/peers/buf failed");
    Ok(())
}

fn buf_folder() -> std::path::PathBuf {
    workspace().join("xtask/peers/buf")
}

/// One after the other, as a person would have to run them.
fn sum(runs: &[Run]) -> Run {
    Run {
        wall: runs.iter().map(|run| run.wall).sum(),
        cpu: runs.iter().map(|run| run.cpu).sum(),
        peak_memory: process::peak(runs),
    }
}

fn print(setting: &Setting, contenders: &[Contender]) {
    let Setting { contracts, rounds, every, .. } = setting;
    println!(
        "{contracts} contracts of 20 fields, {REVISIONS} revisions each, {rounds} rounds, medians; jsoncompat: every {every}th contract"
    );
    println!(
        "{:<42} {:>7} {:>9} {:>9} {:>8} {:>12} {:>7}",
        "", "pairs", "wall s", "cpu s", "peak MB", "cpu us/pair", "ratio"
    );
    let per_pair = |contender: &Contender, run: &Run| {
        run.cpu.map_or(f64::NAN, |cpu| cpu.as_secs_f64()) * 1e6 / contender.pairs as f64
    };
    for contender in contenders {
        let base =
            contenders.iter().find(|base| base.pairs > 1 || contender.pairs == 1).filter(|_| contender.pairs > 1);
        let ratios = contender.runs.iter().zip(base.map_or(&[][..], |base| &base.runs[..]));
        let ratio =
            base.map(|base| median(ratios.map(|(run, of_base)| per_pair(contender, run) / per_pair(base, of_base))));
        println!(
            "{:<42} {:>7} {:>9.3} {:>9} {:>8} {:>12} {:>7}",
            contender.name,
            contender.pairs,
            process::median(&contender.runs).as_secs_f64(),
            format!(
                "{:.2}",
                median(contender.runs.iter().map(|run| per_pair(contender, run))) * contender.pairs as f64 / 1e6
            ),
            process::peak(&contender.runs).map_or("-".to_owned(), |bytes| format!("{:.0}", bytes as f64 / 1e6)),
            format!("{:.1}", median(contender.runs.iter().map(|run| per_pair(contender, run)))),
            ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.1}")),
        );
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
