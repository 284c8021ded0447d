//! Tokens, tickets and origins: who is let in, and to what.

use growset_server::Settings;
use growset_server::http::{Access, App, Keys, Limits, Origins};
use http_body_util::BodyExt;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tower_service::Service;

use crate::support::{Server, Stream, answer, memory_hub, request, small_admission};

pub(crate) const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
const APP: &str = "https://app.example.com";

fn now() -> u64 {
    jsonwebtoken::get_current_timestamp()
}

fn signed(claims: &Value, secret: &[u8]) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(secret)).expect("is signed")
}

pub(crate) fn token(change: impl FnOnce(&mut Value)) -> String {
    let mut claims = json!({
        "org": "acme", "sub": "ada", "listen": ["to.*"], "publish": ["to.org"], "channels": ["red.*"], "exp": now() + 600,
    });
    change(&mut claims);
    signed(&claims, SECRET)
}

async fn server() -> Server {
    let hub = memory_hub(small_admission(), Settings { ping_ms: 50, ..Settings::default() });
    let access = Access::Tokens(Keys::secret(SECRET).expect("is long enough"));
    let origins = Origins::new(vec![APP.to_owned()]).expect("is an origin");
    Server::start(hub, access, origins, Limits::default()).await
}

async fn status(server: &Server, path: &str, token: &str) -> u16 {
    let bearer = format!("Bearer {token}");
    server.send(request("GET", path, &[("authorization", &bearer)], "")).await.status().as_u16()
}

#[tokio::test]
async fn only_a_valid_token_opens_a_stream() {
    let server = server().await;
    assert_eq!(server.get("/events").await.status(), 401);
    assert_eq!(status(&server, "/events", &token(|_| {})).await, 200);
    let cookie = format!("theme=dark; growset={}", token(|_| {}));
    assert_eq!(server.send(request("GET", "/events", &[("cookie", &cookie)], "")).await.status(), 200);
    let unsigned = {
        let mut parts: Vec<String> = token(|_| {}).split('.').map(str::to_owned).collect();
        parts[0] = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0".to_owned();
        parts[2].clear();
        parts.join(".")
    };
    let refused = [
        token(|claims| claims["exp"] = json!(now() - 1)),
        token(|claims| drop(claims.as_object_mut().map(|claims| claims.remove("exp")))),
        token(|claims| claims["org"] = json!("a\nb")),
        token(|claims| claims["org"] = json!("")),
        signed(&json!({ "org": "acme", "exp": now() + 600 }), b"another secret of 32 bytes at least!"),
        unsigned,
        "x".repeat(5000),
    ];
    for token in refused {
        assert_eq!(status(&server, "/events", &token).await, 401, "{token:.60}");
    }
    assert!(Keys::secret(b"short").is_err());
}

#[tokio::test]
async fn whoever_is_not_let_in_is_told_why_and_nothing_of_the_token() {
    let server = server().await;
    let set = |name: &'static str, value: Value| token(move |claims| claims[name] = value);
    let without = |name: &str| token(|claims| drop(claims.as_object_mut().map(|claims| claims.remove(name))));
    let other_algorithm = {
        let key = EncodingKey::from_secret(SECRET);
        encode(&Header::new(Algorithm::HS512), &json!({ "org": "acme", "exp": now() + 600 }), &key).expect("is signed")
    };
    let table = [
        (set("exp", json!(now() - 1)), "has expired"),
        (without("exp"), "claim `exp`"),
        (set("exp", json!("tomorrow-marker")), "claim `exp`"),
        (set("nbf", json!(now() + 600)), "claim `nbf`"),
        (without("org"), "claim `org`"),
        (set("org", json!("marker\n")), "claim `org`"),
        (set("sub", json!(["marker"])), "`sub`"),
        (set("sub", json!("marker\n")), "claim `sub`"),
        (set("listen", json!("marker")), "claim `listen`"),
        (set("publish", json!({ "marker": 1 })), "claim `publish`"),
        (set("channels", json!([1])), "claim `channels`"),
        (set("admin", json!("marker")), "claim `admin`"),
        (signed(&json!({ "org": "marker" }), b"another secret of 32 bytes at least!"), "another key"),
        (other_algorithm, "algorithm"),
        ("marker.marker".to_owned(), "no JWT"),
    ];
    for (token, reason) in table {
        let bearer = format!("Bearer {token}");
        let refused = server.send(request("GET", "/poll", &[("authorization", &bearer)], "")).await;
        let challenge = refused.headers().get("www-authenticate").and_then(|value| value.to_str().ok());
        let challenge = challenge.expect("is told").to_owned();
        let (status, told) = answer(refused).await;
        assert_eq!((status, &told["rule"]), (401, &json!("unauthorised")), "{reason}");
        let detail = told["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(reason), "{reason}: {detail}");
        assert_eq!(challenge, format!("Bearer error=\"invalid_token\", error_description=\"{detail}\""));
        assert!(!challenge.contains("marker"), "{challenge}");
    }
    let nobody = server.get("/poll").await;
    assert_eq!(nobody.headers().get("www-authenticate").and_then(|value| value.to_str().ok()), Some("Bearer"));
    let fraction = set("exp", json!(now() as f64 + 600.5));
    assert_eq!(status(&server, "/poll", &fraction).await, 200, "a time may have a fraction");
}

#[tokio::test]
async fn a_token_is_held_to_its_claims() {
    let server = server().await;
    let limited = token(|claims| claims["listen"] = json!(["to.org"]));
    for (path, expected) in [
        ("/events?events=to.org", 200),
        ("/events?events=to.user", 403),
        ("/events?events=to.*", 200),
        ("/events?channel=red.1", 200),
        ("/events?channel=blue", 403),
        ("/events?channel=red", 403),
        ("/poll?channel=blue", 403),
    ] {
        assert_eq!(status(&server, path, &limited).await, expected, "{path}");
    }
    let publish = async |token: String, body: Value| {
        let bearer = format!("Bearer {token}");
        let response = server.send(request("POST", "/publish", &[("authorization", &bearer)], &body.to_string())).await;
        answer(response).await.0
    };
    let event = |event: &str, org: &str| json!({ "event": event, "org": org, "data": { "text": "x" } });
    assert_eq!(publish(token(|_| {}), event("to.org", "acme")).await, 201);
    assert_eq!(publish(token(|_| {}), event("to.org", "globex")).await, 403);
    assert_eq!(publish(token(|_| {}), json!({ "event": "to.public", "data": { "text": "x" } })).await, 403);
    let bearer = format!("Bearer {}", token(|_| {}));
    let nowhere = json!({ "event": "to.org", "data": { "text": "x" } }).to_string();
    let forgotten = server.send(request("POST", "/publish", &[("authorization", &bearer)], &nowhere)).await;
    let (status, told) = answer(forgotten).await;
    assert_eq!((status, &told["rule"]), (422, &json!("wrong-recipient")));
    assert!(told["detail"].as_str().is_some_and(|detail| detail.contains("`org` is missing")), "{told}");
    let public = json!({ "event": "to.public", "data": { "text": "x" } });
    for (admin, to_other, to_everyone) in [
        (json!(true), 403, 403),
        (json!(["globex", "initech"]), 201, 403),
        (json!(["*"]), 201, 201),
        (json!([]), 403, 403),
    ] {
        let token = || {
            token(|claims| {
                claims["admin"] = admin.clone();
                claims["publish"] = json!(["*"]);
            })
        };
        assert_eq!(publish(token(), event("to.org", "acme")).await, 201, "{admin}");
        assert_eq!(publish(token(), event("to.org", "globex")).await, to_other, "{admin}");
        assert_eq!(publish(token(), public.clone()).await, to_everyone, "{admin}");
    }
    // An organisation may have any name, and none of them makes its administrator that of others.
    let star = token(|claims| {
        claims["org"] = json!("*");
        claims["admin"] = json!(true);
        claims["publish"] = json!(["*"]);
    });
    assert_eq!(publish(star.clone(), event("to.org", "globex")).await, 403);
    assert_eq!(publish(star, public).await, 403);
}

#[tokio::test]
async fn a_token_that_may_hear_nothing_opens_no_stream() {
    let server = server().await;
    let without = token(|claims| drop(claims.as_object_mut().map(|claims| claims.remove("listen"))));
    for token in [without, token(|claims| claims["listen"] = json!([]))] {
        for path in ["/events", "/events?events=to.org", "/poll"] {
            let bearer = format!("Bearer {token}");
            let refused = server.send(request("GET", path, &[("authorization", &bearer)], "")).await;
            let (status, told) = answer(refused).await;
            assert_eq!((status, &told["rule"]), (403, &json!("event-not-allowed")), "{path}");
            assert!(told["detail"].as_str().is_some_and(|detail| detail.contains("`listen`")), "{told}");
        }
    }
}

#[tokio::test]
async fn a_token_of_nobody_is_told_that_it_hears_no_event_to_users() {
    let server = server().await;
    let nobody = || token(|claims| drop(claims.as_object_mut().map(|claims| claims.remove("sub"))));
    assert_eq!(status(&server, "/events?events=to.user", &nobody()).await, 403);
    assert_eq!(status(&server, "/events?events=to.*", &nobody()).await, 200);
    assert_eq!(status(&server, "/events?events=to.user,to.org", &nobody()).await, 200);
    assert_eq!(status(&server, "/events?events=to.user", &token(|_| {})).await, 200);
}

#[tokio::test]
async fn a_replay_is_authorised_anew() {
    let server = server().await;
    let before = crate::support::publish_to_org(&server.hub, "acme", "1").await;
    crate::support::publish_to_org(&server.hub, "acme", "2").await;
    let bearer = format!("Bearer {}", token(|claims| claims["listen"] = json!(["to.user"])));
    let headers = [("authorization", bearer.as_str()), ("last-event-id", before.id.as_str())];
    let mut stream = Stream::of(server.send(request("GET", "/events", &headers, "")).await);
    assert_eq!(stream.next().await.map(|event| event.name), Some("growset.connected".into()));
    assert_eq!(stream.next().await.map(|event| event.name), Some("growset.ping".into()), "nothing is replayed");
}

#[tokio::test]
async fn a_channel_that_was_taken_away_is_neither_replayed_nor_opened() {
    let server = server().await;
    let publish = async |text: &str| {
        let item = crate::support::item(
            &server.hub,
            growset_model::Audience::Channel,
            [Some("acme"), None, Some("red.1")],
            text,
        );
        server.hub.publish_item(item).await.expect("is published").id
    };
    let before = publish("1").await;
    publish("2").await;
    let come_back = async |token: String, query: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("last-event-id", before.as_str())];
        server.send(request("GET", &format!("/events{query}"), &headers, "")).await
    };
    let mut stream = Stream::of(come_back(token(|_| {}), "?channel=red.1").await);
    assert_eq!(stream.next_own().await.map(|event| event.name), Some("to.channel".into()));
    let revoked = || token(|claims| claims["channels"] = json!(["blue"]));
    assert_eq!(come_back(revoked(), "?channel=red.1").await.status(), 403);
    let mut stream = Stream::of(come_back(revoked(), "").await);
    assert_eq!(stream.next().await.map(|event| event.name), Some("growset.connected".into()));
    assert_eq!(stream.next().await.map(|event| event.name), Some("growset.ping".into()), "nothing is replayed");
}

/// In a time that passes by itself.
#[tokio::test(start_paused = true)]
async fn a_stream_ends_with_its_token() {
    let hub = memory_hub(small_admission(), Settings::default());
    let access = Access::Tokens(Keys::secret(SECRET).expect("is long enough"));
    let mut router = App::new(hub, access, Origins::default(), Limits::default()).router();
    let bearer = format!("Bearer {}", token(|_| {}));
    let request = axum::extract::Request::get("/events").header("authorization", bearer);
    let request = request.body(axum::body::Body::empty()).expect("is a request");
    let began = tokio::time::Instant::now();
    let mut body = router.call(request).await.expect("answers").into_body();
    let mut last = began.elapsed();
    while body.frame().await.is_some() {
        last = began.elapsed();
    }
    // Ten minutes by the clock on the wall, which did not stand still meanwhile.
    assert!((500..=600).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    assert!(last.as_secs() >= 485, "pings until then: {last:?}");
}

#[tokio::test]
async fn a_ticket_opens_one_stream_at_a_time() {
    let server = server().await;
    assert_eq!(server.send(request("POST", "/tickets", &[], "")).await.status(), 401);
    let bearer = format!("Bearer {}", token(|_| {}));
    let (status, told) =
        answer(server.send(request("POST", "/tickets", &[("authorization", &bearer)], "")).await).await;
    let ticket = told["ticket"].as_str().expect("is given").to_owned();
    assert_eq!(status, 201);
    let path = format!("/events?ticket={ticket}");
    let mut older = Stream::of(server.get(&path).await);
    assert_eq!(older.next().await.map(|event| event.name), Some("growset.connected".into()));
    let mut newer = Stream::of(server.get(&path).await);
    while older.next().await.is_some() {}
    crate::support::publish_to_org(&server.hub, "acme", "1").await;
    assert_eq!(newer.next_own().await.map(|event| event.name), Some("to.org".into()));
    let (status, polled) = answer(server.get(&format!("/poll?ticket={ticket}")).await).await;
    assert_eq!((status, &polled["frames"][0]["event"]), (200, &json!("growset.connected")));
    while newer.next().await.is_some() {}
    for path in ["/events?ticket=0123", "/poll?ticket=0123", "/poll"] {
        assert_eq!(server.get(path).await.status(), 401, "{path}");
    }
}

#[tokio::test]
async fn only_listed_origins_may_read_with_credentials() {
    let server = server().await;
    let bearer = format!("Bearer {}", token(|_| {}));
    for (origin, expected) in [(APP, Some(APP)), ("https://evil.example", None), ("null", None)] {
        let headers = [("authorization", bearer.as_str()), ("origin", origin)];
        let response = server.send(request("GET", "/events", &headers, "")).await;
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        assert_eq!(response.status(), if expected.is_some() { 200 } else { 403 }, "{origin}");
        assert_eq!(header("access-control-allow-origin"), expected, "{origin}");
        assert_eq!(header("access-control-allow-credentials"), expected.map(|_| "true"));
        assert_eq!(header("access-control-expose-headers"), expected.map(|_| "retry-after"), "pages wait as told");
        assert_eq!(header("vary"), Some("Origin"));
        let preflight = [("origin", origin), ("access-control-request-method", "POST")];
        let response = server.send(request("OPTIONS", "/publish", &preflight, "")).await;
        assert_eq!(response.status(), if expected.is_some() { 204 } else { 403 }, "{origin}");
        let response = server.send(request("POST", "/publish", &headers, "{}")).await;
        assert_eq!(response.status() == 403, expected.is_none(), "{origin}");
    }
    for wrong in ["*", "example.com", "https://a/b", "https://*.example.com", "file://x"] {
        assert!(Origins::new(vec![wrong.to_owned()]).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn under_dev_only_this_machine_is_answered() {
    let server = Server::dev(memory_hub(small_admission(), Settings::default())).await;
    for (host, expected) in [("localhost:8080", 200), ("127.0.0.1", 200), ("[::1]:80", 200), ("evil.example", 403)] {
        let response = server.send(request("GET", "/events", &[("host", host)], "")).await;
        assert_eq!(response.status(), expected, "{host}");
    }
}
