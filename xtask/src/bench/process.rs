//! Runs a command and says what it took: time on the wall and the peak of its resident memory.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

/// What one run took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) wall: Duration,
    /// The highest resident set seen, in bytes; nothing where the system has no `/proc`.
    pub(crate) peak_memory: Option<u64>,
}

/// Runs to the end; a failing command is an error that shows what it printed.
pub(crate) fn run(command: &mut Command) -> Result<Run> {
    let shown = format!("{command:?}");
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .with_context(|| format!("start {shown}"))?;
    let mut peak_memory = None;
    let status = loop {
        // The high-water mark only rises, so the last reading before the end is the peak but for a millisecond.
        peak_memory = resident_high_water(child.id()).or(peak_memory);
        if let Some(status) = child.try_wait().with_context(|| format!("wait for {shown}"))? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let wall = started.elapsed();
    ensure!(status.success(), "{shown} ended with {status}");
    Ok(Run { wall, peak_memory })
}

fn resident_high_water(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
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
