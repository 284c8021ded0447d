//! Tickets and limits of every store: what one node gives out, another takes, and what both let in is counted together.

use std::time::Instant;

use growset_server::Hub;
use growset_server::http::{Access, Keys, Limits, Origins};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::Nodes;
use crate::support::{PATIENCE, Server, Stream, answer, request};
use crate::trust::{SECRET, token};

/// Streams of one organisation, of one user, events a second.
const MOST: (u32, u32, u32) = (4, 2, 3);

/// A node that lets in few.
pub(crate) async fn strict_server(hub: &Hub) -> Server {
    let limits =
        Limits { streams_per_org: MOST.0, streams_per_user: MOST.1, publishes_per_second: MOST.2, ..Limits::default() };
    server_with(hub, limits).await
}

pub(crate) async fn server_with(hub: &Hub, limits: Limits) -> Server {
    let access = Access::Tokens(Keys::secret(SECRET).expect("is long enough"));
    Server::start(hub.clone(), access, Origins::default(), limits).await
}

pub(crate) fn with_token(method: &str, path: &str, [org, user]: [&str; 2], body: &str) -> Request<Full<Bytes>> {
    let token = token(|claims| {
        claims["org"] = json!(org);
        claims["sub"] = json!(user);
    });
    request(method, path, &[("authorization", &format!("Bearer {token}"))], body)
}

/// A stream with its first event, by which it is known to be there.
pub(crate) async fn begun(response: Response<Incoming>) -> Stream {
    let mut stream = Stream::of(response);
    assert_eq!(stream.next().await.map(|event| event.name).as_deref(), Some("growset.connected"));
    stream
}

pub(crate) async fn listen(server: &Server, whose: [&str; 2]) -> Result<Stream, Value> {
    let response = server.send(with_token("GET", "/events?events=to.org", whose, "")).await;
    if response.status() == StatusCode::OK {
        return Ok(begun(response).await);
    }
    let (status, problem) = answer(response).await;
    assert_eq!((status, &problem["rule"]), (429, &json!("too-many-streams")));
    Err(problem["detail"].clone())
}

/// Until a place is given back.
pub(crate) async fn listen_in_the_end(server: &Server, whose: [&str; 2]) -> Stream {
    let listening = async {
        loop {
            if let Ok(stream) = listen(server, whose).await {
                return stream;
            }
        }
    };
    timeout(PATIENCE, listening).await.expect("a place is given back")
}

/// A server that goes closes its hub, so whoever called keeps both.
pub(super) async fn shared(nodes: &Nodes) -> [Server; 2] {
    let (one, other) = (strict_server(&nodes.one).await, strict_server(&nodes.other).await);
    tickets(nodes, &one, &other).await;
    streams(nodes, &one, &other).await;
    publishes(nodes, &one, &other).await;
    [one, other]
}

pub(crate) async fn ticket(server: &Server, org: &str) -> String {
    let (status, told) = answer(server.send(with_token("POST", "/tickets", [org, "ada"], "")).await).await;
    assert_eq!(status, 201, "{told}");
    told["ticket"].as_str().expect("is given").to_owned()
}

async fn tickets(nodes: &Nodes, one: &Server, other: &Server) {
    let org = format!("{}-tickets", nodes.org);
    let path = format!("/events?events=to.org&ticket={}", ticket(one, &org).await);
    let mut first = begun(other.get(&path).await).await;
    let mut second = begun(one.get(&path).await).await;
    assert_eq!(first.next_own().await, None, "the newer stream closes the older, on another node");
    crate::support::publish_to_org(&nodes.one, &org, "1").await;
    assert_eq!(second.next_own().await.map(|event| event.name).as_deref(), Some("to.org"));
    // At the same moment: both are let in, and one is closed by the other.
    let org = format!("{}-race", nodes.org);
    let path = format!("/events?events=to.org&ticket={}", ticket(other, &org).await);
    let (here, there) = tokio::join!(one.get(&path), other.get(&path));
    let (mut here, mut there) = (Stream::of(here), Stream::of(there));
    let closed = async |stream: &mut Stream| while stream.next().await.is_some() {};
    let here_is_closed = tokio::select! {
        () = closed(&mut here) => true,
        () = closed(&mut there) => false,
    };
    crate::support::publish_to_org(&nodes.one, &org, "2").await;
    let left = if here_is_closed { &mut there } else { &mut here };
    assert_eq!(left.next_own().await.map(|event| event.name).as_deref(), Some("to.org"), "the other goes on");
    let forged = format!("{}{}", "0".repeat(64), &path[path.len() - 2 * org.len()..]);
    for path in [format!("/events?ticket={forged}"), "/poll?ticket=0123".to_owned()] {
        assert_eq!(one.get(&path).await.status(), 401, "{path}");
    }
}

async fn streams(nodes: &Nodes, one: &Server, other: &Server) {
    let org = format!("{}-crowd", nodes.org);
    let listen = async |server: &Server, user: &str| listen(server, [&org, user]).await;
    let ada = [listen(one, "ada").await.expect("has room"), listen(other, "ada").await.expect("has room")];
    for server in [one, other] {
        let refused = listen(server, "ada").await.map(drop).expect_err("two are open");
        assert_eq!(refused, "the user has as many open streams as it may have");
    }
    // Of many that come at once, as many are let in as there are places.
    let users = ["b", "c", "d", "e", "f", "g"];
    let (here, there) = tokio::join!(
        async {
            let mut let_in = Vec::new();
            for user in users {
                let_in.extend(listen(one, user).await);
            }
            let_in
        },
        async {
            let mut let_in = Vec::new();
            for user in users {
                let_in.extend(listen(other, user).await);
            }
            let_in
        }
    );
    assert_eq!(here.len() + there.len(), 2, "four in all");
    let refused = listen(other, "z").await.map(drop).expect_err("four are open");
    assert_eq!(refused, "the organisation has as many open streams as it may have");
    drop(ada);
    let _ada = [listen_in_the_end(other, [&org, "ada"]).await, listen_in_the_end(other, [&org, "ada"]).await];
}

/// Three a second, whoever is asked.
async fn publishes(nodes: &Nodes, one: &Server, other: &Server) {
    let org = format!("{}-rate", nodes.org);
    let event = json!({ "event": "to.org", "org": org, "data": { "text": "x" } });
    let publish = async |server: &Server| {
        let response = server.send(with_token("POST", "/publish", [&org, "ada"], &event.to_string())).await;
        response.status().as_u16()
    };
    let (began, mut taken, mut refused) = (Instant::now(), 0, 0);
    while refused < 2 || taken < 6 {
        for server in [one, other] {
            match publish(server).await {
                201 => taken += 1,
                429 => refused += 1,
                status => unreachable!("{status}"),
            }
        }
        // The first and the last second were begun and not ended.
        let seconds = began.elapsed().as_secs() + 2;
        assert!(taken <= seconds * u64::from(MOST.2), "{taken} in {seconds} seconds");
        assert!(began.elapsed() < PATIENCE, "{taken} taken, {refused} refused");
    }
}
