//! `growset tap` and `growset emit` beside real and scripted streams.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::scripted::{Answer, server};
use crate::serve::{growset, serve};
use crate::workplace::{Workplace, growset_in, repository};

const HEAD: &str = "http/1.1 200 ok\r\ncontent-type: text/event-stream\r\n\r\n";

/// A stream of a server that is none of ours: written by hand, with every mistake.
const MISTAKES: &str = r#"
: hello

event: order.status.changed
id: 1
data: {"orderId":"ord_1","from":"paid","to":"in_transit"}

event: order.status.changed
data: {"orderId":"ord_1","from":"paid","to":"beamed_up","colour":"red"}

event: order.status.changed
data: {"orderId":7,"from":"paid"}

event: order.status.changed
data: oops

event: order.gone
data: {}

data: {"type":"notification"}

"#;

fn mistakes() -> String {
    server(|_| Answer::closed(format!("{HEAD}{MISTAKES}").replace("http/1.1", "HTTP/1.1")))
}

fn lines(out: &str) -> Vec<Value> {
    out.lines().filter(|line| line.starts_with('{')).map(|line| serde_json::from_str(line).expect("is JSON")).collect()
}

#[test]
fn each_event_is_held_against_the_catalog() {
    let url = format!("http://{}/events", mistakes());
    let answer = growset_in(&repository(), &["tap", &url, "--once", "--format", "json"]);
    assert_eq!(answer.code, 100, "{}{}", answer.out, answer.err);
    let lines = lines(&answer.out);
    let verdicts: Vec<&str> = lines.iter().filter_map(|line| line["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["fits", "undeclared", "violation", "violation", "unknown", "unknown"]);
    let pointers = |line: &Value| -> Vec<String> {
        let problems = line["problems"].as_array().into_iter().flatten();
        problems.map(|problem| problem["pointer"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(pointers(&lines[1]), ["/to", "/colour"], "{}", lines[1]);
    assert_eq!(pointers(&lines[2]), ["", "/orderId"], "{}", lines[2]);
    let summary = &lines[6]["summary"];
    assert_eq!(summary["names"]["order.status.changed"], 4);
    assert_eq!(summary["unknown"], serde_json::json!(["message", "order.gone"]));
    assert_eq!((&summary["events"], &summary["comments"]), (&6.into(), &1.into()));
}

#[test]
fn the_summary_is_for_people_too() {
    let url = format!("http://{}/events", mistakes());
    let answer = growset_in(&repository(), &["tap", &url, "--once"]);
    for part in [
        "violation: the catalog has no event of this name",
        "\n6 events on 1 connections\n",
        "order.gone                              1  not in the catalog\n",
        "violations:\n",
        "undeclared:\n",
        "  1 × order.status.changed: /colour: ",
    ] {
        assert!(answer.out.contains(part), "{part:?} in {}", answer.out);
    }
}

#[test]
fn without_a_catalog_names_are_counted_and_nothing_is_judged() {
    let nowhere = Workplace::new();
    let url = format!("http://{}/events", mistakes());
    let answer = nowhere.growset(&["tap", &url, "--once"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    assert!(answer.err.contains("name one by --catalog"), "{}", answer.err);
    assert_eq!(nowhere.growset(&["tap", &url, "--once", "--catalog", "missing.json"]).code, 1);
}

#[test]
fn what_is_no_stream_is_said_and_not_followed() {
    let address = server(|_| Answer::closed("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<p>"));
    let answer = growset_in(&repository(), &["tap", &format!("http://{address}/events")]);
    assert_eq!(answer.code, 100, "{}", answer.err);
    assert!(answer.out.contains(r#"refused: 200 OK "text/html", which is no event stream"#), "{}", answer.out);
    let nobody = growset_in(&repository(), &["tap", "http://127.0.0.1:1/events"]);
    assert!(nobody.code == 1 && nobody.err.contains("cannot connect to 127.0.0.1:1"), "{}", nobody.err);
}

#[test]
fn a_broken_connection_is_taken_up_again_with_the_last_id() {
    let address = server(|head| {
        let head = head.lines().any(|line| line == "last-event-id: 7");
        let id = if head { 8 } else { 7 };
        Answer::closed(format!("{HEAD}retry: 1\nid: {id}\ndata: 1\n\n").replace("http/1.1", "HTTP/1.1"))
    });
    let nowhere = Workplace::new();
    let answer = nowhere.growset(&["tap", &format!("http://{address}/"), "--count", "2", "--format", "json"]);
    let ids: Vec<String> = lines(&answer.out).iter().filter_map(|line| Some(line["id"].as_str()?.to_owned())).collect();
    assert_eq!(ids, ["7", "8"]);
}

/// Follows a server in the background, from its first word on.
fn tap(arguments: &[&str]) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut all = vec!["tap", "--format", "json"];
    all.extend(arguments);
    let mut tap = growset(&all).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the command was built");
    let mut out = BufReader::new(tap.stdout.take().expect("is piped"));
    let mut first = String::new();
    out.read_line(&mut first).expect("is text");
    assert!(first.contains("growset.connected") && first.contains("latencyMs"), "{first}");
    (tap, out)
}

#[test]
fn the_examples_that_are_emitted_arrive_and_fit() {
    let served = serve(&["--dev"]);
    let url = format!("http://{}/events?channel=demo", served.address);
    let wanted = ["--event", "order.created", "--event", "dashboard.changed", "--count", "5", "--rate", "1000"];
    let (mut tap, mut out) = tap(&[&url, "--count", "5"]);
    let mut emit = vec!["emit"];
    let server = format!("http://{}", served.address);
    emit.push(&server);
    emit.extend(wanted);
    let answer = growset_in(&repository(), &emit);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    assert!(answer.out.ends_with("5 taken, 0 refused\n"), "{}", answer.out);
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("is text");
    assert_eq!(tap.wait().expect("it ends").code(), Some(0));
    let lines = lines(&rest);
    assert!(lines[..5].iter().all(|line| line["verdict"] == "fits"), "{rest}");
    assert_eq!(lines[5]["summary"]["latencyMs"]["stamps"], 1);
}

#[cfg(unix)]
#[test]
fn ctrl_c_prints_the_summary() {
    let served = serve(&["--dev"]);
    let (mut tap, mut out) = tap(&[&format!("http://{}/events", served.address)]);
    let killed = Command::new("kill").args(["-INT", &tap.id().to_string()]).status().expect("there is a kill");
    assert!(killed.success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("is text");
    assert_eq!(tap.wait().expect("it ends").code(), Some(0));
    assert_eq!(lines(&rest)[0]["summary"]["connections"], 1);
}

/// Of `acme`, may do everything, until the year 2100; signed with [`SECRET`].
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJvcmciOiJhY21lIiwic3ViIjoiYWRhIiwibGlzdGVuIjpbIioiXSwicHVibGlzaCI6WyIqIl0sImFkbWluIjpbIioiXSwiZXhwIjo0MTAyNDQ0ODAwfQ.-ABwS9xxqNlicsrKB6UTjDJzsCTM4tL_r9iCeGGuXR0";
const SECRET: &str = "growset-test-growset-test-growset-test";

#[test]
fn a_server_of_released_events_takes_every_example_and_says_who_it_lets_in() {
    let folder = tempfile::tempdir().expect("there is room");
    let keys = folder.path().join("keys");
    std::fs::write(&keys, SECRET).expect("there is room");
    let served = serve(&["--keys", &keys.display().to_string()]);
    let url = format!("http://{}", served.address);
    let emitted = growset_in(&repository(), &["emit", &url, "--org", "acme", "--token", TOKEN]);
    assert_eq!(emitted.code, 0, "{}{}", emitted.out, emitted.err);
    assert!(emitted.out.contains(" 0 refused, 1 of drafts"), "{}", emitted.out);
    let tapped = growset_in(&repository(), &["tap", &format!("{url}/events")]);
    assert!(tapped.code == 100 && tapped.out.contains("send a token by"), "{}", tapped.out);
}

#[test]
fn a_payload_that_is_refused_is_shown_with_the_servers_own_words() {
    let served = serve(&["--dev"]);
    let url = format!("http://{}", served.address);
    let workplace = Workplace::new();
    workplace.write("wrong.json", r#"{"orderId":"ord_1"}"#);
    let answer = workplace.growset(&["emit", &url, "--event", "order.created", "--data", "wrong.json"]);
    assert_eq!(answer.code, 100, "{}", answer.err);
    assert!(answer.out.contains("422") && answer.out.contains("is missing"), "{}", answer.out);
    let unknown = workplace.growset(&["emit", &url, "--event", "order.creatd"]);
    assert!(unknown.code == 1 && unknown.err.contains("no event `order.creatd`"), "{}", unknown.err);
}
