//! What was seen, counted, and told at the end.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::LineFormat;
use super::inspector::Verdict;
use super::lines::{place, printable};
use crate::remote::Event;

/// Different problems that are told one by one; a stream that is wrong everywhere is wrong in few ways.
const MOST_PROBLEMS: usize = 50;

/// Names of a stream that makes up a new one each time are not all kept.
const MOST_NAMES: usize = 1000;

#[derive(Debug, Default)]
pub(super) struct Ledger {
    names: BTreeMap<String, Seen>,
    violations: BTreeMap<String, u64>,
    undeclared: BTreeMap<String, u64>,
    latencies: Vec<i64>,
    connections: u64,
    comments: u64,
    own_events: u64,
    is_violated: bool,
    refusal: Option<String>,
}

#[derive(Debug, Default)]
struct Seen {
    count: u64,
    is_unknown: bool,
}

impl Ledger {
    pub(super) fn connected(&mut self) {
        self.connections += 1;
    }

    pub(super) fn comment(&mut self) {
        self.comments += 1;
    }

    /// The other side answered something else than a stream.
    pub(super) fn refused(&mut self, told: String) {
        self.refusal = Some(told);
    }

    pub(super) fn connections(&self) -> u64 {
        self.connections
    }

    pub(super) fn own_events(&self) -> u64 {
        self.own_events
    }

    pub(super) fn is_clean(&self) -> bool {
        !self.is_violated && self.refusal.is_none()
    }

    pub(super) fn note(&mut self, event: &Event, verdict: &Verdict, latency: Option<i64>) {
        self.latencies.extend(latency);
        self.own_events += u64::from(*verdict != Verdict::Control);
        if self.names.len() < MOST_NAMES || self.names.contains_key(&event.name) {
            let seen = self.names.entry(event.name.clone()).or_default();
            seen.count += 1;
            seen.is_unknown = *verdict == Verdict::Unknown;
        }
        let (problems, counts) = match verdict {
            Verdict::Control | Verdict::Unjudged | Verdict::Fits => return,
            Verdict::Unknown => {
                self.is_violated = true;
                return;
            }
            Verdict::Undeclared(problems) => (problems, &mut self.undeclared),
            Verdict::Violates(problems) => {
                self.is_violated = true;
                (problems, &mut self.violations)
            }
        };
        for problem in problems {
            let told = format!("{}: {}{}", event.name, place(&problem.pointer), printable(&problem.message));
            if counts.len() < MOST_PROBLEMS || counts.contains_key(&told) {
                *counts.entry(told).or_default() += 1;
            }
        }
    }

    pub(super) fn summary(&self, format: LineFormat) -> String {
        let mut latencies = self.latencies.clone();
        latencies.sort_unstable();
        match format {
            LineFormat::Text => self.text(&latencies),
            LineFormat::Json => format!("{}\n", json!({ "summary": self.document(&latencies) })),
        }
    }

    fn text(&self, latencies: &[i64]) -> String {
        let mut text = format!("\n{} events on {} connections\n", self.own_events, self.connections);
        // Writing to a text cannot fail.
        for (name, seen) in &self.names {
            let unknown = if seen.is_unknown { "  not in the catalog" } else { "" };
            let _ = writeln!(text, "  {:<32} {:>8}{unknown}", printable(name), seen.count);
        }
        if self.comments > 0 {
            let _ = writeln!(text, "  {:<32} {:>8}", "(comments)", self.comments);
        }
        for (title, problems) in [("violations", &self.violations), ("undeclared", &self.undeclared)] {
            if !problems.is_empty() {
                let _ = writeln!(text, "{title}:");
            }
            for (problem, count) in problems {
                let _ = writeln!(text, "  {count} × {problem}");
            }
        }
        if let (Some(median), Some(most)) = (at(latencies, 0.5), at(latencies, 0.99)) {
            let count = latencies.len();
            let _ = writeln!(text, "latency by the server's clock: p50 {median} ms, p99 {most} ms of {count} stamps");
        }
        if let Some(refusal) = &self.refusal {
            let _ = writeln!(text, "refused: {refusal}");
        }
        text
    }

    fn document(&self, latencies: &[i64]) -> Value {
        let names: BTreeMap<&str, u64> = self.names.iter().map(|(name, seen)| (name.as_str(), seen.count)).collect();
        let unknown = self.names.iter().filter(|(_, seen)| seen.is_unknown).map(|(name, _)| name.as_str());
        json!({
            "events": self.own_events, "connections": self.connections, "comments": self.comments,
            "names": names, "unknown": unknown.collect::<Vec<_>>(),
            "violations": self.violations, "undeclared": self.undeclared,
            "latencyMs": { "stamps": latencies.len(), "p50": at(latencies, 0.5), "p99": at(latencies, 0.99) },
            "refused": self.refusal,
        })
    }
}

fn at(sorted: &[i64], share: f64) -> Option<i64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((last as f64 * share).round() as usize).copied()
}
