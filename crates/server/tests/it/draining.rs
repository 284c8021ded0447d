//! A server that leaves: everyone is told, nothing answered is lost, everyone resumes exactly.

use growset_server::Settings;
use growset_server::http::{Access, Drained, Limits, Origins};
use serde_json::{Value, json};

use crate::support::{Server, Stream, figure, folder, log_hub, publish_to_org, sized, texts};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everyone_is_told_goodbye_and_resumes_exactly_at_the_next_start() {
    let streams_open = sized(500, 5000);
    let (_guard, path) = folder();
    let limits = Limits { streams_per_user: 10_000, ..Limits::default() };
    let hub = log_hub(&path, Settings::default());
    let mut server = Server::start(hub, Access::Dev, Origins::default(), limits).await;
    let mut streams = Vec::new();
    for _ in 0..streams_open {
        streams.push(Stream::of(server.get("/events?events=to.org").await));
    }
    assert_eq!(server.hub.listeners(), streams_open as u64);
    let mut answered = Vec::new();
    for index in 0..20 {
        answered.push(publish_to_org(&server.hub, "demo", &index.to_string()).await.id);
    }
    let asked = std::time::Instant::now();
    server.leave();
    let mut retries = Vec::new();
    let mut last_ids = Vec::new();
    for stream in &mut streams {
        let mut last = None;
        while let Some(event) = stream.next().await {
            last = Some(event);
        }
        let bye = last.expect("it is told");
        assert_eq!(bye.name, "growset.bye");
        let told: Value = serde_json::from_str(&bye.data).expect("data is JSON");
        retries.push(told["retryMs"].as_u64().expect("is a number"));
        last_ids.push(bye.id);
    }
    assert_eq!(server.left().await, Drained::InTime);
    let left_after = asked.elapsed();
    assert!(retries.iter().all(|retry| *retry < 5000));
    let early = retries.iter().filter(|retry| **retry < 2500).count();
    let half = streams_open / 4..streams_open * 3 / 4;
    assert!(half.contains(&early), "{early} of {streams_open} come back in the first half");

    let server = Server::dev(log_hub(&path, Settings::default())).await;
    publish_to_org(&server.hub, "demo", "after").await;
    let all: Vec<String> = answered.iter().chain(&last_ids).cloned().collect();
    for id in &all {
        let mut back = Stream::of(server.get(&format!("/events?events=to.org&lastEventId={id}")).await);
        let connected = back.next().await.expect("it is told");
        assert!(connected.data.contains(r#""resume":"exact""#), "{}", connected.data);
        let missed = answered.iter().skip_while(|answered| *answered != id).skip(1).count();
        let mut heard = Vec::new();
        loop {
            heard.push(back.next().await.expect("it is replayed"));
            if heard.last().is_some_and(|event| texts(std::slice::from_ref(event)) == ["after"]) {
                break;
            }
        }
        if answered.contains(id) {
            assert_eq!(heard.len(), missed + 1);
        } else {
            assert!(heard.len() <= answered.len() + 1);
        }
    }
    server.hub.close().await;
    let (resumed, seconds) = (all.len(), left_after.as_secs_f64());
    figure(&format!("{streams_open} streams told goodbye and gone after {seconds:.2} s; {resumed} resumed exactly"));
}

#[tokio::test]
async fn a_connection_that_was_idle_does_not_hold_the_server_up() {
    let mut server = Server::dev(crate::support::memory_hub(crate::support::admission(), Settings::default())).await;
    let idle = tokio::net::TcpStream::connect(server.address).await.expect("the server listens");
    assert_eq!(server.get("/readyz").await.status(), 200);
    server.publish(&json!({})).await;
    server.leave();
    assert_eq!(server.left().await, Drained::InTime);
    drop(idle);
}
