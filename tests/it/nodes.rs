//! `growset serve --store`: several nodes over one Redis, as an operator starts and loses them.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::serve::serve;
use crate::workplace::{growset_in, repository};

const RELEASED: &str = r#"{"event":"escrow.released","data":{"orderId":"ord_1","milestoneId":"mil_1","amount":5}}"#;

pub(crate) struct Redis {
    process: Child,
    pub(crate) url: String,
}

/// Nothing where Redis is not installed; `cargo xtask test` installs it where it may, and says so where it may not.
pub(crate) fn redis() -> Option<Redis> {
    let program = PathBuf::from("/usr/bin/redis-server");
    if !program.is_file() {
        assert!(std::env::var_os("CI").is_none(), "no redis-server; `apt-get install redis-server`");
        return None;
    }
    for _ in 0..5 {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("has ports").port();
        if let Some(process) = run(&program, port) {
            return Some(Redis { process, url: format!("redis://127.0.0.1:{port}") });
        }
    }
    unreachable!("a port stays free");
}

fn run(program: &Path, port: u16) -> Option<Child> {
    let mut command = Command::new(program);
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""]).stdout(Stdio::piped());
    let mut process = command.spawn().expect("it starts");
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
        // What it has is nobody's.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn what_one_node_takes_a_listener_of_the_other_hears_and_resumes() {
    let Some(redis) = redis() else { return };
    let [one, other] = [(); 2].map(|()| serve(&["--dev", "--store", &redis.url]));
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
    let third = serve(&["--dev", "--store", &redis.url]);
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
