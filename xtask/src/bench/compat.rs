//! `cargo xtask bench compat`: contracts against everything that was released, beside jsoncompat and `buf breaking`.
//!
//! Peers that would take long get every n-th contract; times are compared by the pair of a contract and a revision.

mod inputs;

use std::path::{Path, PathBuf};
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
    /// Only write what the contenders are given into this folder, for a profiler.
    #[arg(long, value_name = "FOLDER")]
    only_write: Option<PathBuf>,
}

/// What is measured: how it is called, of how many pairs it speaks, and how it is run.
struct Contender {
    name: &'static str,
    pairs: usize,
    command: Box<dyn Fn() -> Result<Vec<Command>>>,
    runs: Vec<Run>,
}

pub(super) fn run(setting: &Setting) -> Result<()> {
    if let Some(folder) = &setting.only_write {
        return Inputs::write(folder, setting.contracts, setting.every.max(1)).map(|_| ());
    }
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
        all.push(contender("twelve unions, jsoncompat", 1, jsoncompat(&inputs.circle_schemas)));
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

fn buf_folder() -> PathBuf {
    workspace().join("xtask/peers/buf")
}

/// One after the other, as a person would have to run them.
fn sum(runs: &[Run]) -> Run {
    Run {
        wall: runs.iter().map(|run| run.wall).sum(),
        cpu: runs.iter().map(|run| run.cpu).sum(),
        peak_memory: process::peak(runs),
        is_cut_off: runs.iter().any(|run| run.is_cut_off),
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
    for contender in contenders {
        let base =
            contenders.iter().find(|base| base.pairs > 1 || contender.pairs == 1).filter(|_| contender.pairs > 1);
        println!("{}", row(contender, base));
    }
    if contenders.iter().any(is_cut_off) {
        let limit = LONGEST.as_secs();
        println!(">=: stopped after {limit} s, so that it would take longer than that, and more memory");
    }
}

/// One of its runs did not get to its end.
fn is_cut_off(contender: &Contender) -> bool {
    contender.runs.iter().any(|run| run.is_cut_off)
}

/// A contender's line. What was stopped took that much at least, and says so at every figure.
fn row(contender: &Contender, base: Option<&Contender>) -> String {
    let per_pair = |contender: &Contender, run: &Run| {
        run.cpu.map_or(f64::NAN, |cpu| cpu.as_secs_f64()) * 1e6 / contender.pairs as f64
    };
    let ratio = base.map(|base| {
        let ratios = contender.runs.iter().zip(&base.runs);
        median(ratios.map(|(run, of_base)| per_pair(contender, run) / per_pair(base, of_base)))
    });
    let least = if is_cut_off(contender) { ">=" } else { "" };
    let known = |figure: String| format!("{least}{figure}");
    let cpu = median(contender.runs.iter().map(|run| per_pair(contender, run)));
    let unknown = || "-".to_owned();
    format!(
        "{:<42} {:>7} {:>9} {:>9} {:>8} {:>12} {:>7}",
        contender.name,
        contender.pairs,
        known(format!("{:.3}", process::median(&contender.runs).as_secs_f64())),
        known(format!("{:.2}", cpu * contender.pairs as f64 / 1e6)),
        process::peak(&contender.runs).map_or_else(unknown, |bytes| known(format!("{:.0}", bytes as f64 / 1e6))),
        known(format!("{cpu:.1}")),
        ratio.map_or_else(unknown, |ratio| known(format!("{ratio:.1}"))),
    )
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contender(is_cut_off: bool) -> Contender {
        let (wall, cpu) = (Duration::from_secs(20), Some(Duration::from_secs(10)));
        let run = |is_cut_off| Run { wall, cpu, peak_memory: Some(3_000_000), is_cut_off };
        Contender { name: "a peer", pairs: 100, command: Box::new(|| Ok(Vec::new())), runs: vec![run(is_cut_off)] }
    }

    #[test]
    fn every_figure_of_what_was_stopped_is_a_lower_bound() {
        let figures = |line: &str| line.split_whitespace().skip(3).map(str::to_owned).collect::<Vec<_>>();
        let (whole, cut) = (contender(false), contender(true));
        assert_eq!(figures(&row(&whole, None)), ["20.000", "10.00", "3", "100000.0", "-"]);
        assert_eq!(figures(&row(&cut, Some(&whole))), [">=20.000", ">=10.00", ">=3", ">=100000.0", ">=1.0"]);
    }

    #[test]
    fn one_run_of_several_that_was_stopped_makes_the_sum_a_lower_bound() {
        let runs = [contender(false).runs, contender(true).runs].concat();
        assert!(sum(&runs).is_cut_off);
        assert!(!sum(&runs[..1]).is_cut_off);
    }
}
