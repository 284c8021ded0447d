//! `growset doctor`: walks the runbook of an outage over a running stream and says what to change.
//!
//! Judges what arrives, whoever sent it: most outages of streams are made by what stands before the server.

mod findings;

mod head;

mod flow;

mod resume;

mod cors;

mod credentials;

use std::time::Duration;

use self::findings::Findings;
use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::remote::{Address, Asked, Client, RemoteError, RemoteOptions, Reply};
use crate::verbs::serve::runtime;
use crate::verbs::tap::LineFormat;

/// What is examined.
#[derive(Debug, clap::Args)]
pub(crate) struct DoctorOptions {
    /// The stream as pages open it, such as https://events.example.com/events.
    pub url: Address,

    #[command(flatten)]
    pub remote: RemoteOptions,

    /// The origin of the pages that listen, such as https://app.example.com.
    #[arg(long)]
    pub origin: Option<String>,

    /// How long to wait for a sign of life.
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = patience)]
    pub patience: Duration,

    /// How findings are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: LineFormat,
}

fn patience(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "write seconds such as 20 or 0.5".to_owned())?;
    let may_be = (0.01..=3600.0).contains(&seconds);
    may_be.then(|| Duration::from_secs_f64(seconds)).ok_or_else(|| "between 0.01 and 3600".to_owned())
}

/// Examines a stream.
pub(crate) fn run(options: &DoctorOptions, console: &mut Console) -> Result<Exit, CliError> {
    let client = Client::new(&options.remote, options.patience)?;
    let strangers = RemoteOptions { headers: Vec::new(), token: None, ca: options.remote.ca.clone() };
    let stranger = Client::new(&strangers, options.patience)?;
    let findings = runtime()?.block_on(examine(&Patient { options, client, stranger }));
    console.write(&findings.told(options.format, &options.url));
    Ok(if findings.problems() == 0 { Exit::Clean } else { Exit::Findings })
}

/// The stream, and those who ask for it.
struct Patient<'a> {
    options: &'a DoctorOptions,
    client: Client,
    /// Without credentials.
    stranger: Client,
}

impl Patient<'_> {
    /// A request as the pages' browser sends it.
    fn asked(&self) -> Asked {
        let asked = Asked::get().with("accept", "text/event-stream");
        match &self.options.origin {
            Some(origin) => asked.with("origin", origin),
            None => asked,
        }
    }

    async fn open(&self) -> Result<Reply, RemoteError> {
        self.client.ask(&self.options.url, self.asked()).await
    }

    fn has_credentials(&self) -> bool {
        !self.client.credentials.is_empty()
    }
}

async fn examine(patient: &Patient<'_>) -> Findings {
    let mut findings = Findings::default();
    let reply = match patient.open().await {
        Ok(reply) => reply,
        Err(error) => {
            head::unreachable(&error, &mut findings);
            return findings;
        }
    };
    let is_stream = head::examine(patient, &reply, &mut findings);
    if let Some(origin) = &patient.options.origin {
        cors::examine(patient, origin, &reply, &mut findings).await;
    } else {
        findings.skipped("cors", "name the pages' origin by --origin https://app.example.com");
    }
    credentials::examine(patient, reply.status, &mut findings).await;
    if is_stream {
        let seen = flow::watch(patient, reply).await;
        flow::examine(patient, &seen, &mut findings);
        resume::examine(patient, &seen, &mut findings).await;
    } else {
        findings.skipped("flow", "there is no stream to watch");
    }
    findings
}
