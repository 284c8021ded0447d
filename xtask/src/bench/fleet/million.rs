//! What a million listeners take, reckoned from what the same run measured.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::contender::Contender;
use super::figures::{Figures, median};
use super::{Load, Row, measure};

const LISTENERS: f64 = 1_000_000.0;
const ORGS: f64 = 10_000.0;

/// Connections that memory is measured with: in few organisations, and each in one of its own.
const CONNECTIONS: usize = 5_000;
const FEW: usize = 50;

/// What one node is meant to carry: connections, and cores of which half are busy.
const NODE_CONNECTIONS: f64 = 100_000.0;
const NODE_CORES: f64 = 4.0;
const BUSY: f64 = 0.5;

/// On so many nodes is an organisation when a balancer keeps it together.
const TOGETHER: f64 = 2.0;

/// Events a second of each organisation.
const RATES: [f64; 3] = [0.1, 1.0, 10.0];

/// Bytes.
#[derive(Debug, Clone, Copy)]
struct Memory {
    connection: f64,
    /// Of an organisation that has listeners, at a node and at Redis.
    org: f64,
    redis_org: f64,
}

/// Microseconds of a processor.
#[derive(Debug, Clone, Copy)]
struct Time {
    delivery: f64,
    /// At Redis, for an event that one node hears, and for every further node.
    event: f64,
    further_node: f64,
}

/// `alone` is what was measured with one event at a time. Says nothing where too little was measured.
pub(super) fn tell(alone: &[Row], folder: &Path) -> Result<()> {
    let Some(time) = Time::of(alone) else {
        return Ok(());
    };
    let memory = Memory::measure(folder)?;
    println!("\na million listeners in {ORGS} organisations, reckoned from these figures");
    println!(
        "a connection takes {:.1} KB of a node, an organisation {:.1} KB of each node that it has listeners on and {:.1} KB of Redis",
        memory.connection / 1024.0,
        memory.org / 1024.0,
        memory.redis_org / 1024.0,
    );
    print!("{}", reckon(time, memory));
    Ok(())
}

impl Time {
    fn of(alone: &[Row]) -> Option<Self> {
        let fleets = alone.iter().filter(|(contender, _)| matches!(contender, Contender::Growset(_)));
        let cost = |runs: &[Figures]| median(runs.iter().map(Figures::redis_cost));
        let costs: Vec<(usize, f64)> = fleets.clone().map(|(fleet, runs)| (fleet.nodes(), cost(runs))).collect();
        let (fewest, event) = costs.iter().copied().min_by_key(|(nodes, _)| *nodes)?;
        let (most, dearest) = costs.iter().copied().max_by_key(|(nodes, _)| *nodes)?;
        let (_, runs) = fleets.min_by_key(|(fleet, _)| fleet.nodes())?;
        let further_node = (dearest - event) / (most.checked_sub(fewest).filter(|more| *more > 0)? as f64);
        Some(Self { delivery: median(runs.iter().map(Figures::delivery_cost)), event, further_node })
    }
}

impl Memory {
    /// The same connections in few organisations and in many tell what is whose.
    fn measure(folder: &Path) -> Result<Self> {
        let run = |orgs: usize| {
            let load = Load { orgs, listeners: CONNECTIONS / orgs, window: 1, seconds: 1, rate: 1 };
            measure(Contender::Growset(1), load, folder).context("measure the memory of idle streams")
        };
        let (few, many) = (run(FEW)?, run(CONNECTIONS)?);
        let per_org = |of: &dyn Fn(&Figures) -> f64| ((of(&many) - of(&few)) / (CONNECTIONS - FEW) as f64).max(0.0);
        let org = per_org(&|run| run.node_bytes);
        Ok(Self {
            connection: (few.node_bytes - FEW as f64 * org) / CONNECTIONS as f64,
            org,
            redis_org: per_org(&|run| run.redis_bytes),
        })
    }
}

/// A line for each rate.
fn reckon(time: Time, memory: Memory) -> String {
    let mut text =
        "events/s of each     nodes  for   GB each   shards, orgs anywhere   shards, orgs on two nodes\n".to_owned();
    for rate in RATES {
        let cores = LISTENERS * rate * time.delivery / 1e6;
        let (for_connections, for_time) = (LISTENERS / NODE_CONNECTIONS, cores / (NODE_CORES * BUSY));
        let nodes = for_connections.max(for_time).ceil();
        let each = LISTENERS / nodes * memory.connection + ORGS * memory.org;
        let shards = |heard: f64| {
            let event = time.event + time.further_node * (heard - 1.0);
            (ORGS * rate * event / 1e6 / BUSY).ceil()
        };
        let reason = if for_time > for_connections { "time" } else { "room" };
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{rate:>16} {nodes:>9} {reason:>5} {:>9.1} {:>23} {:>27}",
            each / 1e9,
            shards(nodes),
            shards(TOGETHER),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dearest_decides_how_many_are_needed() {
        let time = Time { delivery: 8.0, event: 50.0, further_node: 10.0 };
        let memory = Memory { connection: 2000.0, org: 1000.0, redis_org: 100.0 };
        let text = reckon(time, memory);
        let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(
            rows,
            [
                ["0.1", "10", "room", "0.2", "1", "1"],
                ["1", "10", "room", "0.2", "3", "2"],
                ["10", "40", "time", "0.1", "88", "12"]
            ]
        );
    }
}
