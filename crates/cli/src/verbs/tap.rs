//! `growset tap`: follows any event stream in the terminal and holds each event against the catalog.

mod inspector;

mod stamp;

mod ledger;

mod lines;

use std::time::Duration;

use growset_model::Catalog;
use hyper::StatusCode;
use serde_json::Value;
use tokio::time::{Instant, sleep, sleep_until};

use self::inspector::Inspector;
use self::ledger::Ledger;
use self::lines::{Arrival, Lines};
use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::project::Project;
use crate::remote::{
    Address, Asked, Client, EventStream, Item, RemoteError, RemoteOptions, Reply, named_catalog, served_catalog,
};
use crate::verbs::serve::{asked_to_leave, runtime};

/// Before the stream says otherwise.
const RETRY: Duration = Duration::from_secs(3);

/// So long a connection or the head of an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is followed, and how it is shown.
#[derive(Debug, clap::Args)]
pub(crate) struct TapOptions {
    /// The stream, such as https://events.example.com/events.
    pub url: Address,

    #[command(flatten)]
    pub remote: RemoteOptions,

    /// A catalog.json, by path or URL [default: the one that is generated here, else what the server's /catalog
    /// answers].
    #[arg(long, value_name = "FILE|URL")]
    pub catalog: Option<String>,

    /// Start after this event.
    #[arg(long, value_name = "ID")]
    pub last_event_id: Option<String>,

    /// Where a payload says when it was sent, as a JSON Pointer; a time of RFC 3339 or milliseconds since 1970.
    #[arg(long, value_name = "POINTER")]
    pub stamp: Option<String>,

    /// End after so many events, those of the stream itself not counted.
    #[arg(long, value_name = "EVENTS")]
    pub count: Option<u64>,

    /// End after so long.
    #[arg(long = "for", value_name = "SECONDS")]
    pub seconds: Option<u64>,

    /// End with the first connection.
    #[arg(long)]
    pub once: bool,

    /// How events and the summary are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: LineFormat,
}

/// How lines are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum LineFormat {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Follows until it is told to end. `find` finds the project that the command was started in.
pub(crate) fn run(
    options: &TapOptions,
    project: Result<Project, CliError>,
    console: &mut Console,
) -> Result<Exit, CliError> {
    let client = Client::new(&options.remote, PATIENCE)?;
    let ledger = runtime()?.block_on(async {
        let catalog = catalog(options, &client, project, console).await?;
        let mut tap = Tap {
            options,
            client,
            inspector: Inspector::new(catalog.as_ref()),
            ledger: Ledger::default(),
            lines: Lines::new(options.format),
            last_id: options.last_event_id.clone(),
            retry: RETRY,
        };
        tap.follow(console).await?;
        Ok::<_, CliError>(tap.ledger)
    })?;
    console.write(&ledger.summary(options.format));
    Ok(if ledger.is_clean() { Exit::Clean } else { Exit::Findings })
}

/// Invariant: a catalog that was named is used or refused; one that was merely found may be missing.
async fn catalog(
    options: &TapOptions,
    client: &Client,
    project: Result<Project, CliError>,
    console: &mut Console,
) -> Result<Option<Catalog>, CliError> {
    if let Some(named) = &options.catalog {
        return Ok(Some(named_catalog(client, &console.directory, named).await?));
    }
    let generated = project.ok().map(|project| project.generated.join("catalog.json")).filter(|path| path.is_file());
    let (found, from) = match generated {
        Some(path) => {
            let text = path.to_string_lossy();
            (named_catalog(client, &console.directory, &text).await, text.into_owned())
        }
        None => {
            let address = options.url.at("/catalog");
            (served_catalog(client, &address).await, address.to_string())
        }
    };
    match found {
        Ok(catalog) => {
            console.remark(&format!("holding events against {from}"));
            Ok(Some(catalog))
        }
        Err(error) => {
            console.remark(&format!(
                "note: no catalog, so events are not held against one ({error}); name one by --catalog"
            ));
            Ok(None)
        }
    }
}

/// What a problem document (RFC 9457) says.
async fn detail(kind: &str, reply: Reply) -> Option<String> {
    if !kind.starts_with("application/problem+json") {
        return None;
    }
    let document: Value = serde_json::from_slice(&reply.bytes().await.ok()?).ok()?;
    Some(document["detail"].as_str()?.to_owned())
}

struct Tap<'a> {
    options: &'a TapOptions,
    client: Client,
    inspector: Inspector<'a>,
    ledger: Ledger,
    lines: Lines,
    last_id: Option<String>,
    retry: Duration,
}

/// Why following a connection ended.
enum Ended {
    /// The connection did; another is opened.
    Connection,
    /// Nothing more is wanted, or will come.
    All,
}

impl Tap<'_> {
    async fn follow(&mut self, console: &mut Console) -> Result<(), CliError> {
        let leave = asked_to_leave().map_err(|cause| CliError::Refused(format!("cannot await signals: {cause}")))?;
        let mut leave = std::pin::pin!(leave);
        // A day of a century that none of us sees stands for never.
        let seconds = self.options.seconds.unwrap_or(100 * 365 * 24 * 3600);
        let until = Instant::now() + Duration::from_secs(seconds);
        loop {
            let ended = tokio::select! {
                ended = self.connection(console) => ended,
                () = &mut leave => return Ok(()),
                () = sleep_until(until) => return Ok(()),
            };
            match ended {
                Ok(Ended::All) => return Ok(()),
                Ok(Ended::Connection) if self.options.once => return Ok(()),
                Ok(Ended::Connection) => console.remark("the connection ended; coming back"),
                // What never worked is a mistake in the command; what did work may come back.
                Err(error) if self.ledger.connections() == 0 || self.options.once => return Err(error.into()),
                Err(error) => console.remark(&format!("{error}; coming back")),
            }
            tokio::select! {
                () = sleep(self.retry) => {}
                () = &mut leave => return Ok(()),
                () = sleep_until(until) => return Ok(()),
            }
        }
    }

    async fn connection(&mut self, console: &mut Console) -> Result<Ended, RemoteError> {
        let mut asked = Asked::get().with("accept", "text/event-stream");
        if let Some(id) = &self.last_id {
            asked = asked.with("last-event-id", id);
        }
        let reply = self.client.ask(&self.options.url, asked).await?;
        if reply.status == StatusCode::NO_CONTENT {
            console.remark("204: the stream has ended for good");
            self.ledger.connected();
            return Ok(Ended::All);
        }
        if reply.status != StatusCode::OK || !reply.header("content-type").starts_with("text/event-stream") {
            let kind = reply.header("content-type").to_owned();
            let mut told = format!("{} {kind:?}, which is no event stream", reply.status);
            if let Some(detail) = detail(&kind, reply).await {
                told.push_str(&format!(": {detail}"));
            }
            self.ledger.refused(told);
            return Ok(Ended::All);
        }
        self.ledger.connected();
        let mut stream = EventStream::of(reply);
        while let Some(item) = stream.next().await? {
            match item {
                Item::Comment => self.ledger.comment(),
                Item::Retry(ms) => self.retry = Duration::from_millis(ms),
                Item::Event(event) => {
                    let arrival = Arrival::now(event);
                    let verdict = self.inspector.inspect(&arrival.event);
                    let latency = stamp::latency(&arrival, self.options.stamp.as_deref());
                    console.write(&self.lines.event(&arrival, &verdict, latency));
                    self.ledger.note(&arrival.event, &verdict, latency);
                    self.last_id = Some(arrival.event.id).filter(|id| !id.is_empty());
                    if self.options.count.is_some_and(|count| self.ledger.own_events() >= count) {
                        return Ok(Ended::All);
                    }
                }
            }
        }
        Ok(Ended::Connection)
    }
}
