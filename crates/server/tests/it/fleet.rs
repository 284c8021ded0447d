//! Several nodes, one of which is always being killed: nothing is lost, comes twice or out of order.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use growset_server::http::{Access, Keys, Limits, Origins};
use growset_server::{Retention, Settings};
use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::redis::{Redis, node};
use crate::support::{PATIENCE, Server, Stream, answer, figure, request, sized, try_send};
use crate::trust::{SECRET, token};

const STORE: &str = "GROWSET_TEST_FLEET_STORE";

const ORGS: [&str; 4] = ["acme", "globex", "initech", "umbrella"];

/// Serves until it is killed. Only does so when it is started by the test below.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_going_to_be_killed() {
    let Ok(store) = std::env::var(STORE) else {
        return;
    };
    let retention = Retention { count: 20_000, bytes: 64 << 20, ..Retention::default() };
    let hub = node(&store, Settings { retention, ..Settings::default() }).await;
    let access = Access::Tokens(Keys::secret(SECRET).expect("is long enough"));
    let server = Server::start(hub, access, Origins::default(), Limits::default()).await;
    std::io::stdout().write_all(format!("AT {}\n", server.address).as_bytes()).expect("the test reads");
    std::future::pending::<()>().await;
}

pub(crate) struct Node {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Node {
    pub(crate) fn start(store: &str) -> Self {
        Self::start_with(store, &[])
    }

    pub(crate) fn start_with(store: &str, environment: &[(&str, &str)]) -> Self {
        let this = std::env::current_exe().expect("it runs");
        let mut process = Command::new(this)
            .args(["--exact", "fleet::a_node_that_is_going_to_be_killed", "--nocapture", "--test-threads=1"])
            .env(STORE, store)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let lines = BufReader::new(process.stdout.take().expect("is piped")).lines();
        let at = lines.map_while(Result::ok).find_map(|line| line.split_once("AT ").map(|(_, at)| at.to_owned()));
        Self { process, address: at.expect("it says where").parse().expect("is an address") }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where nodes are. Whoever is sent away by one goes to the next.
struct Fleet {
    addresses: Mutex<Vec<SocketAddr>>,
    turn: AtomicUsize,
}

impl Fleet {
    fn next(&self) -> SocketAddr {
        let addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        addresses[self.turn.fetch_add(1, Ordering::Relaxed) % addresses.len()]
    }

    fn moved(&self, at: usize, address: SocketAddr) {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner)[at] = address;
    }
}

fn bearer(org: &str) -> String {
    let token = token(|claims| {
        claims["org"] = json!(org);
        claims["publish"] = json!(["*"]);
    });
    format!("Bearer {token}")
}

fn with_token(method: &str, path: &str, org: &str, last_id: Option<&str>, body: &str) -> Request<Full<Bytes>> {
    let bearer = bearer(org);
    let mut headers = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
    headers.extend(last_id.map(|id| ("last-event-id", id)));
    request(method, path, &headers, body)
}

/// Publishes so many events, one after the other, each until it is taken.
async fn publish(fleet: Arc<Fleet>, org: &'static str, count: usize, done: Arc<AtomicUsize>) {
    for text in 0..count {
        let body = json!({
            "event": "to.org", "org": org, "data": { "text": text.to_string() }, "key": format!("{org}-{text}"),
        });
        loop {
            let sent = try_send(fleet.next(), with_token("POST", "/publish", org, None, &body.to_string())).await;
            let Some(response) = sent else { continue };
            match response.status().as_u16() {
                201 => break,
                503 => {} // It lost its Redis, which it does not here, or is starting.
                status => unreachable!("{status} {:?}", answer(response).await),
            }
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Hears so many events, from whichever node is there, and answers their ids.
async fn listen(fleet: Arc<Fleet>, org: &'static str, count: usize) -> (Vec<String>, usize) {
    let mut ids: Vec<String> = Vec::new();
    let (mut last_id, mut moves) = (None::<String>, 0);
    while ids.len() < count {
        let sent =
            try_send(fleet.next(), with_token("GET", "/events?events=to.org", org, last_id.as_deref(), "")).await;
        let Some(response) = sent.filter(|response| response.status() == 200) else { continue };
        moves += 1;
        let mut stream = Stream::of(response);
        while ids.len() < count
            && let Some(event) = stream.next().await
        {
            match event.name.as_str() {
                "growset.gap" => unreachable!("{org} at {last_id:?}: {}", event.data),
                "growset.connected" => {
                    let told: Value = serde_json::from_str(&event.data).expect("is JSON");
                    let expected = if last_id.is_some() { "exact" } else { "new" };
                    assert_eq!(told["resume"], expected, "{org} at {last_id:?}");
                    // Whoever is sent away before the first event comes back to where it began.
                    last_id = Some(event.id);
                }
                "growset.ping" => last_id = Some(event.id),
                _ => {
                    let data: Value = serde_json::from_str(&event.data).expect("is JSON");
                    assert_eq!(data["text"], ids.len().to_string(), "{org}: the next one, once");
                    last_id = Some(event.id.clone());
                    ids.push(event.id);
                }
            }
        }
    }
    (ids, moves)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_are_killed_and_nothing_is_lost_twice_or_out_of_order() {
    let Some(redis) = Redis::start(&[]) else { return };
    let each = sized(250, 2500);
    let kills = sized(3, 12);
    let mut nodes: Vec<Node> = (0..3).map(|_| Node::start(&redis.url())).collect();
    let addresses = Mutex::new(nodes.iter().map(|node| node.address).collect());
    let fleet = Arc::new(Fleet { addresses, turn: AtomicUsize::new(0) });
    let listeners: Vec<_> =
        ORGS.iter().chain(&ORGS).map(|org| tokio::spawn(listen(fleet.clone(), org, each))).collect();
    // Everyone is there before the first event, so that all of them count from zero.
    let waiting = async {
        let listening = |count: &str| count.parse().unwrap_or(0);
        loop {
            let mut open = 0;
            for node in &nodes {
                let response = try_send(node.address, request("GET", "/metrics", &[], "")).await.expect("it is there");
                let text = crate::support::text_of(response).await;
                let line = text.lines().find_map(|line| line.strip_prefix("growset_listeners "));
                open += line.map_or(0, listening);
            }
            if open == listeners.len() {
                return;
            }
        }
    };
    timeout(PATIENCE, waiting).await.expect("they come");
    let done = Arc::new(AtomicUsize::new(0));
    let publishers: Vec<_> =
        ORGS.iter().map(|org| tokio::spawn(publish(fleet.clone(), org, each, done.clone()))).collect();
    for kill in 0..kills {
        let enough = (kill + 1) * each * ORGS.len() / (kills + 1);
        while done.load(Ordering::Relaxed) < enough {
            tokio::task::yield_now().await;
        }
        let at = kill % nodes.len();
        let node = Node::start(&redis.url());
        fleet.moved(at, node.address);
        // Kills what was there.
        nodes[at] = node;
    }
    for publisher in publishers {
        timeout(PATIENCE * 6, publisher).await.expect("it ends").expect("everything is taken");
    }
    let mut moves = 0;
    let mut by_org: std::collections::BTreeMap<&str, Vec<Vec<String>>> = Default::default();
    for (listener, org) in listeners.into_iter().zip(ORGS.iter().chain(&ORGS)) {
        let (ids, moved) = timeout(PATIENCE * 3, listener).await.expect("it ends").expect("hears everything");
        moves += moved;
        by_org.entry(org).or_default().push(ids);
    }
    for (org, heard) in by_org {
        assert_eq!(heard[0], heard[1], "{org}: the same ids in the same order on every node");
    }
    let events = each * ORGS.len();
    figure(&format!(
        "3 nodes, {kills} killed: {events} events to 8 listeners that came {moves} times, all once and in order"
    ));
}
