//! How values are spread, in the form that Prometheus reads: counts of those up to each bound.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts of values up to each of some bounds.
pub(crate) struct Histogram<const N: usize> {
    bounds: [u64; N],
    counts: [AtomicU64; N],
    beyond: AtomicU64,
    sum: AtomicU64,
}

impl<const N: usize> Histogram<N> {
    pub(crate) fn new(bounds: [u64; N]) -> Self {
        Self { bounds, counts: [const { AtomicU64::new(0) }; N], beyond: AtomicU64::new(0), sum: AtomicU64::new(0) }
    }

    pub(crate) fn observe(&self, value: u64) {
        let at = self.bounds.iter().position(|bound| value <= *bound);
        at.map_or(&self.beyond, |at| &self.counts[at]).fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// Bounds and sum are told in units of `1 / per_unit`: milliseconds as seconds with 1000.
    pub(crate) fn write(&self, name: &str, help: &str, per_unit: f64, text: &mut String) {
        // Writing to a string does not fail, and no count comes near the end of what f64 counts exactly.
        let unit = |value: u64| value as f64 / per_unit;
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} histogram");
        let mut total = 0;
        for (bound, count) in self.bounds.iter().zip(&self.counts) {
            total += count.load(Ordering::Relaxed);
            let _ = writeln!(text, "{name}_bucket{{le=\"{}\"}} {total}", unit(*bound));
        }
        total += self.beyond.load(Ordering::Relaxed);
        let _ = writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {total}");
        let sum = unit(self.sum.load(Ordering::Relaxed));
        let _ = writeln!(text, "{name}_sum {sum}\n{name}_count {total}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_count_holds_those_before_it() {
        let histogram = Histogram::new([5, 50]);
        [1, 5, 6, 700].into_iter().for_each(|value| histogram.observe(value));
        let mut text = String::new();
        histogram.write("x_seconds", "X.", 1000.0, &mut text);
        let expected = "# HELP x_seconds X.\n# TYPE x_seconds histogram\nx_seconds_bucket{le=\"0.005\"} 2\n\
            x_seconds_bucket{le=\"0.05\"} 3\nx_seconds_bucket{le=\"+Inf\"} 4\nx_seconds_sum 0.712\nx_seconds_count 4\n";
        assert_eq!(text, expected);
    }
}
