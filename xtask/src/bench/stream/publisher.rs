//! Publishes on one connection, in each contender's own way.

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::contender::Contender;
use super::place::Place;

const COMPLETION: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

/// Makes a payload of about 200 bytes.
const TEXT_BYTES: usize = 124;

pub(crate) struct Publisher {
    place: Place,
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Publisher {
    pub(crate) async fn connect(place: Place) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", place.port)).await.context("connect to publish")?;
        stream.set_nodelay(true)?;
        Ok(Self { place, stream, answer: Vec::new() })
    }

    /// Publishes events `first..first + count`, and waits until they are taken.
    pub(crate) async fn publish(&mut self, first: u64, count: usize) -> Result<()> {
        let payloads = (first..first + count as u64).map(payload);
        let bodies: Vec<(&str, String)> = match self.place.contender {
            Contender::Growset => {
                let org = &self.place.org;
                let event = |data| json!({ "event": "completion.delta", "org": org, "channel": "bench", "data": data });
                vec![("application/json", payloads.map(event).collect::<Value>().to_string())]
            }
            // One message a request; the requests are not awaited one by one.
            Contender::Nchan => payloads.map(|payload| ("text/plain", payload.to_string())).collect(),
            Contender::Floor | Contender::Axum | Contender::Node | Contender::BetterSse => {
                let lines: Vec<String> = payloads.map(|payload| payload.to_string()).collect();
                vec![("text/plain", lines.join("\n"))]
            }
        };
        let mut requests = String::new();
        for (kind, body) in &bodies {
            let length = body.len();
            requests.push_str(&format!(
                "POST {} HTTP/1.1\r\nhost: localhost\r\n{}content-type: {kind}\r\n\
                 x-eventsource-event: completion.delta\r\ncontent-length: {length}\r\n\r\n{body}",
                self.place.publish(),
                self.place.credentials()
            ));
        }
        self.stream.write_all(requests.as_bytes()).await.context("publish")?;
        for _ in &bodies {
            self.read_answer().await?;
        }
        Ok(())
    }

    async fn read_answer(&mut self) -> Result<()> {
        loop {
            if let Some(end) = self.answer.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.answer[..end]).to_lowercase();
                let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
                let whole = end + 4 + length.map_or(Ok(0), |text| text.trim().parse::<usize>())?;
                if !head.starts_with("http/1.1 20") {
                    bail!("a publish was refused: {}", String::from_utf8_lossy(&self.answer));
                }
                if self.answer.len() >= whole {
                    self.answer.drain(..whole);
                    return Ok(());
                }
            }
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                bail!("the server hung up on the publisher");
            }
        }
    }
}

/// Of about 200 bytes.
pub(crate) fn payload(index: u64) -> Value {
    json!({ "completionId": COMPLETION, "index": index, "text": "x".repeat(TEXT_BYTES) })
}
