//! `growset serve --store`: several nodes over one Redis, as an operator starts and loses them.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use crate::redis_process::Redis;
use crate::serve::serve;
use crate::workplace::{growset_in, repository};

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
