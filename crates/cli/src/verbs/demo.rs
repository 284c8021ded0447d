//! The server part of `growset dev`: serves the generated catalog on this machine and plays its examples.
//!
//! Follows the generated file alone, so that it never sees a catalog that was not generated whole.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use growset_model::{Audience, Catalog, Event};
use growset_server::admission::Served;
use growset_server::http::{Access, App, Limits, Origins, serve};
use growset_server::store::MemoryStore;
use growset_server::{Hub, Item, Named, Settings};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::console::Console;
use crate::error::CliError;
use crate::verbs::serve::{bind, read_catalog, require_loopback, runtime, site};

/// Slow enough to read along.
const BETWEEN_EXAMPLES: Duration = Duration::from_secs(1);

/// Organisation, user and channel of everyone under `--dev`.
const DEMO: &str = "demo";

/// Starts the server beside the watcher; it ends with the process. Calling what it answers serves the catalog anew.
pub(crate) fn start(
    address: SocketAddr,
    catalog: PathBuf,
    console: &mut Console,
) -> Result<impl FnMut() + use<>, CliError> {
    require_loopback(address.ip())?;
    let runtime = runtime()?;
    let listener = runtime.block_on(bind(address))?;
    let address = listener.local_addr().unwrap_or(address);
    console
        .say(&format!("dev: plays the examples as a stream on http://{address}/events once the contracts are valid"));
    console.say(&format!("dev: the catalog and its live console are at http://{address}/"));
    let (good, rounds) = watch::channel(());
    let thread = std::thread::Builder::new().name("growset-demo".to_owned());
    let started = thread.spawn(move || runtime.block_on(play(listener, &catalog, rounds)));
    started.map_err(|cause| CliError::Refused(format!("cannot start the server's thread: {cause}")))?;
    Ok(move || {
        good.send_replace(());
    })
}

async fn play(listener: TcpListener, catalog: &Path, mut rounds: watch::Receiver<()>) {
    let hub = loop {
        // Before the first good round there is nothing to serve.
        if rounds.changed().await.is_err() {
            return;
        }
        if let Ok(admission) = read_catalog(catalog, Served::Everything)
            && let Ok((hub, _)) = Hub::start(admission, MemoryStore::default(), Settings::default())
        {
            break hub;
        }
    };
    let app = App::new(hub.clone(), Access::Dev, Origins::default(), Limits::default()).with_site(site(catalog));
    tokio::spawn(serve(listener, app, std::future::pending(), Duration::ZERO));
    let mut clock = tokio::time::interval(BETWEEN_EXAMPLES);
    for round in 0.. {
        clock.tick().await;
        if rounds.has_changed().unwrap_or(false) {
            rounds.mark_unchanged();
            if let Ok(text) = std::fs::read(catalog) {
                // The contracts were compared with the lock, so that nothing of it diverges from what is served.
                let _ = hub.admit_catalog(&text).await;
            }
        }
        if let Some(item) = example(&hub, round) {
            // What cannot be published now is shown by the next one.
            let _ = hub.publish_item(item).await;
        }
    }
}

/// One example of the catalog, a different one each round.
fn example(hub: &Hub, round: usize) -> Option<Item> {
    let admission = hub.admission();
    let examples = examples(admission.catalog());
    let (event, example) = examples.get(round % examples.len().max(1))?;
    let payload = admission.admit(event.name.as_str(), example.to_string().as_bytes()).ok()?;
    let demo = |is_named: bool| is_named.then(|| DEMO.to_owned());
    let named = Named {
        org: demo(event.audience != Audience::Public),
        user: demo(event.audience == Audience::User),
        channel: demo(event.audience == Audience::Channel),
    };
    Some(Item { recipient: named.for_audience(event.audience).ok()?, payload, key: None })
}

fn examples(catalog: &Catalog) -> Vec<(&Event, &serde_json::Value)> {
    let events = catalog.events.values().filter(|event| event.retired.is_none());
    events.flat_map(|event| event.examples.iter().map(move |example| (event, &example.value))).collect()
}
