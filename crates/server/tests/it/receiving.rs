//! Bodies that are too long, too slow, broken, or of nobody; methods that are none.

use std::time::Duration;

use growset_server::Settings;
use growset_server::http::{Access, Keys, Limits, Origins};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{PATIENCE, Server, answer, memory_hub, request, small_admission};
use crate::trust::{SECRET, token};

async fn server(limits: Limits) -> Server {
    let access = Access::Tokens(Keys::secret(SECRET).expect("is long enough"));
    let hub = memory_hub(small_admission(), Settings::default());
    Server::start(hub, access, Origins::default(), limits).await
}

/// What is answered to these bytes, after which nothing more comes: the status, and whether it is a problem document.
async fn answered(server: &Server, bytes: &str) -> (String, Value) {
    let mut stream = TcpStream::connect(server.address).await.expect("it listens");
    stream.write_all(bytes.as_bytes()).await.expect("it reads");
    let mut text = Vec::new();
    let mut part = [0; 4096];
    while !String::from_utf8_lossy(&text).contains("}") {
        let length = tokio::time::timeout(PATIENCE, stream.read(&mut part)).await.expect("it answers");
        let length = length.expect("it answers");
        assert!(length > 0, "it hung up after {:?}", String::from_utf8_lossy(&text));
        text.extend_from_slice(&part[..length]);
    }
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(text.contains("content-type: application/problem+json"), "{text}");
    let (head, body) = text.split_once("\r\n\r\n").expect("it is whole");
    (head[9..12].to_owned(), serde_json::from_str(body).expect("is JSON"))
}

#[tokio::test]
async fn every_body_that_is_not_taken_is_answered_by_a_problem_document() {
    let limits = Limits { body_bytes: 100, body_timeout: Duration::from_millis(50), ..Limits::default() };
    let server = server(limits).await;
    let head = format!("HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n", token(|_| {}));
    let chunked = "transfer-encoding: chunked\r\n\r\n";
    let long = format!("{chunked}c8\r\n{}\r\n0\r\n\r\n", "x".repeat(200));
    for path in ["/publish", "/events"] {
        for (rest, status, rule) in [
            ("content-length: 101\r\n\r\n", "413", "body-too-large"),
            (long.as_str(), "413", "body-too-large"),
            (&format!("{chunked}zz\r\n"), "400", "malformed-request"),
            ("content-length: 10\r\n\r\n{", "408", "body-too-slow"),
        ] {
            let (found, told) = answered(&server, &format!("POST {path} {head}{rest}")).await;
            assert_eq!((found.as_str(), &told["rule"]), (status, &json!(rule)), "{path} {rest:.60}");
        }
    }
}

#[tokio::test]
async fn nobody_is_told_so_before_a_body_comes() {
    let server = server(Limits::default()).await;
    for (method, path) in [("POST", "/publish"), ("POST", "/events"), ("PUT", "/catalog")] {
        let asked = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n");
        let (status, told) = answered(&server, &asked).await;
        assert_eq!((status.as_str(), &told["rule"]), ("401", &json!("unauthorised")), "{path}");
    }
}

#[tokio::test]
async fn another_method_is_told_which_there_are() {
    let server = server(Limits::default()).await;
    let response = server.send(request("DELETE", "/publish", &[], "")).await;
    assert_eq!(response.headers().get("allow").and_then(|value| value.to_str().ok()), Some("POST"));
    let (status, told) = answer(response).await;
    assert_eq!((status, &told["rule"]), (405, &json!("method-not-allowed")));
}

#[tokio::test]
async fn a_subscription_that_is_no_object_is_told_what_it_has_to_be() {
    let server = server(Limits::default()).await;
    let bearer = format!("Bearer {}", token(|_| {}));
    for body in ["[]", "7", "", "[[\"to.org\"],[],null,null,null,null,null]"] {
        let (status, told) =
            answer(server.send(request("POST", "/events", &[("authorization", &bearer)], body)).await).await;
        assert_eq!((status, &told["rule"]), (400, &json!("malformed-request")), "{body}");
        assert!(told["detail"].as_str().is_some_and(|detail| detail.contains("an object with `events`")), "{told}");
    }
}
