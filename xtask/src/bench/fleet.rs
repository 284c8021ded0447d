//! `cargo xtask bench fleet`: what an event costs Redis and each node, beside plain commands, a fan-out in Node and the
//! embedded store.
//!
//! Redis and the nodes share one core, listeners and publishers have the other: rates are of one core for the whole fleet,
//! and compare contenders with each other. Processor time per event holds for machines of their own.

pub(crate) mod client;
mod contender;
mod figures;
mod million;
mod plain;
mod servers;

use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use self::contender::Contender;
use self::figures::Figures;
use self::servers::Servers;
use super::stream::{pinned, provide_node_peers};
use super::{build_release, release};
use crate::debian;

const EXAMPLES: &str = "\
Everything, in a few minutes:
  cargo xtask bench fleet
A quick look:
  cargo xtask bench fleet --nodes 1,2 --rounds 1 --seconds 2

Needs Linux, for /proc and taskset, and redis-server. The fan-out in Node is measured where there is node and npm.";

/// How much is measured.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Setting {
    /// Nodes on one Redis; several numbers with commas between.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2, 3])]
    nodes: Vec<usize>,
    /// Organisations, each with a publisher.
    #[arg(long, default_value_t = 10)]
    orgs: usize,
    /// Listeners of each organisation, spread over the nodes.
    #[arg(long, default_value_t = 30)]
    listeners: usize,
    /// Events that each publisher sends at once; the next ones wait until everyone had them.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 32])]
    window: Vec<usize>,
    /// Interleaved rounds; medians are printed.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How long each measurement takes.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
}

/// What is measured in one run.
#[derive(Debug, Clone, Copy)]
struct Load {
    orgs: usize,
    listeners: usize,
    window: usize,
    seconds: u64,
    /// Events a second of all publishers, at fixed times; zero for as many as go through.
    rate: u64,
}

pub(super) fn run(setting: &Setting) -> Result<()> {
    ensure!(cfg!(target_os = "linux"), "processor time is read from /proc: this benchmark needs Linux");
    let has_redis = debian::provide(Path::new(servers::REDIS), "redis-server", None)?;
    ensure!(has_redis, "there is no Redis to measure");
    build_release()?;
    let has_node = provide_node_peers()?;
    let mut contenders = vec![Contender::Embedded];
    for &nodes in &setting.nodes {
        contenders.extend([Contender::Growset(nodes), Contender::Plain(nodes)]);
        contenders.extend(has_node.then_some(Contender::Node(nodes)));
    }
    let folder = tempfile::tempdir().context("create a folder for the benchmark")?;
    let mut alone = Vec::new();
    for &window in &setting.window {
        let Setting { orgs, listeners, seconds, .. } = *setting;
        let load = Load { orgs, listeners, window, seconds, rate: 0 };
        let rows = compare(&contenders, load, setting.rounds, folder.path())?;
        if window == 1 {
            alone = rows;
        }
    }
    latencies(&alone, setting, folder.path())?;
    million::tell(&alone, folder.path())
}

type Row = (Contender, Vec<Figures>);

fn compare(contenders: &[Contender], load: Load, rounds: usize, folder: &Path) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = contenders.iter().map(|contender| (*contender, Vec::new())).collect();
    for _ in 0..rounds.max(1) {
        // A call costs Redis the less the more of them come at once, so plain commands come as fast as ours just did.
        let mut rate = 0;
        for (contender, runs) in &mut rows {
            let load = if contender.delivers() { load } else { Load { rate, ..load } };
            let run = measure(*contender, load, folder)?;
            if matches!(contender, Contender::Growset(_)) {
                rate = run.rate() as u64;
            }
            runs.push(run);
        }
    }
    println!("\n{} organisations of {} listeners, {} events outstanding each", load.orgs, load.listeners, load.window);
    println!("{}", figures::HEADINGS);
    for (contender, runs) in &rows {
        let plain = rows.iter().find(|(other, _)| *other == Contender::Plain(contender.nodes()));
        println!("{}", figures::row(*contender, runs, plain.map(|(_, runs)| runs.as_slice())));
    }
    println!("every listener of growset had every event once and in order");
    Ok(rows)
}

/// How long an event takes when nobody has to wait for a processor: at a tenth of what went through, one at a time.
fn latencies(alone: &[Row], setting: &Setting, folder: &Path) -> Result<()> {
    println!("\nat a tenth of that rate, one event at a time");
    println!("{}", figures::LATENCY_HEADINGS);
    for (contender, runs) in alone.iter().filter(|(contender, _)| contender.delivers()) {
        let rate = (figures::median(runs.iter().map(Figures::rate)) / 10.0) as u64;
        let Setting { orgs, listeners, seconds, .. } = *setting;
        let load = Load { orgs, listeners, window: 1, seconds, rate: rate.max(1) };
        println!("{}", figures::latency_row(*contender, &measure(*contender, load, folder)?));
    }
    Ok(())
}

/// Servers of their own, and one client in a process of its own.
fn measure(contender: Contender, load: Load, folder: &Path) -> Result<Figures> {
    let servers = Servers::start(contender, folder)?;
    let joined = |numbers: Vec<u32>| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    let output = pinned(1, &release("xtask")?)
        .args(["bench-peer", "fleet", contender.kind(), &contender.nodes().to_string()])
        .args(["--ports", &joined(servers.ports()), "--processes", &joined(servers.processes())])
        .args(["--redis", &joined(servers.redis())])
        .args(["--orgs", &load.orgs.to_string(), "--listeners", &load.listeners.to_string()])
        .args(["--window", &load.window.to_string(), "--seconds", &load.seconds.to_string()])
        .args(["--rate", &load.rate.to_string()])
        .output()
        .context("start the client")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{contender} with {load:?}: {}", complaint.trim());
    Figures::parse(&text)
}
