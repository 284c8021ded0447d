//! A benchmark's table: medians, and ratios against the first row of the same run.

use super::process::{self, Run};

/// The rows of one run.
pub(crate) struct Report {
    title: String,
    rows: Vec<Row>,
}

/// One thing that was measured.
pub(crate) struct Row {
    name: &'static str,
    seconds: f64,
    per_second: f64,
    peak_memory: Option<u64>,
    ratio: Option<f64>,
}

impl Row {
    /// `base` is the row that this one is compared with: a ratio of 2 says that this one takes twice as long.
    pub(crate) fn of(name: &'static str, events: usize, runs: &[Run], base: Option<&[Run]>) -> Self {
        let seconds = process::median(runs).as_secs_f64();
        Self {
            name,
            seconds,
            per_second: events as f64 / seconds,
            peak_memory: process::peak(runs),
            ratio: base.map(|base| median_ratio(runs, base)),
        }
    }
}

/// The median of the ratios of each round, so that a neighbour who slows one round down slows both sides.
fn median_ratio(runs: &[Run], base: &[Run]) -> f64 {
    let mut ratios: Vec<f64> =
        runs.iter().zip(base).map(|(run, base)| run.wall.as_secs_f64() / base.wall.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN)
}

impl Report {
    pub(crate) fn new(title: String) -> Self {
        Self { title, rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(crate) fn print(&self) {
        println!("{}", self.title);
        println!("{:<44} {:>10} {:>12} {:>10} {:>8}", "", "seconds", "events/s", "peak MB", "ratio");
        for row in &self.rows {
            let peak = row.peak_memory.map_or("-".to_owned(), |bytes| format!("{:.0}", bytes as f64 / 1e6));
            let ratio = row.ratio.map_or("1".to_owned(), |ratio| format!("{ratio:.2}"));
            println!("{:<44} {:>10.3} {:>12.0} {:>10} {:>8}", row.name, row.seconds, row.per_second, peak, ratio);
        }
    }
}
