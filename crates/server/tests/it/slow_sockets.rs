//! Readers that stop reading, over sockets: the server's memory stays flat, and nobody else loses a byte.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use growset_server::http::{Access, App, Limits, Origins, serve};
use growset_server::{Retention, Settings};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;

use crate::support::{PATIENCE, answer, figure, memory_hub, request, send, sized, small_admission, texts};
use crate::whatwg::{Event, Parser};

const SERVES: &str = "GROWSET_TEST_SERVES";

/// Of one event.
const TEXT_BYTES: usize = 1000;

/// Of one request.
const BATCH: usize = 500;

/// History that the server keeps.
const HISTORY: usize = 1 << 20;

/// Serves until it is killed, in a process of its own, so that its memory is its alone. Only does so when it is
/// started by the test below.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_memory_is_watched() {
    if std::env::var_os(SERVES).is_none() {
        return;
    }
    let retention = Retention { bytes: HISTORY, ..Retention::default() };
    let hub = memory_hub(small_admission(), Settings { retention, ..Settings::default() });
    // Whoever stops reading begins again here, however long the others take.
    let write_timeout = std::time::Duration::from_secs(3600);
    let limits = Limits { streams_per_user: 10_000, body_bytes: 4 << 20, write_timeout, ..Limits::default() };
    let app = App::new(hub, Access::Dev, Origins::default(), limits);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has ports");
    let address = listener.local_addr().expect("it is bound");
    let line = format!("AT {address}\n");
    std::io::stdout().write_all(line.as_bytes()).expect("the test reads");
    serve(listener, app, std::future::pending(), std::time::Duration::ZERO).await;
}

struct Served {
    process: Child,
    address: std::net::SocketAddr,
}

impl Served {
    fn start() -> Self {
        let this = std::env::current_exe().expect("it runs");
        let mut process = Command::new(this)
            .args(["--exact", "slow_sockets::a_server_whose_memory_is_watched", "--nocapture", "--test-threads=1"])
            .env(SERVES, "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(process.stdout.take().expect("is piped")).lines().map_while(Result::ok);
        let told = lines.find_map(|line| Some(line.split_once("AT ")?.1.to_owned())).expect("it says where");
        Self { address: told.parse().expect("is an address"), process }
    }

    /// Megabytes that its memory had at most, where the system tells.
    fn peak_memory(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()? / 1024.0)
    }

    /// Opens a stream by HTTP/1.0, whose body is the bare stream without chunks. A buffer of a fixed size does not grow
    /// while nobody reads: what it would take later, the server would send, and then tell a second gap.
    async fn listen(&self) -> (TcpStream, Event) {
        let socket = TcpSocket::new_v4().expect("there are sockets");
        socket.set_recv_buffer_size(128 << 10).expect("is a size");
        let mut stream = socket.connect(self.address).await.expect("it listens");
        let asked = b"GET /events?events=to.org HTTP/1.0\r\nhost: localhost\r\n\r\n";
        stream.write_all(asked).await.expect("it reads");
        let mut head = Vec::new();
        // Up to the end of the first event: head, `retry`, event.
        while head.windows(2).filter(|pair| pair == b"\n\n").count() < 2 {
            head.push(stream.read_u8().await.expect("it opens"));
        }
        let text = String::from_utf8(head).expect("is text");
        assert!(text.starts_with("HTTP/1.0 200"), "{text}");
        let (_, opening) = text.split_once("\r\n\r\n").expect("has a body");
        let connected = Parser::default().feed(opening.as_bytes()).pop().expect("it is told");
        (stream, connected)
    }

    async fn publish(&self, text: &str, count: usize) {
        let events: Vec<Value> = (0..count).map(|_| json!({ "event": "to.org", "data": { "text": text } })).collect();
        let body = Value::from(events).to_string();
        let headers = [("content-type", "application/json")];
        let (status, _) = answer(send(self.address, request("POST", "/publish", &headers, &body)).await).await;
        assert_eq!(status, 201);
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that died needs no killing.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Every byte that a listener has to get.
fn expected(connected: &Event, text: &str, batches: usize) -> Vec<Vec<u8>> {
    let (epoch, _) = connected.id.split_once('-').expect("is an id");
    let first = number(&connected.id) as usize + 1;
    let frame = |seq| format!("id: {epoch}-{seq}\nevent: to.org\ndata: {{\"text\":\"{text}\"}}\n\n");
    let batch = |from| (from..from + BATCH).map(frame).collect::<String>().into_bytes();
    (0..batches).map(|index| batch(first + index * BATCH)).collect()
}

/// What the readers have to get, in batches, and how many of them had each.
struct Wanted {
    batches: Vec<Vec<u8>>,
    had: Semaphore,
}

async fn read_exactly(mut stream: TcpStream, wanted: Arc<Wanted>) {
    for batch in &wanted.batches {
        let mut buffer = vec![0; batch.len()];
        stream.read_exact(&mut buffer).await.expect("it goes on");
        assert!(buffer == *batch, "an event is missing, comes twice, out of order or spoilt");
        wanted.had.add_permits(1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_that_stop_cost_no_memory_and_are_told_what_they_missed() {
    let (listeners, slow, megabytes) = (sized(100, 1000), sized(5, 50), sized(8, 60));
    let count = megabytes * 1_000_000 / TEXT_BYTES;
    let text = "x".repeat(TEXT_BYTES);
    let served = Served::start();
    let mut stopped = Vec::new();
    for _ in 0..slow {
        stopped.push(served.listen().await);
    }
    let mut others = Vec::new();
    for _ in slow..listeners {
        others.push(served.listen().await);
    }
    let before = served.peak_memory();

    let batches = expected(&others[0].1, &text, count / BATCH);
    let wanted = Arc::new(Wanted { batches, had: Semaphore::new(0) });
    let everyone = others.len() as u32;
    let readers: Vec<_> =
        others.into_iter().map(|(stream, _)| tokio::spawn(read_exactly(stream, wanted.clone()))).collect();
    for _ in &wanted.batches {
        served.publish(&text, BATCH).await;
        // Whoever reads has it before more comes, so that only those who stopped lag.
        let had = tokio::time::timeout(PATIENCE, wanted.had.acquire_many(everyone)).await;
        had.expect("everyone gets it").expect("is open").forget();
    }
    for reader in readers {
        reader.await.expect("everyone gets everything");
    }
    let grown = served.peak_memory().zip(before).map(|(after, before)| after - before);
    let allowed = slow as f64 * 0.4 + 2.0 * (HISTORY >> 20) as f64 + 10.0;
    assert!(grown.is_none_or(|grown| grown < allowed), "{grown:?} MB more, {allowed} MB are allowed");

    let (mut lagging, mut most_gaps) = (Vec::new(), 0);
    for (stream, connected) in stopped {
        let end = number(&connected.id) + (wanted.batches.len() * BATCH) as u64;
        let mut reader = Reader { stream, parser: Parser::default(), last: connected.id };
        let gaps = reader.read_to(end).await;
        assert!(gaps > 0, "more than the history went out meanwhile");
        most_gaps = gaps.max(most_gaps);
        lagging.push(reader);
    }
    served.publish("after", 1).await;
    for mut reader in lagging {
        let events = reader.read().await;
        assert_eq!((texts(&events), number(&events[0].id)), (vec!["after".to_owned()], number(&reader.last) + 1));
    }
    let grown = grown.unwrap_or_default();
    figure(&format!(
        "{slow} of {listeners} stopped reading while {megabytes} MB went out: {grown:.1} MB more memory, {most_gaps} gaps at most"
    ));
}

/// One that stopped reading and begins again.
struct Reader {
    stream: TcpStream,
    parser: Parser,
    last: String,
}

impl Reader {
    /// The events that come next.
    async fn read(&mut self) -> Vec<Event> {
        let mut buffer = vec![0; 64 << 10];
        loop {
            let length = self.stream.read(&mut buffer).await.expect("it goes on");
            assert!(length > 0, "it ended");
            let events = self.parser.feed(&buffer[..length]);
            if !events.is_empty() {
                return events;
            }
        }
    }

    /// Up to the event of this number, all of it or told as a gap. Answers how many gaps: a system that finds room for more
    /// while nobody reads takes more, and what was missed by then is one of its own.
    async fn read_to(&mut self, end: u64) -> usize {
        let mut gaps = 0;
        while number(&self.last) < end {
            for event in self.read().await {
                if event.name == "growset.gap" {
                    let gap: Value = serde_json::from_str(&event.data).expect("data is JSON");
                    assert_eq!((&gap["reason"], &gap["from"]), (&json!("lagged"), &json!(self.last)));
                    gaps += 1;
                } else {
                    assert_eq!(number(&event.id), number(&self.last) + 1, "nothing is left out without a word");
                }
                self.last = event.id;
            }
        }
        gaps
    }
}

fn number(id: &str) -> u64 {
    id.split_once('-').expect("is an id").1.parse().expect("is a number")
}
