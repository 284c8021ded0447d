//! `growset serve`: the stream server over one embedded store.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use growset_server::admission::{Admission, Served};
use growset_server::http::{Access, App, Drained, Keys, Limits, Origins, Site, serve};
use growset_server::store::{LogStore, MemoryStore};
use growset_server::{CatalogError, Hub, Settings};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;

/// How the server is started. A flag goes before its environment variable.
#[derive(Debug, clap::Args)]
pub(crate) struct ServeOptions {
    /// Where to listen.
    #[arg(long, env = "GROWSET_ADDRESS", default_value = "127.0.0.1:8080")]
    pub address: SocketAddr,

    /// The catalog [default: catalog.json in the generated folder].
    #[arg(long, env = "GROWSET_CATALOG", value_name = "FILE")]
    pub catalog: Option<PathBuf>,

    /// Keep events, ids and keys in this folder; without it they end with the process.
    #[arg(long, env = "GROWSET_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// What tokens are judged by: a file with a secret (HS256), a public key in PEM, or a JWK set.
    #[arg(long, env = "GROWSET_KEYS", value_name = "FILE")]
    pub keys: Option<PathBuf>,

    /// An origin whose pages may listen with credentials, such as https://app.example.com.
    #[arg(long, env = "GROWSET_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub allow_origin: Vec<String>,

    /// How long streams are sent away after SIGTERM, in seconds.
    #[arg(long, env = "GROWSET_DRAIN", default_value_t = 10, value_name = "SECONDS")]
    pub drain: u64,

    /// After so much silence a stream gets a ping, in milliseconds.
    #[arg(long, env = "GROWSET_PING_MS", default_value_t = Settings::default().ping_ms, value_name = "MS")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    pub ping_ms: u64,

    /// What streams are told to wait before they come back, in milliseconds, before jitter.
    #[arg(long, env = "GROWSET_RETRY_MS", default_value_t = Settings::default().retry_ms, value_name = "MS")]
    pub retry_ms: u64,

    /// Let everyone in as organisation `demo`, on this machine only, and serve drafts.
    #[arg(long, conflicts_with = "keys")]
    pub dev: bool,
}

/// Serves until SIGTERM or Ctrl-C.
pub(crate) fn run(options: &ServeOptions, catalog: &Path, console: &mut Console) -> Result<Exit, CliError> {
    let access = access(options)?;
    let served = if options.dev { Served::Everything } else { Served::Released };
    let hub = match hub(options, read_catalog(catalog, served)?) {
        Ok((hub, remarks)) => {
            remarks.iter().for_each(|remark| console.remark(&format!("warning: {remark}")));
            hub
        }
        Err(CatalogError::Diverged(divergence)) => {
            console.remark(&format!("error: {divergence}"));
            return Ok(Exit::Findings);
        }
        Err(error) => return Err(CliError::Refused(error.to_string())),
    };
    let origins = Origins::new(options.allow_origin.clone()).map_err(CliError::Refused)?;
    let app = App::new(hub, access, origins, Limits::default()).with_site(site(catalog));
    let drained = runtime()?.block_on(async {
        let listener = bind(options.address).await?;
        let address = listener.local_addr().unwrap_or(options.address);
        console.say(&format!("serving {} on http://{address}", catalog.display()));
        if options.dev {
            console.say("dev: everyone on this machine is let in, as organisation demo");
        }
        let leave = asked_to_leave().map_err(|cause| CliError::Refused(format!("cannot await signals: {cause}")))?;
        Ok::<_, CliError>(serve(listener, app, leave, Duration::from_secs(options.drain)).await)
    })?;
    match drained {
        Drained::InTime => {
            console.say("everyone was sent home, and everything answered is stored");
            Ok(Exit::Clean)
        }
        Drained::Cut => Err(CliError::Refused(format!("some connections outlasted --drain {}", options.drain))),
    }
}

/// Invariant: nobody is let in without a token except on this machine.
fn access(options: &ServeOptions) -> Result<Access, CliError> {
    if let Some(keys) = &options.keys {
        let keys = Keys::from_file(keys).map_err(|error| CliError::Refused(format!("--keys: {error}")))?;
        return Ok(Access::Tokens(keys));
    }
    if !options.dev {
        return Err(CliError::Refused("name the keys that tokens are judged by: --keys FILE, or try --dev".to_owned()));
    }
    require_loopback(options.address.ip())?;
    Ok(Access::Dev)
}

/// Refuses to let the world in.
pub(super) fn require_loopback(address: IpAddr) -> Result<(), CliError> {
    if address.is_loopback() {
        return Ok(());
    }
    Err(CliError::Refused(format!("--dev lets everyone in, so it listens on 127.0.0.1 only, not on {address}")))
}

fn hub(options: &ServeOptions, admission: Admission) -> Result<(Hub, Vec<String>), CatalogError> {
    let settings = Settings { ping_ms: options.ping_ms, retry_ms: options.retry_ms, ..Settings::default() };
    match &options.data {
        None => Hub::start(admission, MemoryStore::default(), settings),
        Some(folder) => Hub::start(admission, LogStore::take(folder)?, settings),
    }
}

/// The page that `generate` made beside the catalog.
pub(super) fn site(catalog: &Path) -> Site {
    Site::new(catalog.parent().unwrap_or(Path::new("")).to_owned())
}

/// Reads and admits a catalog.
pub(super) fn read_catalog(path: &Path, served: Served) -> Result<Admission, CliError> {
    let text = std::fs::read(path).map_err(CliError::disk("read the catalog", path))?;
    Admission::from_json(&text, &[], served).map_err(|error| CliError::Refused(format!("{}: {error}", path.display())))
}

pub(super) fn runtime() -> Result<Runtime, CliError> {
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|cause| CliError::Refused(format!("cannot start the server's threads: {cause}")))
}

pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, CliError> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|cause| CliError::Refused(format!("cannot listen on {address}: {cause}; choose another --address")))
}

/// Completes on SIGTERM or Ctrl-C.
#[cfg(unix)]
pub(super) fn asked_to_leave() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Completes on Ctrl-C.
#[cfg(not(unix))]
pub(super) fn asked_to_leave() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without the signal the process is ended from outside.
        let _ = tokio::signal::ctrl_c().await;
    })
}
