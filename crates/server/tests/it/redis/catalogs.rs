//! The admitted catalog of several nodes, where Redis loses it: one wins, whatever its revision.

use growset_model::Audience;
use growset_server::admission::{Admission, Served};
use growset_server::http::{Access, Limits, Origins};
use growset_server::store::RedisStore;
use growset_server::{Hub, PublishError, Settings};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::Redis;
use crate::support::{PATIENCE, Server, item, released, request, small_catalog, text_of};

async fn serving(redis: &Redis, catalog: &Value) -> Hub {
    let text = released(catalog, &[&small_catalog()]);
    let admission = Admission::from_json(&text, &[], Served::Released).expect("is released");
    let store = RedisStore::at(&redis.url()).expect("is an address");
    Hub::join(admission, store, Settings::default()).await.expect("it joins").0
}

fn with(event: &str, field: &str, kind: &str) -> Value {
    let mut catalog = small_catalog();
    catalog["events"][event]["optional"][field] = json!({ "type": kind });
    catalog
}

/// What a flush and a node that starts at once come to: one catalog takes the place of another, under a revision that is
/// known.
async fn replace(redis: &Redis, catalog: &Value) {
    let Some(elsewhere) = Redis::start(&[]) else { return };
    drop(serving(&elsewhere, catalog).await);
    assert_eq!(elsewhere.say(&["hget", "growset:catalog", "revision"]), "1");
    let port = redis.port.to_string();
    let moved = elsewhere.say(&["migrate", "127.0.0.1", &port, "growset:catalog", "0", "5000", "replace"]);
    assert_eq!(moved, "OK");
}

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let waiting = async { while !is_so().await {} };
    timeout(PATIENCE, waiting).await.expect(what);
}

async fn publish(hub: &Hub) -> Result<(), PublishError> {
    hub.publish_item(item(hub, Audience::Org, [Some("acme"), None, None], "1")).await.map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_catalogs_that_diverge_after_a_flush_one_wins_and_the_other_node_publishes_nothing() {
    let Some(redis) = Redis::start(&[]) else { return };
    let loser = serving(&redis, &with("to.org", "note", "string")).await;
    let server = Server::start(loser.clone(), Access::Dev, Origins::default(), Limits::default()).await;
    publish(&loser).await.expect("it is alone");
    replace(&redis, &with("to.org", "note", "integer")).await;
    until("it is noticed", async || publish(&loser).await.is_err()).await;
    let told = publish(&loser).await.expect_err("is refused").to_string();
    assert!(told.contains("another catalog was admitted, which does not grow from"), "{told}");
    let metrics = text_of(server.send(request("GET", "/metrics", &[], "")).await).await;
    assert!(metrics.contains("growset_catalog_diverged 1"), "{metrics}");
    assert_eq!(server.send(request("GET", "/readyz", &[], "")).await.status(), 503);
    let winner = serving(&redis, &with("to.org", "note", "integer")).await;
    publish(&winner).await.expect("it won");
    assert!(publish(&loser).await.is_err());
    drop(winner);
    redis.say(&["del", "growset:catalog"]);
    until("it goes on once the catalogs agree", async || publish(&loser).await.is_ok()).await;
    assert_eq!(server.send(request("GET", "/readyz", &[], "")).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_catalog_that_grows_is_followed_and_one_that_is_outgrown_is_replaced_whatever_the_revision() {
    let Some(redis) = Redis::start(&[]) else { return };
    let hub = serving(&redis, &small_catalog()).await;
    let grown = with("to.org", "note", "string");
    replace(&redis, &grown).await;
    let serves_note = async || hub.admission().json().windows(4).any(|text| text == b"note");
    until("it is followed", serves_note).await;
    replace(&redis, &small_catalog()).await;
    let keeps_note = async || redis.say(&["hget", "growset:catalog", "json"]).contains("note");
    until("it is kept anew", keeps_note).await;
    publish(&hub).await.expect("one catalog is served and kept");
}
