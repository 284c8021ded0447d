//! What one run measured, and how several are told.

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::contender::Contender;

pub(super) const HEADINGS: &str =
    "                        events/s  redis µs/event  of plain  node µs/event  µs/delivery  of busiest node";

pub(super) const LATENCY_HEADINGS: &str = "                        events/s      load    p50 ms    p99 ms";

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Figures {
    pub(super) published: u64,
    pub(super) delivered: u64,
    pub(super) seconds: f64,
    /// Processor time, in seconds.
    pub(super) redis: f64,
    pub(super) nodes: Vec<f64>,
    /// Memory that opening the streams took, of all nodes and of Redis.
    pub(super) node_bytes: f64,
    pub(super) redis_bytes: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
}

impl Figures {
    pub(super) fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).with_context(|| format!("the client said {text:?}"))
    }

    /// Events published in a second.
    pub(super) fn rate(&self) -> f64 {
        self.published as f64 / self.seconds
    }

    /// Microseconds of Redis' processor for one event.
    pub(super) fn redis_cost(&self) -> f64 {
        self.redis * 1e6 / self.published as f64
    }

    /// Microseconds of the nodes' processors for one event at one listener.
    pub(super) fn delivery_cost(&self) -> f64 {
        self.all_nodes() * 1e6 / self.delivered as f64
    }

    fn all_nodes(&self) -> f64 {
        self.nodes.iter().sum()
    }
}

pub(super) fn row(contender: Contender, runs: &[Figures], plain: Option<&[Figures]>) -> String {
    let of = |what: &dyn Fn(&Figures) -> f64| median(runs.iter().map(what));
    let ratio = plain.filter(|_| contender != Contender::Embedded);
    let ratio =
        ratio.map(|plain| median(runs.iter().zip(plain).map(|(run, plain)| run.redis_cost() / plain.redis_cost())));
    let told =
        |value: f64, is_told: bool| if is_told && value.is_finite() { format!("{value:.2}") } else { "-".to_owned() };
    let delivers = contender.delivers();
    format!(
        "{:<22} {:>9.0} {:>15} {:>9} {:>14} {:>12} {:>16}",
        contender.to_string(),
        of(&Figures::rate),
        told(of(&Figures::redis_cost), contender != Contender::Embedded),
        told(ratio.unwrap_or(f64::NAN), true),
        told(of(&|run| run.all_nodes() * 1e6 / run.published as f64), delivers),
        told(of(&Figures::delivery_cost), delivers),
        told(of(&|run| run.nodes.iter().copied().fold(0.0, f64::max) / run.seconds), delivers),
    )
}

pub(super) fn latency_row(contender: Contender, run: &Figures) -> String {
    let load = (run.redis + run.all_nodes()) / run.seconds;
    format!(
        "{:<22} {:>9.0} {:>8.0} % {:>9.2} {:>9.2}",
        contender.to_string(),
        run.rate(),
        load * 100.0,
        run.p50_ms,
        run.p99_ms
    )
}

pub(super) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
