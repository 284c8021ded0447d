//! The client of one measurement: every listener and every publisher, in one process.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::sync::Notify;
use tokio::task::LocalSet;
use tokio::time::Instant;

use super::super::latency::percentile_ms;
use super::super::process::{anonymous_memory, processor_time};
use super::super::stream::{self, Connection, Place, Publisher, payload};
use super::contender::Contender;
use super::figures::Figures;
use super::plain::{self, Plain};

/// Before the clock starts, so that everything is warm.
const WARM_UP: Duration = Duration::from_millis(500);

/// Longer than this no event takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the client is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Fleet {
    kind: String,
    nodes: usize,
    #[arg(long, value_delimiter = ',')]
    ports: Vec<u16>,
    #[arg(long, value_delimiter = ',')]
    processes: Vec<String>,
    #[arg(long, value_delimiter = ',')]
    redis: Vec<String>,
    #[arg(long)]
    orgs: usize,
    #[arg(long)]
    listeners: usize,
    #[arg(long)]
    window: usize,
    #[arg(long)]
    seconds: u64,
    #[arg(long)]
    rate: u64,
}

/// The times of an organisation's windows, which are not those of another's.
#[derive(Clone, Copy)]
struct Pace {
    first: Duration,
    next: Duration,
}

/// One organisation.
struct Org {
    name: String,
    /// When each event was published, or should have been.
    due: RefCell<Vec<Instant>>,
    delivered: Cell<u64>,
    all_came: Notify,
    latencies: RefCell<Vec<u32>>,
    failure: RefCell<Option<anyhow::Error>>,
}

enum Way {
    Plain(Plain),
    Web(Publisher),
}

pub(crate) fn run(fleet: &Fleet) -> Result<()> {
    let contender = Contender::of(&fleet.kind, fleet.nodes).context("no such contender")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let figures = LocalSet::new().block_on(&runtime, measure(fleet, contender))?;
    println!("{}", serde_json::to_string(&figures)?);
    Ok(())
}

async fn measure(fleet: &Fleet, contender: Contender) -> Result<Figures> {
    let orgs: Vec<Rc<Org>> = (0..fleet.orgs).map(|number| Rc::new(Org::new(format!("org-{number}")))).collect();
    let names: Vec<String> = orgs.iter().map(|org| org.name.clone()).collect();
    let bare = [memory(&fleet.processes)?, memory(&fleet.redis)?];
    if !contender.delivers() {
        for _ in 0..fleet.nodes {
            plain::subscribe(fleet.ports[0], &names).await?;
        }
    }
    let mut publishing = Vec::new();
    for (number, org) in orgs.iter().enumerate() {
        let place = |at: usize| Place::new(kind_of(contender), fleet.ports[at % fleet.ports.len()], &org.name);
        for listener in 0..if contender.delivers() { fleet.listeners } else { 0 } {
            let opened = tokio::time::timeout(PATIENCE, Connection::open(place(number + listener)?));
            let connection = opened.await.context("a stream did not open")??;
            tokio::task::spawn_local(follow(connection, org.clone()));
        }
        let way = match contender {
            Contender::Plain(_) => Way::Plain(Plain::connect(fleet.ports[0], &org.name).await?),
            _ => Way::Web(Publisher::connect(place(number)?).await?),
        };
        let pace = (fleet.rate > 0).then(|| {
            let windows = fleet.rate as f64 / fleet.window as f64;
            Pace {
                first: Duration::from_secs_f64(number as f64 / windows),
                next: Duration::from_secs_f64(fleet.orgs as f64 / windows),
            }
        });
        let listeners = if contender.delivers() { fleet.listeners as u64 } else { 0 };
        let (window, org) = (fleet.window, org.clone());
        publishing.push(tokio::task::spawn_local(async move { org.publish(way, window, listeners, pace).await }));
    }
    tokio::time::sleep(WARM_UP).await;
    let opened = [memory(&fleet.processes)?, memory(&fleet.redis)?];
    let count = |what: &dyn Fn(&Org) -> u64| orgs.iter().map(|org| what(org)).sum::<u64>();
    let (published, delivered) = (|org: &Org| org.due.borrow().len() as u64, |org: &Org| org.delivered.get());
    let before = (count(&published), count(&delivered));
    orgs.iter().for_each(|org| org.latencies.borrow_mut().clear());
    let (redis, nodes) = (times(&fleet.redis)?, times(&fleet.processes)?);
    let started = Instant::now();
    tokio::time::sleep(Duration::from_secs(fleet.seconds)).await;
    let seconds = started.elapsed().as_secs_f64();
    let spent =
        |before: &[f64], after: Vec<f64>| before.iter().zip(after).map(|(before, after)| after - before).collect();
    let (redis, nodes): (Vec<f64>, Vec<f64>) =
        (spent(&redis, times(&fleet.redis)?), spent(&nodes, times(&fleet.processes)?));
    let after = (count(&published), count(&delivered));
    for task in publishing.into_iter().filter(tokio::task::JoinHandle::is_finished) {
        task.await??;
    }
    let mut latencies: Vec<u32> = orgs.iter().flat_map(|org| org.latencies.take()).collect();
    Ok(Figures {
        published: after.0 - before.0,
        delivered: after.1 - before.1,
        seconds,
        redis: redis.iter().sum(),
        nodes,
        node_bytes: opened[0] - bare[0],
        redis_bytes: opened[1] - bare[1],
        p50_ms: percentile_ms(&mut latencies, 0.5),
        p99_ms: percentile_ms(&mut latencies, 0.99),
    })
}

/// In seconds, of each process.
fn times(processes: &[String]) -> Result<Vec<f64>> {
    let processes = processes.iter().filter(|process| !process.is_empty());
    processes
        .map(|process| {
            let time = processor_time(process.parse()?);
            Ok(time.with_context(|| format!("process {process} is gone"))?.as_secs_f64())
        })
        .collect()
}

/// In bytes, of all of them.
fn memory(processes: &[String]) -> Result<f64> {
    let processes = processes.iter().filter(|process| !process.is_empty());
    let memory = processes.map(|process| {
        let bytes = anonymous_memory(process.parse()?);
        Ok(bytes.with_context(|| format!("process {process} is gone"))? as f64)
    });
    memory.sum()
}

async fn follow(mut connection: Connection, org: Rc<Org>) {
    loop {
        match connection.receive().await {
            Ok(events) => org.note(connection.next, events),
            Err(failure) => {
                org.failure.borrow_mut().get_or_insert(failure);
                org.all_came.notify_one();
                return;
            }
        }
    }
}

impl Org {
    fn new(name: String) -> Self {
        Self {
            name,
            due: RefCell::default(),
            delivered: Cell::default(),
            all_came: Notify::new(),
            latencies: RefCell::default(),
            failure: RefCell::default(),
        }
    }

    /// So many more events came to a listener, and `next` is the number of the one after them.
    fn note(&self, next: u64, events: u64) {
        let due = self.due.borrow();
        let came = due.iter().take(next as usize).skip((next - events) as usize);
        let micros = came.map(|due| u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX));
        self.latencies.borrow_mut().extend(micros);
        self.delivered.set(self.delivered.get() + events);
        self.all_came.notify_one();
    }

    /// Publishes until the client ends: at fixed times, or a window at a time, the next one when everyone had it.
    async fn publish(&self, mut way: Way, window: usize, listeners: u64, pace: Option<Pace>) -> Result<()> {
        let mut at = Instant::now() + pace.map_or(Duration::ZERO, |pace| pace.first);
        loop {
            let first = self.due.borrow().len() as u64;
            match pace {
                Some(pace) => at += pace.next,
                None => at = Instant::now(),
            }
            tokio::time::sleep_until(at).await;
            self.due.borrow_mut().extend((0..window).map(|_| at));
            let taking = async {
                match &mut way {
                    Way::Plain(plain) => {
                        let payloads = first..first + window as u64;
                        plain.publish(payloads.map(|index| payload(index).to_string())).await
                    }
                    Way::Web(publisher) => publisher.publish(first, window).await,
                }
            };
            tokio::time::timeout(PATIENCE, taking).await.context("a publish was not answered")??;
            let due = (first + window as u64) * listeners;
            while pace.is_none() && self.delivered.get() < due {
                if tokio::time::timeout(PATIENCE, self.all_came.notified()).await.is_err() {
                    bail!("{} of {due} events were delivered, and nothing more came", self.delivered.get());
                }
                if let Some(failure) = self.failure.borrow_mut().take() {
                    return Err(failure);
                }
            }
        }
    }
}

/// As the benchmark of streams listens and publishes.
fn kind_of(contender: Contender) -> stream::Contender {
    match contender {
        Contender::Node(_) | Contender::Plain(_) => stream::Contender::Node,
        Contender::Growset(_) | Contender::Embedded => stream::Contender::Growset,
    }
}
