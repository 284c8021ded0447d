//! Runs a command and says what it took: time on the wall, time of the processor, the peak of its resident memory.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

/// What one run took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) wall: Duration,
    /// Of all its threads together, to the hundredth of a second; nothing where the system has no `/proc`.
    pub(crate) cpu: Option<Duration>,
    /// The highest resident set seen, in bytes; nothing where the system has no `/proc`.
    pub(crate) peak_memory: Option<u64>,
    /// It was stopped before its end, so that every figure of it is a lower bound.
    pub(crate) is_cut_off: bool,
}

/// Runs to the end; a failing command is an error that shows what it printed.
pub(crate) fn run(command: &mut Command) -> Result<Run> {
    run_to(command, &[0], Duration::MAX)
}

/// Runs a command that says by its exit code what it found, to its end or until it took longer than `limit`.
pub(crate) fn run_to(command: &mut Command, exits: &[i32], limit: Duration) -> Result<Run> {
    let shown = format!("{command:?}");
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .with_context(|| format!("start {shown}"))?;
    let (mut peak_memory, mut cpu, mut is_cut_off) = (None, None, false);
    loop {
        // The high-water mark only rises, so the last reading before the end is the peak but for a millisecond.
        peak_memory = resident_high_water(child.id()).or(peak_memory);
        cpu = processor_time(child.id()).or(cpu);
        if let Some(status) = child.try_wait().with_context(|| format!("wait for {shown}"))? {
            ensure!(status.code().is_some_and(|code| exits.contains(&code)), "{shown} ended with {status}");
            break;
        }
        if started.elapsed() > limit {
            child.kill().and_then(|()| child.wait()).with_context(|| format!("stop {shown}"))?;
            is_cut_off = true;
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let wall = started.elapsed();
    Ok(Run { wall, cpu, peak_memory, is_cut_off })
}

/// The 14th and the 15th field of `stat` (proc_pid_stat(5)), in user and in the kernel.
pub(super) fn processor_time(process: u32) -> Option<Duration> {
    /// What every Linux counts in for its users, whatever its own clock does.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is the program's name in parentheses, and may hold spaces.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = |index: usize| fields.split_whitespace().nth(index)?.parse::<f64>().ok();
    Some(Duration::from_secs_f64((ticks(11)? + ticks(12)?) / TICKS_PER_SECOND))
}

/// What the process has for itself, in bytes: neither files nor what it shares.
pub(super) fn anonymous_memory(process: u32) -> Option<u64> {
    status(process, "RssAnon:")
}

fn resident_high_water(process: u32) -> Option<u64> {
    status(process, "VmHWM:")
}

fn status(process: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// The median of the runs' times. One run at least.
pub(crate) fn median(runs: &[Run]) -> Duration {
    let mut times: Vec<Duration> = runs.iter().map(|run| run.wall).collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// The largest peak of the runs.
pub(crate) fn peak(runs: &[Run]) -> Option<u64> {
    runs.iter().filter_map(|run| run.peak_memory).max()
}
