//! `growset serve --store`: several nodes over one Redis, as an operator starts and loses them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::redis_process::Redis;
use crate::serve::{growset, serve, serve_by};
use crate::workplace::{growset_in, repository};

/// Longer than this nothing takes, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(60);

const RELEASED: &str = r#"{"event":"escrow.released","data":{"orderId":"ord_1","milestoneId":"mil_1","amount":5}}"#;

#[test]
fn what_one_node_takes_a_listener_of_the_other_hears_and_resumes() {
    let Some(redis) = Redis::start(&[]) else { return };
    let [one, other] = [(); 2].map(|()| serve(&["--dev", "--store", &redis.url()]));
    let stream = TcpStream::connect(&other.address).expect("it listens");
    (&stream).write_all(b"GET /events?events=escrow.released HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("it reads");
    let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
    assert!(lines.any(|line| line == "event: growset.connected"));
    let answer = one.ask("POST", "/publish", RELEASED);
    let id =
        answer.split_once("\"id\":\"").and_then(|(_, rest)| rest.split_once('"')).expect("it has an id").0.to_owned();
    assert!(lines.any(|line| line == format!("id: {id}")), "the other node's listener hears it");
    assert!(lines.next().is_some_and(|line| line == "event: escrow.released"));
    assert_eq!(one.terminate().0, Some(0));
    other.ask("POST", "/publish", RELEASED);
    let third = serve(&["--dev", "--store", &redis.url()]);
    let answer = third.ask("GET", &format!("/poll?after={id}&events=escrow.released"), "");
    assert!(answer.contains(r#""resume":"exact""#) && answer.contains(r#""orderId":"ord_1""#), "{answer}");
}

#[test]
fn a_store_that_is_none_is_refused_with_the_way_out() {
    for (arguments, expected) in [
        (&["--store", "http://localhost"][..], "--store: http:// is no scheme of a Redis; write redis://"),
        (&["--store", "redis://127.0.0.1:1"], "Redis cannot be reached"),
        (&["--store", "redis-cluster://127.0.0.1:1", "--ack", "replicated=1"], "a cluster cannot be asked to wait"),
        (&["--ack", "replicated=1"], "--ack replicated=… waits for replicas of a --store"),
        (&["--ack", "soon"], "write stored, or replicated=1"),
        (&["--store", "redis://127.0.0.1:1", "--data", "."], "cannot be used with"),
    ] {
        let all = [&["serve", "--dev", "--address", "127.0.0.1:0"], arguments].concat();
        let refused = growset_in(&repository(), &all);
        assert!(refused.code == 1 && refused.err.contains(expected), "{arguments:?}: {}", refused.err);
    }
}

/// What was wrong or well again, in order, by what the node was at.
type States = BTreeMap<String, Vec<String>>;

#[test]
fn each_state_of_redis_is_logged_once_and_publishers_are_told_when_to_come_back() {
    let options = ["--appendonly", "yes", "--appendfsync", "always"];
    let Some(mut redis) = Redis::start(&options) else { return };
    let log = tempfile::NamedTempFile::new().expect("there is room");
    let store = redis.url();
    let mut command = growset(&[
        "serve",
        "--address",
        "127.0.0.1:0",
        "--drain",
        "1",
        "--dev",
        "--store",
        &store,
        "--log-format",
        "json",
    ]);
    command.stderr(log.reopen().expect("it is there"));
    let node = serve_by(command);
    let publish = || node.ask("POST", "/publish", RELEASED);
    assert!(publish().starts_with("HTTP/1.1 201"));
    let said = || {
        let text = std::fs::read_to_string(log.path()).expect("is text");
        // The last line may be under way.
        let (whole, _) = text.rsplit_once('\n').unwrap_or_default();
        let mut states = States::new();
        for line in whole.lines() {
            let line: Value = serde_json::from_str(line).expect("is JSON");
            let Some(what) = line["what"].as_str() else { continue };
            let state = match (line["level"].as_str(), line["trouble"].as_str()) {
                (Some("ERROR"), Some(trouble)) => trouble.split(':').next().unwrap_or_default().to_owned(),
                (Some("INFO"), None) => "well".to_owned(),
                other => unreachable!("{other:?}"),
            };
            states.entry(what.to_owned()).or_default().push(state);
        }
        states
    };
    let until = |is_so: &dyn Fn(&States) -> bool| {
        let began = Instant::now();
        while !is_so(&said()) {
            assert!(began.elapsed() < PATIENCE, "{:?}", said());
            std::thread::yield_now();
        }
    };
    redis.kill();
    for _ in 0..20 {
        let answer = publish();
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
    }
    let ill = ["connecting", "listening", "publishing"];
    until(&|said| ill.iter().all(|what| said.contains_key(*what)));
    redis.start_again(&options);
    let began = Instant::now();
    while !publish().starts_with("HTTP/1.1 201") {
        assert!(began.elapsed() < PATIENCE, "it recovers");
    }
    until(&|said| said.values().all(|states| states.last().is_some_and(|last| last == "well")));
    for (what, mut states) in said() {
        let all = states.len();
        assert_eq!(states.iter().filter(|state| *state == "well").count(), 1, "{what}: {states:?}");
        states.dedup();
        assert_eq!(states.len(), all, "{what}: {states:?}");
        // Gone, and perhaps one that starts.
        assert!(all <= 4, "{what}: {states:?}");
    }
}
