//! The client of one measurement: opens the connections, publishes, and waits until everyone had everything.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::sync::Notify;
use tokio::task::LocalSet;

use super::super::latency::percentile_ms;
use super::super::process::{anonymous_memory, processor_time};
use super::connection::Connection;
use super::contender::Contender;
use super::measured::Measured;
use super::place::Place;
use super::publisher::Publisher;

/// Before the clock starts, so that everything is warm.
const WARM_UP: Duration = Duration::from_millis(500);

/// Longer than this no event takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everyone is of this one.
const ORG: &str = "acme";

/// What the client is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Listen {
    contender: String,
    port: u16,
    process: u32,
    connections: usize,
    window: usize,
    seconds: u64,
    reconnects: u64,
}

/// What all connections know together.
#[derive(Default)]
struct Shared {
    delivered: Cell<u64>,
    /// The connections have it all when so many events are delivered.
    due: Cell<u64>,
    all_came: Notify,
    published_at: Cell<Option<Instant>>,
    latencies: RefCell<Vec<u32>>,
    failure: RefCell<Option<anyhow::Error>>,
}

pub(crate) fn run(listen: &Listen) -> Result<()> {
    let contender = Contender::named(&listen.contender).context("no such contender")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let measured = LocalSet::new().block_on(&runtime, measure(listen, contender))?;
    println!("{}", serde_json::to_string(&measured)?);
    Ok(())
}

async fn measure(listen: &Listen, contender: Contender) -> Result<Measured> {
    let memory = || anonymous_memory(listen.process).context("the server's memory cannot be read");
    let bare = memory()?;
    let shared = Rc::new(Shared::default());
    let kicks: Vec<Rc<Notify>> = (0..listen.connections).map(|_| Rc::default()).collect();
    let place = Place::new(contender, listen.port, ORG)?;
    for kick in &kicks {
        let opened = tokio::time::timeout(PATIENCE, Connection::open(place.clone())).await;
        let connection = opened.context("a stream did not open")??;
        tokio::task::spawn_local(follow(connection, shared.clone(), kick.clone()));
    }
    // Not before: a server gives up on whoever connects and says nothing for long.
    let mut publisher = Publisher::connect(place).await?;
    let per_connection = |bytes: u64| bytes.saturating_sub(bare) as f64 / listen.connections.max(1) as f64 / 1024.0;
    // What is set up beside the first answer is there after a moment.
    tokio::time::sleep(WARM_UP).await;
    let idle_kb = per_connection(memory()?);
    if listen.reconnects > 0 {
        tokio::task::spawn_local(disturb(kicks, listen.reconnects));
    }
    let mut published = 0;
    publish_for(WARM_UP, &mut publisher, &shared, listen, &mut published).await?;
    let (first, delivered) = (published, shared.delivered.get());
    shared.latencies.borrow_mut().clear();
    let (started, cpu) = (Instant::now(), processor_time(listen.process).context("the server is gone")?);
    publish_for(Duration::from_secs(listen.seconds), &mut publisher, &shared, listen, &mut published).await?;
    let seconds = started.elapsed();
    let cpu = processor_time(listen.process).context("the server is gone")?.saturating_sub(cpu);
    let mut latencies = shared.latencies.borrow_mut();
    Ok(Measured {
        published: published - first,
        delivered: shared.delivered.get() - delivered,
        seconds: seconds.as_secs_f64(),
        cpu_seconds: cpu.as_secs_f64(),
        p50_ms: percentile_ms(&mut latencies, 0.5),
        p99_ms: percentile_ms(&mut latencies, 0.99),
        idle_kb,
        burst_kb: per_connection(memory()?),
        reconnects: (seconds.as_secs_f64() * listen.reconnects as f64) as u64,
    })
}

/// Publishes a window at a time; the next one waits until everyone had it.
async fn publish_for(
    duration: Duration,
    publisher: &mut Publisher,
    shared: &Shared,
    listen: &Listen,
    published: &mut u64,
) -> Result<()> {
    let until = Instant::now() + duration;
    while Instant::now() < until {
        shared.due.set((*published + listen.window as u64) * listen.connections as u64);
        shared.published_at.set(Some(Instant::now()));
        let taken = tokio::time::timeout(PATIENCE, publisher.publish(*published, listen.window)).await;
        taken.context("a publish was not answered")??;
        *published += listen.window as u64;
        while shared.delivered.get() < shared.due.get() {
            if tokio::time::timeout(PATIENCE, shared.all_came.notified()).await.is_err() {
                let (delivered, due) = (shared.delivered.get(), shared.due.get());
                bail!("{delivered} of {due} events were delivered, and nothing more came");
            }
            if let Some(failure) = shared.failure.borrow_mut().take() {
                return Err(failure);
            }
        }
    }
    Ok(())
}

async fn follow(mut connection: Connection, shared: Rc<Shared>, kick: Rc<Notify>) {
    loop {
        let received = tokio::select! {
            received = connection.receive() => received,
            () = kick.notified() => connection.come_back().await.map(|()| 0),
        };
        match received {
            Ok(events) => shared.note(events),
            Err(failure) => {
                shared.failure.borrow_mut().get_or_insert(failure);
                shared.all_came.notify_one();
                return;
            }
        }
    }
}

impl Shared {
    fn note(&self, events: u64) {
        let micros = self.published_at.get().map(|at| u32::try_from(at.elapsed().as_micros()).unwrap_or(u32::MAX));
        let mut latencies = self.latencies.borrow_mut();
        micros.into_iter().for_each(|micros| latencies.extend((0..events).map(|_| micros)));
        self.delivered.set(self.delivered.get() + events);
        if self.delivered.get() >= self.due.get() {
            self.all_came.notify_one();
        }
    }
}

/// Breaks one connection off after the other.
async fn disturb(kicks: Vec<Rc<Notify>>, per_second: u64) {
    let mut clock = tokio::time::interval(Duration::from_secs(1) / u32::try_from(per_second).unwrap_or(u32::MAX));
    for kick in kicks.iter().cycle() {
        clock.tick().await;
        kick.notify_one();
    }
}
