//! `growset serve`: the stream server, over an embedded store or one that several nodes share.

mod tuning;

pub(crate) mod file;

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use growset_server::admission::{Admission, Served};
use growset_server::http::{Access, App, Door, Drained, Keys, Origins, Site, Tls, serve};
use growset_server::store::{LogStore, MemoryStore, RedisStore, StoreError};
use growset_server::{CatalogError, Hub};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::verbs::serve::tuning::Tuning;

/// A token with a key that is not known makes the server fetch the keys anew, but not more often than this.
const BETWEEN_FETCHES: Duration = Duration::from_secs(10);

/// How the server is started. A flag goes before its environment variable, and that before the file.
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

    /// Share events, ids and keys with other nodes by a Redis or Valkey: redis://[user:password@]host:port[/database],
    /// rediss:// for TLS, redis-sentinel://host:port,host:port/name, redis-cluster://host:port,host:port.
    #[arg(long, env = "GROWSET_STORE", value_name = "URL", conflicts_with = "data", hide_env_values = true)]
    pub store: Option<String>,

    /// When a publish is answered: once the store has it, or once so many replicas of it do as well.
    #[arg(long, env = "GROWSET_ACK", value_name = "stored|replicated=NUMBER", default_value = "stored")]
    pub ack: Acknowledged,

    /// What tokens are judged by: a file with a secret (HS256), a public key in PEM, or a JWK set; or the URL of a set.
    #[arg(long, env = "GROWSET_KEYS", value_name = "FILE|URL")]
    pub keys: Option<String>,

    /// Take those tokens alone whose claim `aud` names this.
    #[arg(long, env = "GROWSET_AUDIENCE", value_name = "NAME", requires = "keys")]
    pub audience: Option<String>,

    /// Take those tokens alone whose claim `iss` is this.
    #[arg(long, env = "GROWSET_ISSUER", value_name = "NAME", requires = "keys")]
    pub issuer: Option<String>,

    /// Speak TLS with this chain of certificates, in PEM.
    #[arg(long, env = "GROWSET_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// The private key of the first certificate, in PEM.
    #[arg(long, env = "GROWSET_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// An origin whose pages may listen with credentials, such as https://app.example.com.
    #[arg(long, env = "GROWSET_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub allow_origin: Vec<String>,

    /// Over how many seconds streams are sent away after SIGTERM.
    #[arg(long, env = "GROWSET_DRAIN", default_value_t = 10, value_name = "SECONDS")]
    pub drain: u64,

    /// Let everyone in as organisation `demo`, on this machine only, and serve drafts.
    #[arg(long, conflicts_with = "keys")]
    pub dev: bool,

    /// A file of these options, in TOML: `address = "0.0.0.0:8080"`.
    #[arg(long, env = "GROWSET_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The least important lines that are logged, to the standard error stream.
    #[arg(long, env = "GROWSET_LOG", default_value = "info", value_name = "error|warn|info|debug|trace|off")]
    pub log: LevelFilter,

    /// How they are written.
    #[arg(long, env = "GROWSET_LOG_FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,

    #[command(flatten)]
    pub tuning: Tuning,
}

/// When a publish is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Acknowledged {
    /// By the store itself, and so many replicas of it.
    replicas: u32,
}

impl FromStr for Acknowledged {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let replicas = match text.strip_prefix("replicated=") {
            Some("0") => return Err("replicated=0 waits for nobody; write stored"),
            Some(number) => number.parse().map_err(|_| "write how many replicas, such as replicated=1")?,
            None if text == "stored" => 0,
            None => return Err("write stored, or replicated=1"),
        };
        Ok(Self { replicas })
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One object a line, for programs.
    Json,
}

/// Serves until SIGTERM or Ctrl-C.
pub(crate) fn run(options: &ServeOptions, catalog: &Path, console: &mut Console) -> Result<Exit, CliError> {
    if let Some(contradiction) = options.tuning.contradiction() {
        return Err(CliError::Refused(contradiction));
    }
    log_to_stderr(options);
    let runtime = runtime()?;
    let access = runtime.block_on(access(options))?;
    if let (Some(url), None) = (options.keys.as_ref().filter(|keys| keys.contains("://")), &options.audience) {
        console.remark(&format!(
            "warning: {url} may sign for other services, whose tokens are taken too; name --audience"
        ));
    }
    let tls = tls(options)?;
    let served = if options.dev { Served::Everything } else { Served::Released };
    let hub = match runtime.block_on(hub(options, read_catalog(catalog, served)?)) {
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
    let app = App::new(hub, access, origins, options.tuning.limits()).with_site(site(catalog));
    let drained = runtime.block_on(async {
        // Before anyone is told of the server: whoever is may end it at once.
        let leave = asked_to_leave().map_err(|cause| CliError::Refused(format!("cannot await signals: {cause}")))?;
        let listener = bind(options.address).await?;
        let address = listener.local_addr().unwrap_or(options.address);
        let scheme = if tls.is_some() { "https" } else { "http" };
        console.say(&format!("serving {} on {scheme}://{address}", catalog.display()));
        if options.dev {
            console.say("dev: everyone on this machine is let in, as organisation demo");
        }
        let door = match tls {
            Some(tls) => Door::from(listener).with_tls(tls),
            None => Door::from(listener),
        };
        Ok::<_, CliError>(serve(door, app, leave, Duration::from_secs(options.drain)).await)
    })?;
    match drained {
        Drained::InTime => {
            console.say("everyone was sent home, and everything answered is stored");
            Ok(Exit::Clean)
        }
        Drained::Cut => Err(CliError::Refused(format!("some connections outlasted --drain {}", options.drain))),
    }
}

/// Programs that embed this command may log in their own way; then that stays.
fn log_to_stderr(options: &ServeOptions) {
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    // What libraries say at the lower levels may hold what was sent, so nothing but our own words is logged there.
    let levels = Targets::new().with_target("growset", options.log).with_default(options.log.min(LevelFilter::WARN));
    let _ = match options.log_format {
        LogFormat::Text => registry().with(lines.with_filter(levels)).try_init(),
        LogFormat::Json => registry().with(lines.json().flatten_event(true).with_filter(levels)).try_init(),
    };
}

fn tls(options: &ServeOptions) -> Result<Option<Tls>, CliError> {
    let (Some(certificate), Some(key)) = (&options.tls_cert, &options.tls_key) else {
        return Ok(None);
    };
    Tls::from_files(certificate, key).map(Some).map_err(|error| CliError::Refused(format!("--tls-cert: {error}")))
}

/// Invariant: nobody is let in without a token except on this machine.
async fn access(options: &ServeOptions) -> Result<Access, CliError> {
    if let Some(keys) = &options.keys {
        let keys = match keys.contains("://") {
            true => Keys::from_url(keys, BETWEEN_FETCHES).await,
            false => Keys::from_file(Path::new(keys)),
        };
        let mut keys = keys.map_err(|error| CliError::Refused(format!("--keys: {error}")))?;
        if let Some(audience) = &options.audience {
            keys = keys.for_audience(audience);
        }
        if let Some(issuer) = &options.issuer {
            keys = keys.by_issuer(issuer);
        }
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

async fn hub(options: &ServeOptions, admission: Admission) -> Result<(Hub, Vec<String>), CatalogError> {
    let settings = options.tuning.settings();
    match (&options.store, &options.data) {
        (Some(address), _) => {
            let store = RedisStore::at(address).and_then(|store| store.replicated(options.ack.replicas));
            let store = store.map_err(|error| StoreError::Remote(format!("--store: {error}")))?;
            Hub::join(admission, store, settings).await
        }
        (None, _) if options.ack.replicas > 0 => {
            Err(StoreError::Remote("--ack replicated=… waits for replicas of a --store".to_owned()).into())
        }
        (None, None) => Hub::start(admission, MemoryStore::default(), settings),
        (None, Some(folder)) => Hub::start(admission, LogStore::take(folder)?, settings),
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

pub(crate) fn runtime() -> Result<Runtime, CliError> {
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
