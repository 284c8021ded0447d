//! What one run measured, and how several are told.

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

pub(super) const HEADINGS: &str =
    "                  µs/event   ratio   events/s    p50 ms    p99 ms   idle KB  burst KB";

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Measured {
    pub(super) published: u64,
    pub(super) delivered: u64,
    pub(super) seconds: f64,
    /// Of the server, in user and in the kernel.
    pub(super) cpu_seconds: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    /// User memory of one connection that is idle, and after the run.
    pub(super) idle_kb: f64,
    pub(super) burst_kb: f64,
    pub(super) reconnects: u64,
}

impl Measured {
    pub(super) fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).with_context(|| format!("the client said {text:?}"))
    }

    /// Processor time of the server for one delivered event, in microseconds.
    pub(super) fn cost(&self) -> f64 {
        self.cpu_seconds * 1e6 / self.delivered as f64
    }
}

/// Of the costs within each round.
pub(super) fn median_ratio(runs: &[Measured], base: &[Measured]) -> f64 {
    median(runs.iter().zip(base).map(|(run, base)| run.cost() / base.cost()))
}

pub(super) fn row(name: &str, runs: &[Measured], base: &[Measured]) -> String {
    let of = |what: fn(&Measured) -> f64| median(runs.iter().map(what));
    format!(
        "{name:<16} {:>9.3} {:>7.2} {:>10.0} {:>9.2} {:>9.2} {:>9.1} {:>9.1}",
        of(Measured::cost),
        median_ratio(runs, base),
        of(|run| run.delivered as f64 / run.seconds),
        of(|run| run.p50_ms),
        of(|run| run.p99_ms),
        of(|run| run.idle_kb),
        of(|run| run.burst_kb),
    )
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
