//! The publisher that goes past the nodes, beside the one that goes by them.

use std::time::Duration;

use growset_event::{Event, Org, Target};
use growset_publish::{DirectError, Outgoing, PublishError, Publisher, Redis};
use serde::Serialize;
use serde_json::{Value, json};

use crate::publisher::demo;
use crate::redis_process;
use crate::serve::serve;
use crate::workplace::repository;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentSucceeded {
    order_id: &'static str,
    amount: i64,
    currency: &'static str,
    provider_ref: &'static str,
}

impl Event for PaymentSucceeded {
    const NAME: &'static str = "payment.succeeded";
    const BASE: &'static str = "payment.succeeded";
    const VERSION: u32 = 1;
    type Audience = Org;
}

fn paid(amount: i64) -> PaymentSucceeded {
    PaymentSucceeded { order_id: "ord_1", amount, currency: "EUR", provider_ref: "pi_1" }
}

fn keyed(amount: i64) -> Outgoing {
    Outgoing::new(Target::org("demo"), &paid(amount)).expect("is JSON").with_key("payout-9")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_may_publish_past_the_nodes_and_nobody_hears_a_difference() {
    let Some(redis) = redis_process::Redis::start(&[]) else { return };
    let node = serve(&["--dev", "--store", &redis.url()]);
    let by_node = Publisher::new(&format!("http://{}", node.address)).expect("is an address");
    let direct = Redis::at(&redis.url()).expect("is an address").connect().await.expect("it connects");
    let first = by_node.publish(Target::org("demo"), &paid(4900)).await.expect("is taken");
    let second = direct.publish(Target::org("demo"), &paid(4900)).await.expect("is taken");
    assert!(second.id.ends_with("-2"), "{second:?}");
    let answer = node.ask("GET", "/poll?after=none&events=payment.succeeded", "");
    assert!(answer.contains(r#""resume":"gap""#), "{answer}");
    let (epoch, _) = first.id.split_once('-').expect("is an id");
    let answer = node.ask("GET", &format!("/poll?after={epoch}-0&events=payment.succeeded"), "");
    assert_eq!(answer.matches(r#""displayAmount":"EUR 49.00""#).count(), 2, "derived by both: {answer}");

    let taken = direct.publish_one(keyed(5)).await.expect("is taken");
    let again = by_node.publish_one(keyed(5)).await.expect("is known");
    assert_eq!((&again.id, again.is_repeat), (&taken.id, true), "a retry may take the other way");
    for publisher in [&direct, &by_node] {
        let told = publisher.publish_one(keyed(6)).await.expect_err("another payload");
        let PublishError::Refused(told) = told else { panic!("{told}") };
        assert_eq!(
            (told.status, told.rule.as_str(), &told.document["id"]),
            (409, "key-taken", &taken.id.clone().into())
        );
        let told = publisher.publish(Target::org("demo"), &paid(-5)).await.expect_err("less than nothing");
        let PublishError::Refused(told) = told else { panic!("{told}") };
        assert_eq!((told.status, &told.document["errors"][0]["pointer"]), (422, &"/amount".into()));
    }
    drop(redis);
    let hasty = direct.with_patience(Duration::ZERO);
    let told = hasty.publish(Target::org("demo"), &paid(1)).await.expect_err("nobody is there");
    assert!(!matches!(told, PublishError::Refused { .. }), "{told}");
}

#[tokio::test]
async fn a_redis_that_no_node_has_used_is_told_from_one_that_is_none() {
    let Some(redis) = redis_process::Redis::start(&[]) else { return };
    let told = Redis::at(&redis.url()).expect("is an address").connect().await.err().map(|error| error.to_string());
    assert!(told.is_some_and(|told| told.contains("start a node on this Redis first")));
    assert!(matches!(Redis::at("http://localhost"), Err(DirectError::Address(_))));
    let nobody = Redis::at("redis://127.0.0.1:1").expect("is an address").connect().await;
    assert!(nobody.is_err_and(|error| error.to_string().contains("Redis cannot be reached")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_derived_here_goes_by_a_node() {
    let Some(redis) = redis_process::Redis::start(&[]) else { return };
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("catalog.json");
    let text = std::fs::read_to_string(repository().join("generated/catalog.json")).expect("is generated");
    let mut catalog: Value = serde_json::from_str(&text).expect("is JSON");
    let event = &mut catalog["events"]["payment.succeeded"];
    event["derived"]["loud"] = json!({ "type": "string", "from": { "shout": ["providerRef"] } });
    std::fs::write(&path, catalog.to_string()).expect("there is room");
    let node = serve(&["--dev", "--store", &redis.url(), "--catalog", &path.display().to_string()]);
    let by_node = Publisher::new(&format!("http://{}", node.address)).expect("is an address");
    let at = || Redis::at(&redis.url()).expect("is an address");
    let alone = at().connect().await.expect("it connects");
    let told = alone.publish(Target::org("demo"), &paid(1)).await.expect_err("is not derived");
    let PublishError::Refused(told) = told else { panic!("{told}") };
    assert_eq!(told.rule, "missing-function");
    let both = at().or_by(by_node.with_patience(Duration::ZERO)).connect().await.expect("it connects");
    let all = both.publish_all(vec![demo(5), keyed(5), demo(5)]).await;
    // The node does not know the function either, and is where another one may.
    assert!(matches!(&all[1], Err(PublishError::Busy { detail, .. }) if detail.contains("on this node")), "{all:?}");
    assert!(all[0].as_ref().is_ok_and(|first| first.id.ends_with("-1")), "{all:?}");
    assert!(all[2].as_ref().is_ok_and(|third| third.id.ends_with("-2")), "{all:?}");
}
