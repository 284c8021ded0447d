//! `growset emit`: publishes examples, or a payload of one's own, to a running server.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use growset_model::{Audience, Catalog};
use hyper::StatusCode;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, sleep_until};

use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::remote::{Address, Asked, Client, RemoteOptions, served_catalog};
use crate::verbs::serve::{asked_to_leave, runtime};
use crate::verbs::tap::LineFormat;

/// So long a connection or an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that asks to wait is asked again so often.
const TRIES: usize = 5;

/// What is published, how often and how fast.
#[derive(Debug, clap::Args)]
pub(crate) struct EmitOptions {
    /// The server, such as http://localhost:8080.
    pub url: Address,

    #[command(flatten)]
    pub remote: RemoteOptions,

    /// Only this event; without --data its examples. May be given several times.
    #[arg(long = "event", value_name = "NAME")]
    pub events: Vec<String>,

    /// A file with the payload, or - for standard input.
    #[arg(long, value_name = "FILE", requires = "events")]
    pub data: Option<PathBuf>,

    /// The organisation it is for [default: the token's own under --dev].
    #[arg(long)]
    pub org: Option<String>,

    /// The user it is for, of events to users.
    #[arg(long, default_value = "demo")]
    pub user: String,

    /// The channel it is for, of events to channels.
    #[arg(long, default_value = "demo")]
    pub channel: String,

    /// How many events; 0 goes on until Ctrl-C [default: each example once].
    #[arg(long, value_name = "EVENTS")]
    pub count: Option<u64>,

    /// Events a second [default: as fast as they are taken].
    #[arg(long, value_name = "EVENTS", value_parser = rate)]
    pub rate: Option<f64>,

    /// How answers are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: LineFormat,
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().map_err(|_| "write a number such as 0.5 or 100".to_owned())?;
    if (1e-4..=1e6).contains(&rate) { Ok(rate) } else { Err("between 0.0001 and 1000000".to_owned()) }
}

/// What is told at the end.
#[derive(Default)]
struct Tally {
    taken: u64,
    refused: u64,
    /// Examples of drafts, which a server may have none of.
    drafts: u64,
}

impl Tally {
    fn told(&self, format: LineFormat) -> String {
        let Self { taken, refused, drafts } = self;
        match format {
            LineFormat::Text if *drafts > 0 => {
                format!("{taken} taken, {refused} refused, {drafts} of drafts, which this server does not take")
            }
            LineFormat::Text => format!("{taken} taken, {refused} refused"),
            LineFormat::Json => {
                json!({ "summary": { "taken": taken, "refused": refused, "drafts": drafts } }).to_string()
            }
        }
    }
}

/// Publishes until everything is sent, or until Ctrl-C.
pub(crate) fn run(options: &EmitOptions, console: &mut Console) -> Result<Exit, CliError> {
    let client = Client::new(&options.remote, PATIENCE)?;
    let tally = runtime()?.block_on(async {
        let catalog = served_catalog(&client, &options.url.at("/catalog")).await?;
        let requests = requests(options, &catalog, &console.directory)?;
        let mut tally = Tally::default();
        let leave = asked_to_leave().map_err(|cause| CliError::Refused(format!("cannot await signals: {cause}")))?;
        tokio::select! {
            sent = send_all(options, &client, &requests, &mut tally, console) => sent?,
            () = leave => {}
        }
        Ok::<_, CliError>(tally)
    })?;
    console.say(&tally.told(options.format));
    Ok(if tally.refused == 0 { Exit::Clean } else { Exit::Findings })
}

/// The bodies to publish, in turn.
fn requests(options: &EmitOptions, catalog: &Catalog, directory: &Path) -> Result<Vec<Value>, CliError> {
    if let (Some(path), [name]) = (&options.data, options.events.as_slice()) {
        let audience = catalog.events.values().find(|event| event.name.as_str() == name).map(|event| event.audience);
        return Ok(vec![request(options, name, audience, &payload(&directory.join(path), path)?)]);
    }
    if options.data.is_some() {
        return Err(CliError::Refused("--data is the payload of one --event".to_owned()));
    }
    let known = |name: &String| catalog.events.values().any(|event| event.name.as_str() == name);
    if let Some(unknown) = options.events.iter().find(|name| !known(name)) {
        return Err(CliError::Refused(format!("the server's catalog has no event `{unknown}`")));
    }
    let is_wanted = |name: &str| options.events.is_empty() || options.events.iter().any(|wanted| wanted == name);
    let events = catalog.events.values().filter(|event| event.retired.is_none() && is_wanted(event.name.as_str()));
    let requests: Vec<Value> = events
        .flat_map(|event| {
            let examples = event.examples.iter();
            examples.map(|example| request(options, event.name.as_str(), Some(event.audience), &example.value))
        })
        .collect();
    if requests.is_empty() {
        return Err(CliError::Refused("no examples to publish; give a payload by --data".to_owned()));
    }
    Ok(requests)
}

fn payload(path: &Path, named: &Path) -> Result<Value, CliError> {
    let mut text = String::new();
    let read = match named.to_str() {
        Some("-") => std::io::stdin().read_to_string(&mut text).map(drop),
        _ => std::fs::read_to_string(path).map(|read| text = read), // A file.
    };
    read.map_err(CliError::disk("read the payload", path))?;
    serde_json::from_str(&text).map_err(|error| CliError::Refused(format!("{}: no JSON: {error}", named.display())))
}

/// What the server does not know is sent too: its answer says more than ours could.
fn request(options: &EmitOptions, name: &str, audience: Option<Audience>, data: &Value) -> Value {
    let mut request = json!({ "event": name, "data": data });
    if let (Some(org), true) = (&options.org, audience != Some(Audience::Public)) {
        request["org"] = org.as_str().into();
    }
    match audience {
        Some(Audience::User) => request["user"] = options.user.as_str().into(),
        Some(Audience::Channel) => request["channel"] = options.channel.as_str().into(),
        Some(Audience::Org | Audience::Public) | None => {}
    }
    request
}

async fn send_all(
    options: &EmitOptions,
    client: &Client,
    requests: &[Value],
    tally: &mut Tally,
    console: &mut Console,
) -> Result<(), CliError> {
    let address = if options.url.is_root() { options.url.at("/publish") } else { options.url.clone() };
    let count = options.count.unwrap_or(requests.len() as u64);
    let started = Instant::now();
    for (sent, request) in (0u64..).zip(requests.iter().cycle()) {
        if count > 0 && sent == count {
            break;
        }
        if let Some(rate) = options.rate {
            sleep_until(started + Duration::from_secs_f64(sent as f64 / rate)).await;
        }
        let (status, answer) = send(client, &address, request).await?;
        // Whoever names no event means those that are served.
        let is_draft = options.events.is_empty() && answer["rule"] == "draft-event";
        *(match status {
            _ if is_draft => &mut tally.drafts,
            StatusCode::CREATED => &mut tally.taken,
            _ => &mut tally.refused, // Of whatever kind.
        }) += 1;
        if is_draft {
            continue;
        }
        console.say(&told(options.format, request, status, &answer));
    }
    Ok(())
}

/// Publishes one event; waits where the server asks to.
async fn send(client: &Client, address: &Address, request: &Value) -> Result<(StatusCode, Value), CliError> {
    for left in (0..TRIES).rev() {
        let reply = client.ask(address, Asked::post_json(request)).await?;
        let status = reply.status;
        let wait = reply.header("retry-after").parse().ok().map(Duration::from_secs);
        let is_busy = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        if let (Some(wait), true, true) = (wait, is_busy, left > 0) {
            sleep(wait).await;
            continue;
        }
        let body = reply.bytes().await?;
        let answer = serde_json::from_slice(&body).unwrap_or_else(|_| String::from_utf8_lossy(&body).into());
        return Ok((status, answer));
    }
    Err(CliError::Refused(format!("{address} had no room after {TRIES} tries")))
}

fn told(format: LineFormat, request: &Value, status: StatusCode, answer: &Value) -> String {
    let name = request["event"].as_str().unwrap_or_default();
    match format {
        LineFormat::Json => json!({ "event": name, "status": status.as_u16(), "answer": answer }).to_string(),
        LineFormat::Text => match answer["id"].as_str() {
            Some(id) => format!("{name:<28} {id}"),
            None => format!("{name:<28} {status}\n{answer:#}"),
        },
    }
}
