//! What a node says of a Redis that fails: in its log each trouble once, until it is over, and to whoever asks it.

use std::process::{Command, Stdio};
use std::time::Duration;

use growset_model::Audience;
use growset_server::http::{Access, Limits, Origins};
use growset_server::{Hub, PublishError, Settings};
use tokio::time::timeout;

use super::log::Log;
use super::{Redis, node};
use crate::conformance::Heard;
use crate::support::{PATIENCE, Server, item, org_events, publish_to_org, request, text_of};

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, waiting).await.expect(what);
}

async fn ready(server: &Server) -> (u16, String) {
    let response = server.send(request("GET", "/readyz", &[], "")).await;
    (response.status().as_u16(), text_of(response).await)
}

async fn refusal(hub: &Hub, org: &str) -> Option<String> {
    let refused = hub.publish_item(item(hub, Audience::Org, [Some(org), None, None], "x")).await;
    match refused {
        Ok(_) => None,
        Err(PublishError::Store(told) | PublishError::Unclear(told)) => Some(told),
        Err(other) => unreachable!("{other}"),
    }
}

const USER: [&str; 16] = [
    "acl",
    "setuser",
    "app",
    "on",
    ">pw",
    "~growset:*",
    "resetchannels",
    "&growset:*",
    "+@read",
    "+@write",
    "+@scripting",
    "+@pubsub",
    "+@connection",
    "+info",
    "+time",
    "+wait",
];

#[tokio::test]
async fn a_node_that_may_not_listen_says_so_until_it_may() {
    let (log, _guard) = Log::begin();
    let Some(redis) = Redis::start(&[]) else { return };
    assert_eq!(redis.say(&USER), "OK");
    let hub = node(&redis.url().replace("//", "//app:pw@"), Settings::default()).await;
    let other = node(&redis.url(), Settings::default()).await;
    let server = Server::start(hub.clone(), Access::Dev, Origins::default(), Limits::default()).await;
    let mut live = Heard::open(&hub, org_events(&hub, "acme"), None).await;
    assert_eq!(ready(&server).await, (200, "ready\n".to_owned()));
    redis.say(&["acl", "setuser", "app", "resetchannels"]);
    until("it is noticed", async || ready(&server).await.0 == 503).await;
    let told = ready(&server).await.1;
    assert!(told.contains("listening: Redis denies access"), "{told}");
    publish_to_org(&other, "acme", "1").await;
    assert_eq!(log.with("listening").len(), 1, "{:?}", log.with("listening"));
    redis.say(&["acl", "setuser", "app", "&growset:*"]);
    until("it listens again", async || ready(&server).await.0 == 200).await;
    assert_eq!(live.texts(1).await, ["1"]);
    let told = log.with("listening");
    assert!(matches!(&told[..], [ill, well] if ill.contains("in trouble") && well.contains("well again")), "{told:?}");
}

#[tokio::test]
async fn what_fails_for_one_organisation_is_told_once_and_not_of_all() {
    let (log, _guard) = Log::begin();
    let Some(redis) = Redis::start(&[]) else { return };
    let hub = node(&redis.url(), Settings::default()).await;
    redis.say(&["set", "growset:{o:broken}:head", "none"]);
    for text in ["1", "2", "3"] {
        assert!(refusal(&hub, "broken").await.is_some_and(|told| !told.contains("script")));
        publish_to_org(&hub, "acme", text).await;
    }
    let told = log.with("publishing");
    assert!(matches!(&told[..], [one] if one.contains("to some organisations")), "{told:?}");
}

#[tokio::test]
async fn a_password_that_was_changed_is_what_publishers_and_the_log_are_told() {
    let (log, _guard) = Log::begin();
    let Some(redis) = Redis::start(&["--requirepass", "secret"]) else { return };
    let hub = node(&redis.url().replace("//", "//:secret@"), Settings::default()).await;
    redis.say(&["-a", "secret", "config", "set", "requirepass", "other"]);
    redis.say(&["-a", "other", "client", "kill", "type", "normal"]);
    redis.say(&["-a", "other", "client", "kill", "type", "pubsub"]);
    let is_told = async || refusal(&hub, "acme").await.is_some_and(|told| told.contains("Redis denies access"));
    until("publishers are told", is_told).await;
    until("it is logged", async || !log.with("listening").is_empty()).await;
    for what in ["connecting", "listening"] {
        let told = log.with(what);
        assert!(matches!(&told[..], [one] if one.contains("Redis denies access")), "{told:?}");
    }
    redis.say(&["-a", "other", "config", "set", "requirepass", "secret"]);
    until("it recovers", async || refusal(&hub, "acme").await.is_none()).await;
    until("it listens again", async || log.with("listening").len() == 2).await;
}

#[tokio::test]
async fn a_script_that_takes_long_does_not_make_a_node_listen_anew() {
    let (log, _guard) = Log::begin();
    let Some(redis) = Redis::start(&["--busy-reply-threshold", "100"]) else { return };
    let hub = node(&redis.url(), Settings::default()).await;
    let mut live = Heard::open(&hub, org_events(&hub, "acme"), None).await;
    // A busy machine may have had trouble before.
    let [before_listening, before_publishing] = ["listening", "publishing"].map(|what| log.with(what).len());
    let port = redis.port.to_string();
    let forever = ["-p", &port, "eval", "while true do end", "0"];
    let mut script = Command::new("redis-cli").args(forever).stdout(Stdio::null()).spawn().expect("it starts");
    let is_told = async || refusal(&hub, "acme").await.is_some_and(|told| told.contains("SCRIPT KILL"));
    until("publishers are told", is_told).await;
    // Whether the other side is there is asked meanwhile, and answered.
    let asked = tokio::time::Instant::now();
    until("it was asked", async || {
        refusal(&hub, "acme").await;
        asked.elapsed() > Duration::from_secs(3)
    })
    .await;
    redis.say(&["script", "kill"]);
    script.wait().expect("it ends");
    until("it recovers", async || refusal(&hub, "acme").await.is_none()).await;
    assert_eq!(live.texts(1).await, ["x"]);
    assert_eq!(log.with("listening")[before_listening..], [""; 0]);
    let told = log.with("publishing");
    assert_eq!(told[before_publishing..].iter().filter(|line| line.contains("well again")).count(), 1, "{told:?}");
}
