//! What a listener hears, and how the stream is presented.

use growset_server::Settings;
use growset_server::http::{Access, App, Limits, Origins};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower_service::Service;

use crate::support::{Server, Stream, admission, answer, memory_hub, request, small_admission, text_of};

async fn server() -> Server {
    Server::dev(memory_hub(admission(), Settings::default())).await
}

fn status_changed(order: &str) -> Value {
    json!({ "event": "order.status.changed", "data": { "orderId": order, "from": "paid", "to": "in_transit" } })
}

#[tokio::test]
async fn a_stream_opens_at_once_with_its_headers_and_first_event() {
    let server = server().await;
    let response = server.get("/events").await;
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert_eq!(header("content-type"), "text/event-stream");
    assert_eq!(header("cache-control"), "no-store, no-transform");
    assert_eq!(header("x-accel-buffering"), "no");
    assert_eq!(header("content-encoding"), "");
    let mut stream = Stream::of(response);
    let connected = stream.next().await.expect("it is told");
    assert_eq!(connected.name, "growset.connected");
    let told: Value = serde_json::from_str(&connected.data).expect("data is JSON");
    assert_eq!((&told["resume"], &told["pingMs"]), (&json!("new"), &json!(15_000)));
    assert_eq!(told["catalog"].as_str().map(str::len), Some(64));
    assert!(stream.parser.retry.is_some_and(|retry| (2250..=3750).contains(&retry)), "{:?}", stream.parser.retry);
    // Script cannot see the field `retry`.
    assert_eq!(told["retryMs"].as_u64(), stream.parser.retry);
}

#[tokio::test]
async fn a_listener_hears_the_names_that_it_asked_for() {
    let server = server().await;
    let mut by_name = Stream::of(server.get("/events?events=payment.*,order.created").await);
    let body = json!({ "events": ["order.status.changed"] }).to_string();
    let mut by_body = Stream::of(server.send(request("POST", "/events", &[], &body)).await);
    server.publish(&status_changed("ord_1")).await;
    let payment = json!({ "orderId": "ord_1", "amount": 1, "currency": "EUR", "providerRef": "pi_1" });
    server.publish(&json!({ "event": "payment.succeeded", "data": payment })).await;
    assert_eq!(by_name.next_own().await.map(|event| event.name), Some("payment.succeeded".into()));
    assert_eq!(by_body.next_own().await.map(|event| event.name), Some("order.status.changed".into()));
}

#[tokio::test]
async fn an_unknown_name_is_answered_with_the_nearest() {
    let server = server().await;
    let (status, told) = answer(server.get("/events?events=order.creatd").await).await;
    assert_eq!((status, &told["nearest"]), (400, &json!("order.created")));
    assert_eq!(server.get("/events?events=nothing.*").await.status(), 400);
    assert_eq!(server.get("/evnts").await.status(), 404);
    assert_eq!(server.send(request("POST", "/events", &[], "{")).await.status(), 400);
}

#[tokio::test]
async fn a_wish_that_could_never_be_heard_is_refused() {
    let server = server().await;
    for (query, rule, said) in [
        ("?events=dashboard.changed", "channel-missing", "`dashboard.changed`"),
        ("?events=completion.*&until=completion.finished", "channel-missing", "`until`"),
        ("?events=completion.*&channel=a,b&until=completion.finished", "channel-missing", "`until`"),
        ("?events=", "no-events", "leave it out"),
        ("?events=,&channel=a", "no-events", "leave it out"),
        ("?event=order.created", "unknown-parameter", "`events`"),
        ("?chanel=main", "unknown-parameter", "`channel`"),
    ] {
        for path in ["/events", "/poll"] {
            let (status, told) = answer(server.get(&format!("{path}{query}")).await).await;
            assert_eq!((status, &told["rule"]), (400, &json!(rule)), "{path}{query}");
            assert!(told["detail"].as_str().is_some_and(|detail| detail.contains(said)), "{told}");
        }
    }
    let (status, told) = answer(server.send(request("POST", "/events", &[], r#"{"events":[]}"#)).await).await;
    assert_eq!((status, &told["rule"]), (400, &json!("no-events")));
    for query in ["", "?events=dashboard.*", "?events=dashboard.changed&channel=main", "?_=17", "?events=*&version=1"] {
        assert_eq!(server.get(&format!("/poll{query}")).await.status(), 200, "{query}");
    }
    assert_eq!(server.send(request("POST", "/events", &[], "{}")).await.status(), 200);
}

fn stamp(event: &crate::whatwg::Event) -> u64 {
    let told: Value = serde_json::from_str(&event.data).expect("data is JSON");
    told["at"].as_u64().expect("is a time")
}

#[tokio::test]
async fn silence_is_filled_with_pings_that_move_the_last_id_on() {
    let server = Server::dev(memory_hub(admission(), Settings { ping_ms: 20, ..Settings::default() })).await;
    let mut stream = Stream::of(server.get("/events?events=order.created").await);
    let connected = stream.next().await.expect("it is told");
    server.publish(&status_changed("ord_1")).await;
    loop {
        let ping = stream.next().await.expect("it is told");
        assert_eq!(ping.name, "growset.ping");
        assert!(stamp(&ping) >= stamp(&connected), "{ping:?} bears the server's time");
        if ping.id != connected.id {
            break;
        }
    }
}

#[tokio::test]
async fn the_last_payload_is_kept_for_who_comes_later() {
    let server = server().await;
    for scan in [1, 2] {
        let data = json!({ "lastScanAt": null, "counts": { "orders": scan } });
        let event = json!({ "event": "dashboard.changed", "channel": "main", "data": data });
        assert_eq!(server.publish(&event).await.0, 201);
    }
    let mut stream = Stream::of(server.get("/events?events=dashboard.changed&channel=main").await);
    let connected = stream.next().await.expect("it is told");
    let last = stream.next().await.expect("it is kept");
    assert_eq!(last.data, r#"{"lastScanAt":null,"counts":{"orders":2}}"#);
    assert_eq!(last.id, connected.id, "a retained payload has no id of its own");

    let path = format!("/events?events=dashboard.changed,order.created&channel=main&lastEventId={}", last.id);
    let mut back = Stream::of(server.get(&path).await);
    let data = json!({ "orderId": "ord_1", "title": "a", "total": 1, "currency": "EUR" });
    server.publish(&json!({ "event": "order.created", "data": data })).await;
    let next = back.next_own().await.map(|event| event.name);
    assert_eq!(next, Some("order.created".into()), "after an exact resume nothing is repeated");
}

#[tokio::test]
async fn a_stream_ends_with_its_terminal_event_for_good() {
    let server = server().await;
    let id = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    let path = "/events?events=completion.*&channel=c1&until=completion.finished";
    let mut stream = Stream::of(server.get(path).await);
    let delta = json!({ "completionId": id, "index": 0, "text": "Hello" });
    server.publish(&json!({ "event": "completion.delta", "channel": "c1", "data": delta })).await;
    let finished = json!({ "completionId": id, "reason": "stop" });
    server.publish(&json!({ "event": "completion.finished", "channel": "c1", "data": finished })).await;
    assert_eq!(stream.next_own().await.map(|event| event.name), Some("completion.delta".into()));
    let last = stream.next_own().await.expect("it ends well");
    assert_eq!(last.name, "completion.finished");
    assert_eq!(stream.next_own().await, None);
    let again = server.send(request("GET", path, &[("last-event-id", &last.id)], "")).await;
    assert_eq!(again.status(), 204);
    drop(stream);
    assert_eq!(server.hub.listeners(), 0, "what ended at once is not counted as open, nor taken off twice");
    assert!(!text_of(server.get("/metrics").await).await.contains("} -"));
    assert_eq!(server.get("/events?until=order.created").await.status(), 400);
}

#[tokio::test]
async fn polling_hears_what_a_stream_hears() {
    let server = server().await;
    let (status, first) = answer(server.get("/poll?events=order.*").await).await;
    assert_eq!((status, &first["frames"][0]["event"]), (200, &json!("growset.connected")));
    server.publish(&status_changed("ord_1")).await;
    server.publish(&status_changed("ord_2")).await;
    let next = first["next"].as_str().expect("says where it stands");
    let (_, second) = answer(server.get(&format!("/poll?events=order.*&after={next}")).await).await;
    let orders: Vec<&Value> =
        second["frames"].as_array().into_iter().flatten().skip(1).map(|frame| &frame["data"]["orderId"]).collect();
    assert_eq!(orders, [&json!("ord_1"), &json!("ord_2")], "{second}");
    assert_eq!(second["frames"][2]["id"], second["next"]);
}

#[tokio::test]
async fn a_node_tells_how_it_is() {
    let server = Server::start(
        memory_hub(admission(), Settings::default()),
        Access::Dev,
        Origins::default(),
        Limits { streams_per_org: 1, ..Limits::default() },
    )
    .await;
    let stream = Stream::of(server.get("/events?events=order.created").await);
    assert_eq!(server.get("/events").await.status(), 429, "one stream is allowed");
    server.publish(&json!({ "event": "order.craeted", "data": {} })).await;
    assert_eq!(server.get("/healthz").await.status(), 200);
    assert_eq!(server.get("/readyz").await.status(), 200);
    let (_, catalog) = answer(server.get("/catalog").await).await;
    assert_eq!(catalog["title"], "Order platform events");
    let (_, schema) = answer(server.get("/catalog/order.created/schema.json").await).await;
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(server.get("/catalog/order.creatd/schema.json").await.status(), 404);
    let metrics = server.get("/metrics").await;
    let text = http_body_util::BodyExt::collect(metrics.into_body()).await.expect("has a body").to_bytes();
    let text = String::from_utf8_lossy(&text);
    for line in
        ["growset_listeners 1", r#"growset_event_listeners{event="order.created"} 1"#, r#"{rule="unknown-event"} 1"#]
    {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    drop(stream);
}

/// In a time that passes by itself.
#[tokio::test(start_paused = true)]
async fn a_proxy_that_gives_up_early_gets_comments_which_do_not_hold_pings_up() {
    let settings = Settings { ping_ms: 15_000, comment_ms: 4000, ..Settings::default() };
    let hub = memory_hub(small_admission(), settings);
    let mut router = App::new(hub, Access::Dev, Origins::default(), Limits::default()).router();
    let request = axum::extract::Request::get("/events").header("host", "localhost");
    let request = request.body(axum::body::Body::empty()).expect("is a request");
    let mut body = router.call(request).await.expect("answers").into_body();
    let began = tokio::time::Instant::now();
    let mut heard = Vec::new();
    while heard.len() < 9 {
        let frame = body.frame().await.expect("it goes on").expect("it is whole");
        let data = frame.into_data().unwrap_or_default();
        let kind = if data.starts_with(b":") { "comment" } else { "event" };
        heard.push((began.elapsed().as_secs(), kind));
    }
    let comments = |from: u64| [4, 8, 12].map(|at| (from + at, "comment"));
    let expected =
        [vec![(0, "event")], comments(0).to_vec(), vec![(15, "event")], comments(15).to_vec(), vec![(30, "event")]];
    assert_eq!(heard, expected.concat());
}

#[tokio::test]
async fn a_page_says_what_it_was_built_from_and_is_counted_by_that() {
    let server = Server::dev(memory_hub(small_admission(), Settings::default())).await;
    let digest = server.hub.admission().digest().to_owned();
    let body = serde_json::json!({ "events": ["to.org"], "channel": "red", "catalog": digest, "version": "1.0.0" });
    let posted = server.send(request("POST", "/events", &[], &body.to_string())).await;
    assert_eq!(posted.status(), 200);
    // A page may shorten it to what is counted.
    let asked = server.get(&format!("/events?catalog={}&version=1.0.0", &digest[..16])).await;
    let strange = server.get("/events?catalog=%22%7D").await;
    let mut stream = Stream::of(asked);
    assert!(stream.next().await.is_some());
    crate::support::publish_to_org(&server.hub, "demo", "1").await;
    assert!(stream.next_own().await.is_some());
    let text = text_of(server.get("/metrics").await).await;
    assert!(text.contains(&format!("growset_page_listeners{{catalog=\"{}\"}} 2\n", &digest[..16])), "{text}");
    assert!(text.contains("growset_delivery_seconds_bucket{le=\"+Inf\"}"), "{text}");
    assert!(!text.contains("growset_pending_events_count 0"), "{text}");
    assert_eq!(strange.status(), 200);
}
