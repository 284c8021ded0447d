//! Several nodes over one Redis.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use growset_server::admission::{Admission, Served};
use growset_server::store::RedisStore;
use growset_server::{CatalogError, Hub, Retention, Settings};
use serde_json::json;

use crate::conformance::{Heard, Nodes, conforms};
use crate::support::{org_events, publish_to_org, released, small_catalog, texts};

/// A port that another process takes meanwhile is not asked for again.
const TRIES: usize = 5;

/// A Redis of its own, which ends with the test.
pub(crate) struct Redis {
    pub(crate) port: u16,
    process: Child,
    folder: tempfile::TempDir,
}

/// Nothing where Redis is not installed; `cargo xtask test` installs it where it may, and says so where it may not.
pub(crate) fn program() -> Option<PathBuf> {
    let found = ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/usr/bin/valkey-server"];
    let found = found.map(PathBuf::from).into_iter().find(|path| path.is_file());
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "no redis-server; `apt-get install redis-server`");
    found
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("has ports").port()
}

impl Redis {
    /// On a free port, with more options; nothing where Redis is not installed.
    pub(crate) fn start(options: &[&str]) -> Option<Self> {
        let program = program()?;
        for _ in 0..TRIES {
            let port = free_port();
            let folder = tempfile::tempdir().expect("there is room");
            if let Some(process) = run(&program, port, folder.path(), options) {
                return Some(Self { port, process, folder });
            }
        }
        unreachable!("a port stays free");
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// As `redis-cli` would.
    pub(crate) fn say(&self, words: &[&str]) -> String {
        let answer = Command::new("redis-cli").args(["-p", &self.port.to_string()]).args(words).output();
        let answer = answer.expect("redis-cli comes with the server");
        String::from_utf8_lossy(&answer.stdout).trim().to_owned()
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it was killed");
    }

    /// On the same port and folder.
    pub(crate) fn start_again(&mut self, options: &[&str]) {
        let program = program().expect("it ran before");
        self.process = run(&program, self.port, self.folder.path(), options).expect("its port is free");
    }
}

/// Nothing when the port was taken.
fn run(program: &std::path::Path, port: u16, folder: &std::path::Path, options: &[&str]) -> Option<Child> {
    let mut process = Command::new(program)
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--dir"])
        .arg(folder)
        .args(options)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(process.stdout.take().expect("is piped")).lines();
    let is_ready = lines.by_ref().map_while(Result::ok).any(|line| line.contains("eady to accept connections"));
    // It would end if nobody read what else it says.
    std::thread::spawn(move || lines.for_each(drop));
    if !is_ready {
        process.wait().expect("it ends");
        return None;
    }
    Some(process)
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) async fn node(url: &str, settings: Settings) -> Hub {
    let store = RedisStore::at(url).expect("is an address");
    Hub::join(released_admission(), store, settings).await.expect("it joins").0
}

pub(crate) async fn join_store(store: RedisStore) -> Hub {
    Hub::join(released_admission(), store, Settings::default()).await.expect("it joins").0
}

pub(crate) async fn join(url: &str) -> Result<Hub, CatalogError> {
    let store = RedisStore::at(url).expect("is an address");
    Hub::join(released_admission(), store, Settings::default()).await.map(|(hub, _)| hub)
}

fn released_admission() -> Admission {
    Admission::from_json(&released(&small_catalog(), &[]), &[], Served::Released).expect("is released")
}

pub(crate) async fn nodes(url: &str, org: &str) -> Nodes {
    let (one, other) = (node(url, Settings::default()).await, node(url, Settings::default()).await);
    Nodes { one, other, org: org.to_owned() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_on_redis_conform() {
    let Some(redis) = Redis::start(&[]) else { return };
    conforms(&nodes(&redis.url(), "acme").await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_payload_of_each_kind_is_sent_by_a_node_that_never_heard_of_it() {
    let Some(redis) = Redis::start(&[]) else { return };
    let mut catalog = small_catalog();
    catalog["events"]["to.org"]["retain"] = json!({ "latest_by": ["text"] });
    let start = async || {
        let text = released(&catalog, &[]);
        let admission = Admission::from_json(&text, &[], Served::Released).expect("is released");
        let store = RedisStore::at(&redis.url()).expect("is an address");
        let settings = Settings { retention: Retention { retained: 2, ..Retention::default() }, ..Settings::default() };
        Hub::join(admission, store, settings).await.expect("it joins").0
    };
    let one = start().await;
    for text in ["a", "b", "a", "c"] {
        publish_to_org(&one, "acme", text).await;
    }
    let other = start().await;
    let mut listener = Heard::open(&other, org_events(&other, "acme"), None).await;
    let last = publish_to_org(&one, "acme", "d").await;
    let heard = [listener.next_own().await, listener.next_own().await, listener.next_own().await];
    assert_eq!(texts(&heard), ["a", "c", "d"], "of three kinds the two that came last, then what is new");
    assert_eq!(heard[2].id, last.id);
    assert_eq!(redis.say(&["hlen", "growset:{o:acme}:retained"]), "2", "no more are kept than may be");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_old_goes_while_events_come() {
    let Some(redis) = Redis::start(&[]) else { return };
    let events = "growset:{o:acme}:events";
    // As of 1970.
    redis.say(&["xadd", events, "0-1", "", r#"....{"at":1,"renderings":[]}"#]);
    let hub = node(&redis.url(), Settings::default()).await;
    for text in 0..63 {
        publish_to_org(&hub, "acme", &text.to_string()).await;
    }
    assert_eq!(redis.say(&["xlen", events]), "64");
    publish_to_org(&hub, "acme", "one more").await;
    assert_eq!(redis.say(&["xlen", events]), "64");
    assert!(redis.say(&["xrange", events, "-", "+", "count", "1"]).starts_with("1-"), "the first that was published");
}
