//! What Redis has to do at least: keep each event in a stream, and hand it to as many subscribers as there are nodes.

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// As many as a node keeps, unless it is set otherwise.
const KEPT: &str = "10000";

pub(super) struct Plain {
    stream: TcpStream,
    org: String,
    requests: Vec<u8>,
    answer: Vec<u8>,
}

impl Plain {
    pub(super) async fn connect(port: u16, org: &str) -> Result<Self> {
        let stream = connect(port).await?;
        Ok(Self { stream, org: org.to_owned(), requests: Vec::new(), answer: Vec::new() })
    }

    /// Two commands an event, all in one write, and waits for the answers.
    pub(super) async fn publish(&mut self, payloads: impl Iterator<Item = String>) -> Result<()> {
        self.requests.clear();
        let mut expected = 0;
        for payload in payloads {
            command(&mut self.requests, &["XADD", &self.org, "MAXLEN", "~", KEPT, "*", "", &payload]);
            command(&mut self.requests, &["PUBLISH", &self.org, &payload]);
            expected += 2;
        }
        self.stream.write_all(&self.requests).await?;
        self.answer.clear();
        // `$13`, the id, `:1`: three lines of two answers.
        while self.answer.iter().filter(|byte| **byte == b'\n').count() < expected / 2 * 3 {
            ensure!(self.stream.read_buf(&mut self.answer).await? > 0, "Redis hung up");
            ensure!(self.answer[0] != b'-', "{}", String::from_utf8_lossy(&self.answer));
        }
        Ok(())
    }
}

/// Hears all organisations, and does nothing with it.
pub(super) async fn subscribe(port: u16, orgs: &[String]) -> Result<()> {
    let mut stream = connect(port).await?;
    let words: Vec<&str> = std::iter::once("SUBSCRIBE").chain(orgs.iter().map(String::as_str)).collect();
    let mut request = Vec::new();
    command(&mut request, &words);
    stream.write_all(&request).await?;
    tokio::task::spawn_local(async move {
        let mut heard = vec![0; 64 << 10];
        while stream.read(&mut heard).await.is_ok_and(|bytes| bytes > 0) {}
    });
    Ok(())
}

async fn connect(port: u16) -> Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.context("connect to Redis")?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// In the protocol of Redis.
fn command(out: &mut Vec<u8>, words: &[&str]) {
    out.extend(format!("*{}\r\n", words.len()).bytes());
    for word in words {
        out.extend(format!("${}\r\n{word}\r\n", word.len()).bytes());
    }
}
