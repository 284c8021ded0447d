//! A server that leaves: everyone is told, nothing answered is lost, everyone resumes exactly.

use std::time::Duration;

use growset_server::Settings;
use growset_server::http::{Access, App, Drained, Limits, Origins};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower_service::Service;

use crate::support::{
    Server, Stream, figure, folder, log_hub, memory_hub, publish_to_org, sized, small_admission, texts,
};
use crate::whatwg::Parser;

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
    assert!(retries.iter().all(|retry| *retry < 10_000));
    let early = retries.iter().filter(|retry| **retry < 5000).count();
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
    let mut server = Server::dev(memory_hub(crate::support::admission(), Settings::default())).await;
    let idle = tokio::net::TcpStream::connect(server.address).await.expect("the server listens");
    assert_eq!(server.get("/readyz").await.status(), 200);
    server.publish(&json!({})).await;
    server.leave();
    assert_eq!(server.left().await, Drained::InTime);
    drop(idle);
}

/// In a time that passes by itself.
#[tokio::test(start_paused = true)]
async fn goodbyes_are_spread_over_the_window() {
    let hub = memory_hub(small_admission(), Settings::default());
    let mut router = App::new(hub.clone(), Access::Dev, Origins::default(), Limits::default()).router();
    let mut open = async || {
        let request = axum::extract::Request::get("/events").header("host", "localhost");
        let request = request.body(axum::body::Body::empty()).expect("is a request");
        router.call(request).await.expect("answers").into_body()
    };
    let mut streams = tokio::task::JoinSet::new();
    let began = tokio::time::Instant::now();
    let leave_after = |mut body: axum::body::Body| async move {
        let mut parser = Parser::default();
        let mut last = None;
        while let Some(Ok(frame)) = body.frame().await {
            last = parser.feed(&frame.into_data().unwrap_or_default()).pop().or(last);
        }
        let bye = last.expect("it is told");
        assert_eq!(bye.name, "growset.bye");
        let told: Value = serde_json::from_str(&bye.data).expect("data is JSON");
        (began.elapsed().as_secs(), told["retryMs"].as_u64().expect("is a number"))
    };
    for _ in 0..99 {
        streams.spawn(leave_after(open().await));
    }
    tokio::task::yield_now().await;
    hub.say_goodbye(Duration::from_secs(9));
    let late = open().await;
    let (late_after, late_retry) = leave_after(late).await;
    assert_eq!(late_after, 0, "whoever comes while the server leaves is told at once");
    assert!((9000..=18_000).contains(&late_retry), "and comes back when it is gone, not after {late_retry} ms");
    let told = streams.join_all().await;
    for third in 0..3 {
        let leave = told.iter().filter(|(after, _)| after / 3 == third).count();
        let return_then = told.iter().filter(|(_, retry)| retry / 3000 == third).count();
        // Chance alone gives a third less than ten once in some ten million runs.
        assert!(leave >= 10 && return_then >= 10, "{leave} and {return_then} of 99 in third {third}");
    }
}

#[tokio::test]
async fn while_streams_leave_the_balancer_is_told_and_requests_are_answered() {
    let mut server = Server::dev(memory_hub(small_admission(), Settings::default())).await;
    let mut streams = Vec::new();
    for _ in 0..50 {
        streams.push(Stream::of(server.get("/events").await));
    }
    server.leave();
    // It is asked until it says so: the server may not have heard yet.
    while server.get("/readyz").await.status() != 503 {}
    let published = json!({ "event": "to.org", "data": { "text": "late" } });
    assert_eq!(server.publish(&published).await.0, 201);
    let mut heard = 0;
    for stream in &mut streams {
        while let Some(event) = stream.next().await {
            heard += usize::from(event.name == "to.org");
        }
    }
    assert!(heard > 0, "some streams went on");
    assert_eq!(server.left().await, Drained::InTime);
}

#[tokio::test]
async fn half_a_request_does_not_hold_the_server_up() {
    let mut server = Server::dev(memory_hub(small_admission(), Settings::default())).await;
    let mut half = tokio::net::TcpStream::connect(server.address).await.expect("the server listens");
    half.write_all(b"GET /readyz HTTP/1.1\r\nhost: loc").await.expect("it is there");
    let mut second = tokio::net::TcpStream::connect(server.address).await.expect("the server listens");
    second.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.expect("it is there");
    let mut answer = [0; 12];
    second.read_exact(&mut answer).await.expect("it answers");
    second.write_all(b"GET /readyz HTTP/1.1\r\nhost: loc").await.expect("it is there");
    server.leave();
    assert_eq!(server.left().await, Drained::InTime);
}
