//! What is taken, what is refused, and how that is told.

use growset_event::{Event, Org, Target};
use growset_server::Settings;
use growset_server::admission::{Admission, Served};
use growset_server::http::{Access, Limits, Origins};
use serde::Serialize;
use serde_json::{Value, json};

use crate::support::{SHOUT, Server, admission, answer, memory_hub, request, small_catalog, text_of};

async fn server() -> Server {
    Server::dev(memory_hub(admission(), Settings::default())).await
}

fn order() -> Value {
    json!({ "orderId": "ord_7f3k", "title": "Logo", "total": 12000, "currency": "EUR" })
}

#[tokio::test]
async fn a_declared_event_with_a_valid_payload_is_taken() {
    let server = server().await;
    let (status, told) = server.publish(&json!({ "event": "order.created", "data": order() })).await;
    assert_eq!(status, 201, "{told}");
    assert!(told["id"].as_str().is_some_and(|id| id.ends_with("-1")), "{told}");
}

#[tokio::test]
async fn each_way_to_be_wrong_has_its_problem_document() {
    let server = server().await;
    let with = |change: fn(&mut Value)| {
        let mut data = order();
        change(&mut data);
        json!({ "event": "order.created", "data": data })
    };
    let table = [
        (json!({ "event": "order.craeted", "data": order() }), 422, "unknown-event"),
        (json!({ "event": "order.created.v1", "data": order() }), 422, "unknown-event"),
        (json!({ "event": "a\nid: 1", "data": {} }), 422, "unknown-event"),
        (json!({ "event": "deliverable.commented", "data": {} }), 422, "draft-event"),
        (with(|data| data["total"] = json!("1")), 422, "invalid-payload"),
        (with(|data| data["totl"] = json!(1)), 422, "invalid-payload"),
        (with(|data| data["displayAmount"] = json!("1")), 422, "invalid-payload"),
        (json!({ "event": "order.created", "user": "u", "data": order() }), 422, "wrong-recipient"),
        (json!({ "event": "order.created" }), 400, "malformed-request"),
        (json!({ "event": "order.created", "data": order(), "dta": 1 }), 400, "malformed-request"),
        (json!("order.created"), 400, "malformed-request"),
    ];
    for (body, expected, rule) in table {
        let (status, told) = server.publish(&body).await;
        assert_eq!((status, &told["rule"]), (expected, &json!(rule)), "{body}\n{told}");
        assert!(told["detail"].is_string() && told["title"].is_string(), "{told}");
    }
    let (_, told) = server.publish(&json!({ "event": "order.craeted", "data": {} })).await;
    assert_eq!(told["nearest"], "order.created");
    let (_, told) = server.publish(&with(|data| data["totl"] = json!(1))).await;
    assert_eq!(told["errors"][0]["pointer"], "/totl");
    assert!(told["errors"][0]["detail"].as_str().is_some_and(|detail| detail.contains("`total`")), "{told}");
}

#[tokio::test]
async fn a_payload_is_held_to_the_letter() {
    let server = server().await;
    let publish = async |data: &str| {
        let body = format!(r#"{{"event":"order.created","data":{data}}}"#);
        let response = server.send(request("POST", "/publish", &[], &body)).await;
        let problem = response.headers().get("content-type").map(|kind| kind == "application/problem+json");
        assert_ne!(problem, Some(response.status().is_success()));
        answer(response).await
    };
    let total = |total: &str| format!(r#"{{"orderId":"ord_1","title":"a","total":{total},"currency":"EUR"}}"#);
    assert_eq!(publish(&total("5")).await.0, 201);
    for wrong in ["5.0", "1e3", "-1", "9007199254740992", "\"5\"", "null"] {
        assert_eq!(publish(&total(wrong)).await.0, 422, "{wrong}");
    }
    let (status, told) = publish(r#"{"orderId":"ord_1","title":"a","total":1,"total":2,"currency":"EUR"}"#).await;
    assert_eq!((status, &told["errors"][0]["pointer"]), (422, &json!("/total")), "{told}");
}

#[tokio::test]
async fn derived_fields_are_filled_in_before_anyone_hears() {
    let server = server().await;
    let mut stream = crate::support::Stream::of(server.get("/events?events=payment.succeeded").await);
    let data = json!({ "orderId": "ord_1", "amount": 4900, "currency": "EUR", "providerRef": "pi_1" });
    let (status, told) = server.publish(&json!({ "event": "payment.succeeded", "data": data })).await;
    assert_eq!(status, 201, "{told}");
    let event = stream.next_own().await.expect("it is streamed");
    let heard: Value = serde_json::from_str(&event.data).expect("data is JSON");
    assert_eq!(heard["displayAmount"], "EUR 49.00", "{heard}");
}

#[tokio::test]
async fn an_application_derives_by_functions_of_its_own() {
    let mut catalog = small_catalog();
    catalog["events"]["to.org"]["derived"] = json!({ "loud": { "type": "string", "from": { "shout": ["text"] } } });
    let admission = Admission::from_json(catalog.to_string().as_bytes(), &[SHOUT], Served::Everything);
    let payload = admission.expect("is admitted").admit("to.org", br#"{"text":"hear"}"#).expect("is admitted");
    assert_eq!(payload.data(), br#"{"text":"hear","loud":"HEAR"}"#);
}

#[tokio::test]
async fn a_batch_has_a_verdict_per_event() {
    let server = server().await;
    let good = json!({ "event": "order.created", "data": order() });
    let (status, told) = server.publish(&json!([good, good])).await;
    assert_eq!((status, told["results"].as_array().map(Vec::len)), (201, Some(2)));
    let (status, told) = server.publish(&json!([good, { "event": "nope", "data": {} }, good])).await;
    let statuses: Vec<&Value> = told["results"].as_array().into_iter().flatten().map(|one| &one["status"]).collect();
    assert_eq!((status, statuses), (207, vec![&json!(201), &json!(422), &json!(201)]));
    assert!(told["results"][2]["id"].as_str().is_some_and(|id| id.ends_with("-4")), "{told}");
}

#[tokio::test]
async fn a_retry_under_its_key_is_answered_with_the_first_id() {
    let server = server().await;
    let mut first = json!({ "event": "order.created", "data": order(), "key": "k1" });
    let (_, once) = server.publish(&first).await;
    let (status, again) = server.publish(&first).await;
    assert_eq!((status, &again["id"], &again["repeated"]), (201, &once["id"], &json!(true)));
    first["data"]["total"] = json!(1);
    let (status, told) = server.publish(&first).await;
    assert_eq!((status, &told["rule"], &told["id"]), (409, &json!("key-taken"), &once["id"]));
    let (_, both) = server.publish(&json!([first, first])).await;
    assert_eq!(both["results"][1]["status"], 409);
}

#[tokio::test]
async fn limits_are_told() {
    let limits = Limits { body_bytes: 2000, batch: 3, publishes_per_second: 2, ..Limits::default() };
    let hub = memory_hub(admission(), Settings::default());
    let server = Server::start(hub, Access::Dev, Origins::default(), limits).await;
    let response = server.send(request("POST", "/publish", &[], &" ".repeat(3000))).await;
    assert_eq!(response.status(), 413);
    let good = json!({ "event": "order.created", "data": order() });
    let (status, told) = server.publish(&json!([good, good, good])).await;
    assert_eq!((status, &told["rule"]), (413, &json!("too-many-events")), "not even in a second of its own");
    // How many seconds these take is not ours to say, but hardly one each.
    let mut refused = None;
    for _ in 0..1000 {
        let response = server.send(request("POST", "/publish", &[], &json!([good, good]).to_string())).await;
        if response.status() != 201 {
            refused = Some(response);
            break;
        }
    }
    let refused = refused.expect("somewhere it is too much");
    assert_eq!(refused.headers().get("retry-after").and_then(|value| value.to_str().ok()), Some("1"));
    assert_eq!((refused.status().as_u16(), &answer(refused).await.1["rule"]), (429, &json!("too-many-publishes")));
}

#[tokio::test]
async fn what_is_retired_too_long_or_not_possible_here_is_told_apart() {
    let mut catalog = small_catalog();
    let event = |more: Value| {
        let mut event = catalog["events"]["to.org"].clone();
        more.as_object().into_iter().flatten().for_each(|(key, value)| event[key] = value.clone());
        event
    };
    let gone = event(json!({ "retired": { "since": "2026-01-01", "use": "to.org" } }));
    let small = event(json!({ "max_bytes": 30 }));
    let derived = json!({ "shout": { "type": "string", "from": { "shout": ["text"] } } });
    let needs = event(json!({ "derived": derived }));
    catalog["events"]["to.gone"] = gone;
    catalog["events"]["to.small"] = small;
    catalog["events"]["to.loud"] = needs;
    let admission = Admission::from_json(catalog.to_string().as_bytes(), &[], Served::Everything);
    let server = Server::dev(memory_hub(admission.expect("is admitted"), Settings::default())).await;
    let publish =
        async |event: &str, text: &str| server.publish(&json!({ "event": event, "data": { "text": text } })).await;
    let (status, told) = publish("to.gone", "x").await;
    assert_eq!((status, &told["rule"], &told["use"]), (410, &json!("retired-event"), &json!("to.org")));
    assert_eq!(publish("to.small", &"x".repeat(19)).await.0, 201, "30 bytes");
    let (status, told) = publish("to.small", &"x".repeat(20)).await;
    assert_eq!((status, &told["rule"]), (413, &json!("payload-too-large")), "{told}");
    let (status, told) = publish("to.loud", "x").await;
    assert_eq!((status, &told["rule"]), (503, &json!("missing-function")), "{told}");

    server.hub.close().await;
    let body = json!({ "event": "to.org", "data": { "text": "x" } }).to_string();
    let response = server.send(request("POST", "/publish", &[], &body)).await;
    assert_eq!(response.headers().get("retry-after").and_then(|value| value.to_str().ok()), Some("1"));
    assert_eq!((response.status().as_u16(), &answer(response).await.1["rule"]), (503, &json!("shutting-down")));
    let batch = format!("[{body},{body}]");
    let response = server.send(request("POST", "/publish", &[], &batch)).await;
    assert_eq!(response.headers().get("retry-after").and_then(|value| value.to_str().ok()), Some("1"));
    assert_eq!(response.status(), 207, "each event has its verdict, also where none was taken");
    let text = text_of(server.get("/metrics").await).await;
    for rule in ["retired-event", "payload-too-large", "missing-function"] {
        assert!(text.contains(&format!("growset_refused_total{{rule=\"{rule}\"}} 1\n")), "{rule}\n{text}");
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderCreated {
    order_id: String,
    title: String,
    total: u32,
    currency: String,
}

impl Event for OrderCreated {
    const NAME: &'static str = "order.created";
    const BASE: &'static str = "order.created";
    const VERSION: u32 = 1;
    type Audience = Org;
}

#[tokio::test]
async fn a_typed_event_goes_through_the_same_admission() {
    let hub = memory_hub(admission(), Settings::default());
    let order = |currency: &str| OrderCreated {
        order_id: "ord_1".into(),
        title: "Logo".into(),
        total: 1,
        currency: currency.into(),
    };
    assert!(hub.publish(Target::org("acme"), &order("EUR")).await.is_ok());
    let refused = hub.publish(Target::org("acme"), &order("euro")).await.expect_err("is refused");
    assert_eq!(refused.to_string(), "the payload breaks the contract of `order.created`");
}
