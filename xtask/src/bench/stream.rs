//! `cargo xtask bench stream`: what one delivered event costs the server, beside peers and a lower bound.
//!
//! One core serves and another listens. Rounds are interleaved, each with servers and clients of its own, and ratios of
//! processor time are taken within a round, so that neighbours on the machine do not matter.

pub(crate) mod client;
mod connection;
mod contender;
mod measured;
mod place;
mod publisher;
mod server;

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

pub(super) use self::connection::Connection;
pub(super) use self::contender::Contender;
use self::measured::Measured;
pub(super) use self::place::Place;
pub(super) use self::publisher::{Publisher, payload};
pub(super) use self::server::{Server, free_port, growset};
use super::{build_release, release, workspace};

const EXAMPLES: &str = "\
Everything, in about a quarter of an hour:
  cargo xtask bench stream
A quick look, at ours and the lower bound alone:
  cargo xtask bench stream --quick --connections 1000 --rounds 1

Needs Linux, for /proc and taskset. Beside us are measured what is there of node and npm (better-sse, and a loop over
responses) and of nginx with nchan: `apt-get install nginx libnginx-mod-nchan`. What is missing is named and left out.
Processor time holds beside a busy neighbour; latencies and events per second do not.";

/// How much is measured.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Setting {
    /// Open connections; several numbers with commas between.
    #[arg(long, value_delimiter = ',', default_values_t = [100, 1000, 10_000])]
    connections: Vec<usize>,
    /// Events that are published at once; the next ones wait until everyone had them. 1 allows no batching.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 32])]
    window: Vec<usize>,
    /// Interleaved rounds; medians of per-round ratios are printed.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How long each measurement takes.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Connections of ours that break off and come back each second, in runs of their own.
    #[arg(long, default_value_t = 100)]
    reconnects: u64,
    /// Leave the peers out, but for the lower bound.
    #[arg(long)]
    quick: bool,
}

/// What is measured in one run.
#[derive(Debug, Clone, Copy)]
struct Load {
    connections: usize,
    window: usize,
    seconds: u64,
    reconnects: u64,
}

pub(super) fn run(setting: &Setting) -> Result<()> {
    ensure!(cfg!(target_os = "linux"), "processor time is read from /proc: this benchmark needs Linux");
    build_release()?;
    let contenders = Contender::present(setting.quick)?;
    build_peers(&contenders)?;
    let folder = tempfile::tempdir().context("create a folder for the benchmark")?;
    for &connections in &setting.connections {
        for &window in &setting.window {
            let load = Load { connections, window, seconds: setting.seconds, reconnects: 0 };
            compare(&contenders, load, setting.rounds, folder.path())?;
        }
    }
    let connections = setting.connections.iter().copied().max().unwrap_or(100);
    for &window in &setting.window {
        coming_back(
            Load { connections, window, seconds: setting.seconds, reconnects: setting.reconnects },
            folder.path(),
        )?;
    }
    publishing(setting.seconds, folder.path())
}

/// One contender's runs, until one of them fails.
struct Row {
    contender: Contender,
    runs: Vec<Measured>,
    failure: Option<anyhow::Error>,
}

fn compare(contenders: &[Contender], load: Load, rounds: usize, folder: &Path) -> Result<()> {
    let mut rows: Vec<Row> =
        contenders.iter().map(|&contender| Row { contender, runs: Vec::new(), failure: None }).collect();
    for _ in 0..rounds.max(1) {
        for row in rows.iter_mut().filter(|row| row.failure.is_none()) {
            match measure(row.contender, load, folder) {
                Ok(measured) => row.runs.push(measured),
                // A peer that loses events is a result; that we or the lower bound do is not.
                Err(failure) if row.contender.is_peer() => row.failure = Some(failure),
                Err(failure) => return Err(failure),
            }
        }
    }
    println!("\n{} connections, {} events outstanding", load.connections, load.window);
    println!("{}", measured::HEADINGS);
    let [floor, ours, peers @ ..] = rows.as_slice() else {
        bail!("the lower bound and growset are always measured");
    };
    for row in &rows {
        match &row.failure {
            None => println!("{}", measured::row(row.contender.name(), &row.runs, &floor.runs)),
            Some(failure) => println!("{:<16} failed: {failure:#}", row.contender.name()),
        }
    }
    for peer in peers.iter().filter(|peer| peer.failure.is_none()) {
        let ratio = measured::median_ratio(&ours.runs, &peer.runs);
        println!("growset takes {ratio:.2} of the processor time of {}", peer.contender.name());
    }
    println!("every connection of growset had every event once and in order");
    Ok(())
}

fn coming_back(load: Load, folder: &Path) -> Result<()> {
    let measured = measure(Contender::Growset, load, folder)?;
    println!(
        "\n{} connections, {} events outstanding, {} broke off and came back by their last id: {} events delivered; \
         none lost, none twice, none out of order",
        load.connections, load.window, measured.reconnects, measured.delivered
    );
    Ok(())
}

/// One server, one client in a process of its own.
fn measure(contender: Contender, load: Load, folder: &Path) -> Result<Measured> {
    let server = server::Server::start(contender, folder)?;
    let output = pinned(1, &release("xtask")?)
        .args(["bench-peer", "listen", contender.name(), &server.port.to_string(), &server.process().to_string()])
        .args([load.connections.to_string(), load.window.to_string()])
        .args([load.seconds.to_string(), load.reconnects.to_string()])
        .output()
        .context("start the client")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} with {load:?}: {}", contender.name(), complaint.trim());
    Measured::parse(&text)
}

/// Publishes in batches with nobody listening, and what that is of a delivery to a thousand.
fn publishing(seconds: u64, folder: &Path) -> Result<()> {
    let batches = Load { connections: 0, window: 1000, seconds, reconnects: 0 };
    let published = measure(Contender::Growset, batches, folder)?;
    let each = published.cpu_seconds * 1e6 / published.published as f64;
    println!(
        "\npublishing in batches of {}: {:.0} validated events a second, {each:.2} µs of processor time each: {:.0} for a \
         second of it",
        batches.window,
        published.published as f64 / published.seconds,
        1e6 / each
    );
    let thousand = Load { connections: 1000, window: 1, seconds, reconnects: 0 };
    let delivery = measure(Contender::Growset, thousand, folder)?.cost() * thousand.connections as f64;
    // Validation is a part of what was just measured, so that its own share is smaller.
    println!(
        "reading, validating, numbering and keeping an event is {:.2} % of what its delivery to {} takes ({:.0} µs)",
        each / delivery * 100.0,
        thousand.connections,
        delivery
    );
    Ok(())
}

/// A command on one core.
pub(super) fn pinned(core: usize, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.arg("-c").arg(core.to_string()).arg(program);
    command
}

fn build_peers(contenders: &[Contender]) -> Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--locked"])
        .current_dir(workspace().join("xtask/peers/stream"))
        .env("CARGO_TARGET_DIR", workspace().canonicalize()?.join("target/peers"))
        .status()
        .context("start cargo")?;
    ensure!(status.success(), "the peers do not build");
    if contenders.contains(&Contender::BetterSse) { install_node_peers() } else { Ok(()) }
}

/// Whether there are servers in Node to compare with.
pub(super) fn provide_node_peers() -> Result<bool> {
    if !contender::has_node() {
        println!("node                   skipped: no node, or no npm");
        return Ok(false);
    }
    install_node_peers().map(|()| true)
}

fn install_node_peers() -> Result<()> {
    let installed = Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--silent"])
        .current_dir(workspace().join("xtask/peers/node-stream"))
        .status()
        .context("start npm")?;
    ensure!(installed.success(), "npm ci in xtask/peers/node-stream failed");
    Ok(())
}
