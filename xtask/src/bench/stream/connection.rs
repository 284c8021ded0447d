//! One listener of the benchmark: opens, checks each event's place, comes back by its last id.

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::place::Place;

/// Before the number of an event in its payload.
const INDEX: &[u8] = b"\"index\":";

pub(crate) struct Connection {
    place: Place,
    stream: TcpStream,
    buffer: Vec<u8>,
    chunks: Chunks,
    line: Vec<u8>,
    last_id: Vec<u8>,
    /// The number that the next event has to bear.
    pub(crate) next: u64,
}

impl Connection {
    pub(crate) async fn open(place: Place) -> Result<Self> {
        let stream = connect(&place, b"").await?;
        let greets = place.greets();
        let buffer = Vec::with_capacity(64 << 10);
        let (chunks, line) = (Chunks::default(), Vec::new());
        let mut this = Self { place, stream, buffer, chunks, line, last_id: Vec::new(), next: 0 };
        if greets {
            while this.last_id.is_empty() {
                this.receive().await?;
            }
        }
        Ok(this)
    }

    /// Reads what is there; answers how many events it completes. Each has to be the next one. Can be given up.
    pub(crate) async fn receive(&mut self) -> Result<u64> {
        self.buffer.clear();
        ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server hung up after event {}", self.next);
        let before = self.next;
        for &byte in &self.buffer {
            if !self.chunks.is_body(byte) {
                continue;
            }
            if byte != b'\n' {
                self.line.push(byte);
                continue;
            }
            if let Some(id) = self.line.strip_prefix(b"id: ") {
                self.last_id = id.to_vec();
            } else if let Some(index) = index(&self.line) {
                ensure!(index == self.next, "event {index} came where {} was due", self.next);
                self.next += 1;
            } else {
                ensure!(self.line != b"event: growset.gap", "a gap where nothing may be missing");
            }
            self.line.clear();
        }
        Ok(self.next - before)
    }

    /// Breaks off, wherever it stands, and comes back.
    pub(super) async fn come_back(&mut self) -> Result<()> {
        self.stream = connect(&self.place, &self.last_id).await?;
        self.chunks = Chunks::default();
        self.line.clear();
        Ok(())
    }
}

async fn connect(place: &Place, last_id: &[u8]) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", place.port)).await.context("connect to listen")?;
    let resume = match last_id {
        [] => String::new(),
        id => format!("last-event-id: {}\r\n", String::from_utf8_lossy(id)),
    };
    let asked = format!(
        "GET {} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n{}{resume}\r\n",
        place.events(),
        place.credentials()
    );
    stream.write_all(asked.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.context("read the head")?);
    }
    if !head.starts_with(b"HTTP/1.1 200") {
        bail!("{}", String::from_utf8_lossy(&head));
    }
    Ok(stream)
}

fn index(line: &[u8]) -> Option<u64> {
    let data = line.strip_prefix(b"data: ").or_else(|| line.strip_prefix(b"data:"))?;
    let at = data.windows(INDEX.len()).position(|window| window == INDEX)? + INDEX.len();
    let digits = data[at..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

/// Takes the frames of `Transfer-Encoding: chunked` away, byte by byte.
#[derive(Default)]
struct Chunks {
    /// Of the chunk that is being read.
    left: usize,
    /// Of the next chunk, as far as its digits were read.
    size: usize,
    has_digits: bool,
}

impl Chunks {
    fn is_body(&mut self, byte: u8) -> bool {
        if self.left > 0 {
            self.left -= 1;
            return true;
        }
        match byte {
            b'\n' if self.has_digits => {
                (self.left, self.size, self.has_digits) = (self.size, 0, false);
            }
            _ => {
                if let Some(digit) = char::from(byte).to_digit(16) {
                    self.size = self.size * 16 + digit as usize;
                    self.has_digits = true;
                }
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_taken_apart_and_events_counted() {
        let mut chunks = Chunks::default();
        let body: Vec<u8> =
            b"3\r\nab\n\r\n0A\r\n0123456789\r\n".iter().copied().filter(|byte| chunks.is_body(*byte)).collect();
        assert_eq!(body, b"ab\n0123456789");
        assert_eq!(index(br#"data: {"a":1,"index":42,"text":""}"#), Some(42));
        assert_eq!(index(b"data: {}"), None);
    }
}
