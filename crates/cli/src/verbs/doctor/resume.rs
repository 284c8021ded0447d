//! Whether a listener that comes back goes on where it was.

use serde_json::Value;
use tokio::time::timeout;

use super::Patient;
use super::findings::Findings;
use super::flow::Seen;
use crate::remote::{EventStream, Item, RemoteError};

/// No server has written it.
const FORGED: &str = "growset-doctor";

pub(super) async fn examine(patient: &Patient<'_>, seen: &Seen, findings: &mut Findings) {
    let Some(id) = &seen.last_id else {
        findings.problem(
            "resume",
            "no event bears an id: whoever loses the connection loses what came meanwhile, and is not told",
            "send an `id:` with each event, and replay from `Last-Event-ID`",
        );
        return;
    };
    if seen.connected.is_none() {
        findings.skipped("resume", "events bear ids; whether they are resumed from, only a growset server says");
        return;
    }
    let advice = "does the proxy pass the `Last-Event-ID` header on, do all nodes share one store, and does it keep \
                  history long enough (`--data DIR`)?";
    match (resumed(patient, id).await, resumed(patient, FORGED).await) {
        (Ok(Some(known)), Ok(Some(forged))) => match (known.as_str(), forged.as_str()) {
            ("exact", "gap") => findings.fine("resume", "goes on after the last id, and tells a gap when it cannot"),
            ("exact", other) => findings.problem(
                "resume",
                format!("an id that is not the server's own is answered with {other:?}, not with a gap"),
                advice,
            ),
            (other, _) => {
                findings.problem("resume", format!("coming back with the last id is answered with {other:?}"), advice);
            }
        },
        (Err(error), _) | (_, Err(error)) => {
            findings.problem("resume", format!("coming back fails: {error}"), advice);
        }
        (Ok(None), _) | (_, Ok(None)) => {
            findings.problem("resume", "coming back, the stream does not open again", advice);
        }
    }
}

/// How the wish to resume was met, as `growset.connected` tells.
async fn resumed(patient: &Patient<'_>, id: &str) -> Result<Option<String>, RemoteError> {
    let asked = patient.asked().with("last-event-id", id);
    let mut stream = EventStream::of(patient.client.ask(&patient.options.url, asked).await?);
    let connected = async {
        while let Some(item) = stream.next().await? {
            if let Item::Event(event) = item
                && event.name == "growset.connected"
            {
                let told: Value = serde_json::from_str(&event.data).unwrap_or_default();
                return Ok(told["resume"].as_str().map(str::to_owned));
            }
        }
        Ok(None)
    };
    timeout(patient.options.patience, connected).await.unwrap_or(Ok(None))
}
