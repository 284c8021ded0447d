//! A second version and the pages that still listen to the first.

use growset_server::admission::{Admission, Served};
use growset_server::{Hub, Identity, Item, Named, Settings, Subscription};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Server, answer, memory_hub, open_stream, pending, small_catalog, without_control};

fn hub() -> Hub {
    let mut catalog = small_catalog();
    let event = |more: Value| {
        let mut event = json!({ "audience": "org", "source": "a.yaml" });
        for (key, value) in more.as_object().into_iter().flatten() {
            event[key] = value.clone();
        }
        event
    };
    catalog["events"] = json!({
        "order.moved": event(json!({
            "retain": { "latest_by": ["orderId"] },
            "fields": { "orderId": { "type": "string" }, "to": { "type": "string", "max_length": 9 } },
            "optional": { "count": { "type": "integer" } },
        })),
        "order.moved.v2": event(json!({
            "replaces": "order.moved", "retain": { "latest_by": ["orderId"] },
            "fields": {
                "orderId": { "type": "string", "from": "orderId" },
                "current": { "type": "string", "max_length": 9, "from": "to" },
                "by": { "type": "string", "from_value": "legacy" },
            },
            "optional": { "steps": { "type": "integer", "from": "count" } },
        })),
    });
    let admission = Admission::from_json(catalog.to_string().as_bytes(), &[], Served::Everything);
    memory_hub(admission.expect("the catalog is admitted"), Settings::default())
}

/// What listeners of these names hear of one event.
fn heard(hub: &Hub, names: &[&[&str]], event: &str, data: &Value) -> Vec<Vec<(String, Value)>> {
    let identity = || Identity { org: "acme".into(), user: None };
    let mut listeners: Vec<_> = names
        .iter()
        .map(|names| Subscription::to(&hub.admission(), identity(), Default::default(), names.iter().copied()))
        .map(|subscription| open_stream(hub, subscription.expect("are events"), None))
        .collect();
    let payload = hub.admission().admit(event, data.to_string().as_bytes()).expect("is admitted");
    let named = Named { org: Some("acme".into()), ..Named::default() };
    let recipient = named.for_audience(growset_model::Audience::Org).expect("is a recipient");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it starts");
    runtime.block_on(hub.publish_item(Item { recipient, payload, key: None })).expect("is published");
    listeners.iter_mut().map(|listener| without_control(pending(listener)).into_iter().map(told).collect()).collect()
}

fn told(event: crate::whatwg::Event) -> (String, Value) {
    (event.name, serde_json::from_str(&event.data).expect("data is JSON"))
}

const BOTH: [&[&str]; 3] = [&["order.moved"], &["order.moved.v2"], &["order.moved", "order.moved.v2"]];

#[test]
fn a_second_version_is_one_event_that_each_listener_gets_as_its_own() {
    let hub = hub();
    let v2 = json!({ "orderId": "o", "current": "paid", "by": "ada" });
    let v1 = json!({ "orderId": "o", "to": "paid" });
    let second = || vec![("order.moved.v2".to_owned(), v2.clone())];
    let expected = [vec![("order.moved".to_owned(), v1.clone())], second(), second()];
    assert_eq!(heard(&hub, &BOTH, "order.moved.v2", &v2), expected);
}

#[tokio::test]
async fn replay_poll_and_retained_payloads_are_of_the_version_that_was_asked_for() {
    let server = Server::dev(hub()).await;
    let publish = async |event: &str, data: Value| {
        let (status, told) = server.publish(&json!({ "event": event, "org": "demo", "data": data })).await;
        assert_eq!(status, 201, "{told}");
        told["id"].as_str().unwrap_or_default().to_owned()
    };
    let before = publish("order.moved", json!({ "orderId": "o", "to": "new" })).await;
    publish("order.moved.v2", json!({ "orderId": "o", "current": "paid", "by": "ada" })).await;
    let expected = [
        ("order.moved", json!({ "orderId": "o", "to": "paid" })),
        ("order.moved.v2", json!({ "orderId": "o", "current": "paid", "by": "ada" })),
    ];
    let identity = || Identity { org: "demo".into(), user: None };
    for (name, data) in expected {
        let once = vec![(name.to_owned(), data)];
        for last_id in [Some(before.as_str()), None] {
            let wish = Subscription::to(&server.hub.admission(), identity(), Default::default(), [name]);
            let wish = wish.expect("is an event");
            let mut listener = open_stream(&server.hub, wish, last_id);
            let heard: Vec<_> = without_control(pending(&mut listener)).into_iter().map(told).collect();
            assert_eq!(heard, once, "{last_id:?}: one payload, replayed or retained");
        }
        let (_, polled) = answer(server.get(&format!("/poll?events={name}&after={before}")).await).await;
        let frames = polled["frames"].as_array().cloned().unwrap_or_default();
        let own = frames.iter().filter(|frame| !frame["event"].as_str().unwrap_or("growset.").starts_with("growset."));
        let polled: Vec<_> =
            own.map(|frame| (frame["event"].as_str().unwrap_or_default().to_owned(), frame["data"].clone())).collect();
        assert_eq!(polled, once, "polled");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn forward_and_back_give_the_same_payload(order in "(?s).{0,20}", to in "(?s).{0,9}", count: Option<i32>) {
        let hub = hub();
        let mut v1 = json!({ "orderId": order, "to": to });
        if let Some(count) = count {
            v1["count"] = json!(count);
        }
        let forward = heard(&hub, &BOTH, "order.moved", &v1);
        prop_assert_eq!(&forward[0], &vec![("order.moved".to_owned(), v1.clone())]);
        prop_assert_eq!(&forward[2], &vec![("order.moved".to_owned(), v1.clone())]);
        let (name, v2) = &forward[1][0];
        prop_assert_eq!((name.as_str(), forward[1].len()), ("order.moved.v2", 1));
        // Another hub, in which nothing is retained.
        let back = heard(&self::hub(), &BOTH, "order.moved.v2", v2);
        prop_assert_eq!(&back[0], &vec![("order.moved".to_owned(), v1)]);
    }
}
