//! Publishing straight to Redis, beside the nodes.

use growset_server::admission::{Admission, Served};
use growset_server::store::{ConnectError, RedisPublisher, RedisStore};
use growset_server::{Function, Hub, Named, PublishError, Refusal, Retention, Settings};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::conformance::Heard;
use crate::redis::{Redis, join, node};
use crate::support::{PATIENCE, SHOUT, org_events, publish_to_org, released, small_catalog};

async fn publisher(url: &str, functions: &[Function]) -> RedisPublisher {
    connect(url, functions).await.expect("it connects")
}

async fn connect(url: &str, functions: &[Function]) -> Result<RedisPublisher, ConnectError> {
    RedisPublisher::connect(RedisStore::at(url).expect("is an address"), functions).await
}

fn acme() -> Named {
    Named { org: Some("acme".to_owned()), ..Named::default() }
}

async fn publish(publisher: &RedisPublisher, text: &str, key: Option<&str>) -> Result<String, PublishError> {
    let item = publisher.admit("to.org", acme(), json!({ "text": text }), key.map(str::to_owned))?;
    let mut verdicts = publisher.publish(vec![item]).await;
    verdicts.pop().expect("has a verdict").map(|published| published.id)
}

fn loud() -> Value {
    let mut catalog = small_catalog();
    catalog["events"]["to.org"]["derived"] = json!({ "loud": { "type": "string", "from": { "shout": ["text"] } } });
    catalog
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_past_the_nodes_is_numbered_kept_and_heard_like_what_goes_by_them() {
    let Some(redis) = Redis::start(&[]) else { return };
    assert!(matches!(connect(&redis.url(), &[]).await, Err(ConnectError::NoCatalog)), "nobody was there");
    let hub = join(&redis.url()).await.expect("it joins");
    let publisher = publisher(&redis.url(), &[]).await;
    let mut live = Heard::open(&hub, org_events(&hub, "acme"), None).await;
    let first = publish_to_org(&hub, "acme", "1").await;
    let second = publish(&publisher, "2", Some("k")).await.expect("is taken");
    let third = publish_to_org(&hub, "acme", "3").await;
    assert_eq!(live.texts(3).await, ["1", "2", "3"]);
    let (epoch, _) = first.id.rsplit_once('-').expect("is an id");
    assert_eq!((second.clone(), third.id), (format!("{epoch}-2"), format!("{epoch}-3")));
    let mut back = Heard::open(&hub, org_events(&hub, "acme"), Some(&first.id)).await;
    assert_eq!(back.texts(2).await, ["2", "3"]);

    assert_eq!(publish(&publisher, "2", Some("k")).await.expect("is known"), second);
    let taken = publish(&publisher, "other", Some("k")).await.expect_err("is another payload");
    assert!(matches!(&taken, PublishError::KeyTaken { first } if *first == second), "{taken}");
    let refused = |event: &str, to: Named, data: Value, key: Option<&str>| {
        publisher.admit(event, to, data, key.map(str::to_owned)).err().map(|refusal| refusal.rule())
    };
    let fine = || json!({ "text": "x" });
    assert_eq!(refused("to.orgs", acme(), fine(), None), Some("unknown-event"));
    assert_eq!(refused("to.org", acme(), json!({ "text": 1 }), None), Some("invalid-payload"));
    assert_eq!(refused("to.org", Named::default(), fine(), None), Some("wrong-recipient"));
    for key in [String::new(), "k".repeat(129)] {
        assert_eq!(refused("to.org", acme(), fine(), Some(&key)), Some("malformed-request"), "{key:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn functions_are_those_that_are_known_here() {
    let Some(redis) = Redis::start(&[]) else { return };
    let admission = Admission::from_json(&released(&loud(), &[]), &[SHOUT], Served::Released).expect("is released");
    let store = RedisStore::at(&redis.url()).expect("is an address");
    let (hub, _) = Hub::join(admission, store, Settings::default()).await.expect("it joins");
    let mut live = Heard::open(&hub, org_events(&hub, "acme"), None).await;
    let without = publish(&publisher(&redis.url(), &[]).await, "hear", None).await;
    assert!(matches!(without, Err(PublishError::Refused(Refusal::MissingFunction { .. }))), "{without:?}");
    publish(&publisher(&redis.url(), &[SHOUT]).await, "hear", None).await.expect("is derived here");
    assert_eq!(live.next_own().await.data, r#"{"text":"hear","loud":"HEAR"}"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_follows_what_the_nodes_admit_and_keeps_as_long_as_they_do() {
    let Some(redis) = Redis::start(&[]) else { return };
    let settings = Settings { retention: Retention { count: 64, ..Retention::default() }, ..Settings::default() };
    let hub = node(&redis.url(), settings).await;
    let publisher = publisher(&redis.url(), &[]).await;
    for number in 0..1000 {
        publish(&publisher, &number.to_string(), None).await.expect("is taken");
    }
    let kept: usize = redis.say(&["xlen", "growset:{o:acme}:events"]).parse().expect("is a number");
    // Redis trims whole nodes of a hundred entries, and is asked to after each 256.
    assert!((64..=64 + 100 + 256).contains(&kept), "{kept}");

    let mut grown = small_catalog();
    grown["events"]["to.other"] = grown["events"]["to.org"].clone();
    let admit = || publisher.admit("to.other", acme(), json!({ "text": "x" }), None);
    assert!(matches!(admit(), Err(Refusal::UnknownEvent { .. })));
    hub.admit_catalog(&released(&grown, &[&small_catalog()])).await.expect("it grows");
    let following = async {
        while admit().is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, following).await.expect("it follows");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_away_is_told_and_found_again() {
    let options = ["--appendonly", "yes", "--appendfsync", "always"];
    let Some(mut redis) = Redis::start(&options) else { return };
    let hub = join(&redis.url()).await.expect("it joins");
    let publisher = publisher(&redis.url(), &[]).await;
    let first = publish(&publisher, "1", None).await.expect("is taken");
    let mut live = Heard::open(&hub, org_events(&hub, "acme"), Some(&first)).await;
    redis.kill();
    let told = publish(&publisher, "2", Some("k")).await.expect_err("nobody is there");
    assert!(matches!(told, PublishError::Store(_) | PublishError::Unclear(_)), "{told}");
    redis.start_again(&options);
    let publishing = async {
        while publish(&publisher, "2", Some("k")).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, publishing).await.expect("it recovers");
    assert_eq!(live.texts(1).await, ["2"]);
}
