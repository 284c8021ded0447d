//! Several nodes over one Redis.

pub(crate) mod process;

mod catalogs;

mod log;

mod told;

use growset_model::Audience;
use growset_server::admission::{Admission, Served};
use growset_server::store::RedisStore;
use growset_server::{CatalogError, Erasure, Hub, Resume, Retention, Settings};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::timeout;

pub(crate) use self::process::{Redis, free_port, program};
use crate::conformance::{Heard, Nodes, conforms};
use crate::support::{PATIENCE, item, org_events, publish_to_org, released, small_catalog, texts};

pub(crate) async fn node(url: &str, settings: Settings) -> Hub {
    let store = RedisStore::at(url).expect("is an address");
    Hub::join(released_admission(), store, settings).await.expect("it joins").0
}

pub(crate) async fn join_store(store: RedisStore) -> Hub {
    Hub::join(released_admission(), store, Settings::default()).await.expect("it joins").0
}

pub(crate) async fn join(url: &str) -> Result<Hub, CatalogError> {
    let store = RedisStore::at(url).expect("is an address");
    Hub::join(released_admission(), store, Settings::default()).await.map(|(hub, _)| hub)
}

fn released_admission() -> Admission {
    Admission::from_json(&released(&small_catalog(), &[]), &[], Served::Released).expect("is released")
}

pub(crate) async fn nodes(url: &str, org: &str) -> Nodes {
    let (one, other) = (node(url, Settings::default()).await, node(url, Settings::default()).await);
    Nodes { one, other, org: org.to_owned() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_on_redis_conform() {
    let Some(redis) = Redis::start(&[]) else { return };
    conforms(&nodes(&redis.url(), "acme").await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_payload_of_each_kind_is_sent_by_a_node_that_never_heard_of_it() {
    let Some(redis) = Redis::start(&[]) else { return };
    let mut catalog = small_catalog();
    catalog["events"]["to.org"]["retain"] = json!({ "latest_by": ["text"] });
    let start = async || {
        let text = released(&catalog, &[]);
        let admission = Admission::from_json(&text, &[], Served::Released).expect("is released");
        let store = RedisStore::at(&redis.url()).expect("is an address");
        let settings = Settings { retention: Retention { retained: 2, ..Retention::default() }, ..Settings::default() };
        Hub::join(admission, store, settings).await.expect("it joins").0
    };
    let one = start().await;
    for text in ["a", "b", "a", "c"] {
        publish_to_org(&one, "acme", text).await;
    }
    let other = start().await;
    let mut listener = Heard::open(&other, org_events(&other, "acme"), None).await;
    let last = publish_to_org(&one, "acme", "d").await;
    let heard = [listener.next_own().await, listener.next_own().await, listener.next_own().await];
    assert_eq!(texts(&heard), ["a", "c", "d"], "of three kinds the two that came last, then what is new");
    assert_eq!(heard[2].id, last.id);
    assert_eq!(redis.say(&["hlen", "growset:{o:acme}:retained"]), "2", "no more are kept than may be");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_old_goes_while_events_come() {
    let Some(redis) = Redis::start(&[]) else { return };
    // An event as of 1970, in a history that goes on, of which something was looked for at a time.
    let begin = |org: &str, looked: &str| {
        let key = |name: &str| format!("growset:{{o:{org}}}:{name}");
        redis.say(&["hset", &key("head"), "epoch", "1", "seq", "0", "kept", looked]);
        redis.say(&["xadd", &key("events"), "0-1", "", r#"....{"at":1,"renderings":[]}"#]);
        key("events")
    };
    let hub = node(&redis.url(), Settings::default()).await;
    let quiet = begin("globex", "0");
    publish_to_org(&hub, "globex", "1").await;
    assert_eq!(redis.say(&["xlen", &quiet]), "1", "where few come it is looked for from time to time");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("is later").as_millis();
    let events = &begin("acme", &now.to_string());
    for text in 0..255 {
        publish_to_org(&hub, "acme", &text.to_string()).await;
    }
    assert_eq!(redis.say(&["xlen", events]), "256");
    publish_to_org(&hub, "acme", "one more").await;
    assert_eq!(redis.say(&["xlen", events]), "256");
    assert!(redis.say(&["xrange", events, "-", "+", "count", "1"]).starts_with("1-"), "the first that was published");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_kept_as_the_node_says_that_started_last() {
    let Some(redis) = Redis::start(&[]) else { return };
    let generous = node(&redis.url(), Settings::default()).await;
    let retention = Retention { count: 100, ..Retention::default() };
    let store = RedisStore::at(&redis.url()).expect("is an address");
    let joined = Hub::join(released_admission(), store, Settings { retention, ..Settings::default() }).await;
    let (_stingy, remarks) = joined.expect("it joins");
    let kept = |events: usize| format!("{events} events, 24 hours, 10000 retained payloads, keys for 10 minutes");
    let (now, before) = (kept(100), kept(10_000));
    assert_eq!(remarks, [format!("every node keeps {now} from now on, as this one says; it was {before}")]);
    let following = async {
        for published in 1.. {
            publish_to_org(&generous, "acme", "1").await;
            let kept: u64 = redis.say(&["xlen", "growset:{o:acme}:events"]).parse().expect("is a number");
            if kept + 256 < published {
                return;
            }
        }
    };
    timeout(PATIENCE, following).await.expect("the node that started first keeps no more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_kept_less_replays_as_much_as_the_one_says_that_started_last() {
    let Some(redis) = Redis::start(&[]) else { return };
    let retention = Retention { count: 2, ..Retention::default() };
    let stingy = node(&redis.url(), Settings { retention, ..Settings::default() }).await;
    let _listener = Heard::open(&stingy, org_events(&stingy, "acme"), None).await;
    let generous = node(&redis.url(), Settings::default()).await;
    let first = publish_to_org(&generous, "acme", "0").await;
    for text in 1..=20 {
        publish_to_org(&generous, "acme", &text.to_string()).await;
    }
    let replayed = async {
        loop {
            let mut back = Heard::open(&stingy, org_events(&stingy, "acme"), Some(&first.id)).await;
            if back.listener.resumed() == Resume::Exact {
                return back.texts(20).await;
            }
        }
    };
    let expected: Vec<String> = (1..=20).map(|text| text.to_string()).collect();
    assert_eq!(timeout(PATIENCE, replayed).await.expect("it keeps as much before long"), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_erased_is_replayed_by_a_node_that_never_heard_it() {
    let Some(redis) = Redis::start(&[]) else { return };
    let one = node(&redis.url(), Settings::default()).await;
    let before = publish_to_org(&one, "acme", "1").await;
    one.publish_item(item(&one, Audience::User, [Some("acme"), Some("ada"), None], "gone"))
        .await
        .expect("is published");
    publish_to_org(&one, "acme", "2").await;
    one.erase(Erasure::User("acme".into(), "ada".into())).await.expect("is erased");
    let other = node(&redis.url(), Settings::default()).await;
    let mut back = Heard::open(&other, org_events(&other, "acme"), Some(&before.id)).await;
    assert_eq!((back.listener.resumed(), back.gap().await), (Resume::Gap, "erased".to_owned()));
    assert_eq!(back.texts(1).await, ["2"]);
}

/// How often Redis carried out a command.
fn calls(redis: &Redis, command: &str) -> u64 {
    let told = redis.say(&["info", "commandstats"]);
    let line = told.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:calls=")));
    line.and_then(|line| line.split_once(',')?.0.parse().ok()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_alone_never_waits_and_a_crowd_goes_together() {
    let Some(redis) = Redis::start(&[]) else { return };
    let hub = node(&redis.url(), Settings::default()).await;
    let asked = calls(&redis, "info");
    for text in 0..30 {
        publish_to_org(&hub, "acme", &text.to_string()).await;
    }
    let alone = calls(&redis, "fcall");
    assert!((30..=31).contains(&alone), "one call each, and one more before the function was there: {alone}");
    // Its own looks at these figures are among them.
    assert!(calls(&redis, "info") - asked < 10, "the server is not asked each time which it is");
    // Two of three calls would carry one event each if nobody waited. Those who are kept from the processor for longer than
    // others wait for them do not go together, so that a busy machine may have to try again.
    let gathers = async { while crowd(&redis, &hub).await >= 180 {} };
    timeout(PATIENCE, gathers).await.expect("three who publish 300 events at the same time need less calls");
}

/// How many calls the 300 events of three publishers took.
async fn crowd(redis: &Redis, hub: &Hub) -> u64 {
    let before = calls(redis, "fcall");
    let publishers = (0..3).map(|_| {
        let hub = hub.clone();
        async move {
            for text in 0..100 {
                publish_to_org(&hub, "acme", &text.to_string()).await;
            }
        }
    });
    publishers.collect::<JoinSet<()>>().join_all().await;
    calls(redis, "fcall") - before
}
