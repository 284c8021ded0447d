//! A Redis that fails, in every way: publishing says so, listeners stay and are told nothing false, and everything goes
//! on without a restart.

use growset_model::Audience;
use growset_server::store::RedisStore;
use growset_server::{Hub, ListenError, PublishError, Resume, Settings};
use tokio::time::timeout;

use crate::conformance::Heard;
use crate::proxy::{Proxy, Way};
use crate::redis::{Redis, join, node, nodes};
use crate::support::{PATIENCE, item, org_events, publish_to_org};

/// Publishes until it is taken, under one key.
pub(crate) async fn publish_in_the_end(hub: &Hub, text: &str) -> String {
    let publishing = async {
        loop {
            let mut item = item(hub, Audience::Org, [Some("acme"), None, None], text);
            item.key = Some(text.to_owned());
            match hub.publish_item(item).await {
                Ok(published) => return published.id,
                Err(PublishError::Store(_) | PublishError::Unclear(_)) => tokio::task::yield_now().await,
                Err(error) => unreachable!("{error}"),
            }
        }
    };
    timeout(PATIENCE, publishing).await.expect("it recovers")
}

async fn refused(hub: &Hub) -> String {
    let refused = hub.publish_item(item(hub, Audience::Org, [Some("acme"), None, None], "lost")).await;
    match refused.expect_err("is refused") {
        PublishError::Store(message) => message,
        other => unreachable!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_or_read_only_redis_refuses_events_and_nothing_else() {
    let Some(redis) = Redis::start(&[]) else { return };
    let nodes = nodes(&redis.url(), "acme").await;
    let mut live = Heard::open(&nodes.other, org_events(&nodes.other, "acme"), None).await;
    let first = publish_to_org(&nodes.one, "acme", "1").await;
    assert_eq!(live.texts(1).await, ["1"]);
    for (broken, mended, message) in [
        (["maxmemory", "1"], ["maxmemory", "0"], "no memory left"),
        (["min-replicas-to-write", "1"], ["min-replicas-to-write", "0"], "too few replicas"),
    ] {
        redis.say(&["config", "set", broken[0], broken[1]]);
        let told = refused(&nodes.one).await;
        assert!(told.contains(message), "{told}");
        let mut back = Heard::open(&nodes.other, org_events(&nodes.other, "acme"), Some(&first.id)).await;
        assert_eq!(back.listener.resumed(), Resume::Exact, "listening goes on");
        redis.say(&["config", "set", mended[0], mended[1]]);
        let text = format!("after {message}");
        publish_to_org(&nodes.one, "acme", &text).await;
        assert_eq!(live.texts(1).await, [text.as_str()]);
        let missed = if message.starts_with("no memory") { 1 } else { 2 };
        assert_eq!(back.texts(missed).await.last(), Some(&text));
    }
    redis.say(&["replicaof", "127.0.0.1", "1"]);
    let told = refused(&nodes.one).await;
    assert!(told.contains("is a replica"), "{told}");
    redis.say(&["replicaof", "no", "one"]);
    let id = publish_in_the_end(&nodes.one, "after all").await;
    let event = live.next_own().await;
    assert_eq!((event.id, event.data), (id.clone(), r#"{"text":"after all"}"#.to_owned()));
    assert_eq!(epoch(&id), epoch(&first.id), "it never heard of another history, so that it lost nothing");
}

fn epoch(id: &str) -> &str {
    id.split_once('.').expect("is an id").0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_that_keeps_everything_is_not_noticed() {
    let options = ["--appendonly", "yes", "--appendfsync", "always"];
    let Some(mut redis) = Redis::start(&options) else { return };
    let nodes = nodes(&redis.url(), "acme").await;
    let mut live = Heard::open(&nodes.other, org_events(&nodes.other, "acme"), None).await;
    let first = publish_in_the_end(&nodes.one, "1").await;
    publish_in_the_end(&nodes.one, "2").await;
    redis.kill();
    let told = nodes.one.publish_item(item(&nodes.one, Audience::Org, [Some("acme"), None, None], "lost")).await;
    assert!(matches!(told, Err(PublishError::Store(_) | PublishError::Unclear(_))), "{told:?}");
    redis.start_again(&options);
    assert_eq!(publish_in_the_end(&nodes.one, "1").await, first, "keys are kept as well");
    let third = publish_in_the_end(&nodes.one, "3").await;
    assert_eq!(live.texts(3).await, ["1", "2", "3"]);
    let mut back = Heard::open(&nodes.one, org_events(&nodes.one, "acme"), Some(&first)).await;
    assert_eq!((back.listener.resumed(), back.texts(2).await), (Resume::Exact, vec!["2".into(), "3".into()]));
    assert_ne!(epoch(&first), epoch(&third));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flushed_redis_begins_anew_and_whoever_listens_is_told() {
    let Some(redis) = Redis::start(&[]) else { return };
    let nodes = nodes(&redis.url(), "acme").await;
    let mut live = Heard::open(&nodes.other, org_events(&nodes.other, "acme"), None).await;
    let mut ids = Vec::new();
    for text in ["1", "2", "3"] {
        ids.push(publish_to_org(&nodes.one, "acme", text).await.id);
    }
    assert_eq!(live.texts(3).await, ["1", "2", "3"]);
    redis.say(&["flushall"]);
    for text in ["4", "5"] {
        let id = publish_to_org(&nodes.one, "acme", text).await.id;
        assert!(!ids.contains(&id), "{id} is given twice");
    }
    assert_eq!(live.gap().await, "rollback");
    publish_to_org(&nodes.one, "acme", "6").await;
    loop {
        // What came with the gap is behind it.
        if live.texts(1).await == ["6"] {
            break;
        }
    }
    let mut back = Heard::open(&nodes.other, org_events(&nodes.other, "acme"), Some(&ids[1])).await;
    assert_eq!(back.gap().await, "rollback");
    let kept = async {
        while redis.say(&["hget", "growset:catalog", "revision"]) != "2" {
            tokio::task::yield_now().await
        }
    };
    timeout(PATIENCE, kept).await.expect("the admitted catalog is kept anew, as a later revision");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_cut_off_catches_up_when_it_is_back() {
    let Some(redis) = Redis::start(&[]) else { return };
    let proxy = Proxy::start(redis.port).await;
    catches_up([&proxy.url(), &redis.url()], || proxy.set(Way::Held), || proxy.set(Way::Open)).await;
}

/// Of two nodes, each with its own way to one Redis, the first loses its way and finds it again.
pub(crate) async fn catches_up([cut, other]: [&str; 2], hold: impl Fn(), mend: impl Fn()) {
    let (cut, other) = (node(cut, Settings::default()).await, node(other, Settings::default()).await);
    let mut live = Heard::open(&cut, org_events(&cut, "acme"), None).await;
    let first = publish_to_org(&other, "acme", "1").await;
    assert_eq!(live.texts(1).await, ["1"]);
    hold();
    let second = publish_to_org(&other, "acme", "2").await;
    let mut unheard = item(&cut, Audience::Org, [Some("acme"), None, None], "unclear");
    unheard.key = Some("unclear".into());
    let told = cut.publish_item(unheard).await;
    assert!(matches!(told, Err(PublishError::Unclear(_) | PublishError::Store(_))), "{told:?}");
    let here = Heard::open(&cut, org_events(&cut, "acme"), Some(&first.id)).await;
    assert_eq!(here.listener.resumed(), Resume::Exact, "what is here is enough");
    let ahead = timeout(PATIENCE, cut.listen(org_events(&cut, "acme"), Some(&second.id))).await.expect("it answers");
    assert!(matches!(ahead, Err(ListenError::Store(_))), "nobody is told a gap that there is not");
    mend();
    publish_in_the_end(&cut, "unclear").await;
    publish_in_the_end(&cut, "3").await;
    assert_eq!(live.texts(3).await, ["2", "unclear", "3"]);
    let mut back = Heard::open(&cut, org_events(&cut, "acme"), Some(&second.id)).await;
    assert_eq!((back.listener.resumed(), back.texts(2).await), (Resume::Exact, vec!["unclear".into(), "3".into()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_is_wrong_is_told_at_the_start_and_later() {
    let Some(redis) = Redis::start(&["--requirepass", "secret"]) else { return };
    for url in [redis.url(), redis.url().replace("//", "//:wrong@")] {
        let refused = join(&url).await.map(drop).expect_err("is refused").to_string();
        assert!(refused.contains("Redis denies access") && !refused.contains("wrong@"), "{refused}");
    }
    let hub = node(&redis.url().replace("//", "//:secret@"), Settings::default()).await;
    let mut live = Heard::open(&hub, org_events(&hub, "acme"), None).await;
    publish_to_org(&hub, "acme", "1").await;
    redis.say(&["-a", "secret", "config", "set", "requirepass", "other"]);
    redis.say(&["-a", "other", "client", "kill", "type", "normal"]);
    redis.say(&["-a", "other", "client", "kill", "type", "pubsub"]);
    assert!(hub.publish_item(item(&hub, Audience::Org, [Some("acme"), None, None], "lost")).await.is_err());
    redis.say(&["-a", "other", "config", "set", "requirepass", "secret"]);
    publish_in_the_end(&hub, "2").await;
    assert_eq!(live.texts(2).await, ["1", "2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_where_nobody_is_is_told_at_the_start() {
    let stranger = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has ports");
    let port = stranger.local_addr().expect("it is bound").port();
    std::thread::spawn(move || {
        for stream in stranger.incoming() {
            // Whoever hung up is told nothing.
            let _ = stream.and_then(|mut stream| {
                std::io::Read::read(&mut stream, &mut [0; 1024])?;
                std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n")
            });
        }
    });
    let stranger = format!("redis://127.0.0.1:{port}");
    for (url, expected) in [
        (stranger.as_str(), "what answers there is no Redis"),
        ("redis://127.0.0.1:1", "Redis cannot be reached"),
        ("redis-sentinel://127.0.0.1:1/main", "Redis cannot be reached"),
        ("redis-cluster://127.0.0.1:1", "Redis cannot be reached"),
    ] {
        let refused = join(url).await.map(drop).expect_err("is refused").to_string();
        assert!(refused.contains(expected), "{refused}");
    }
    for url in [
        "localhost",
        "http://localhost",
        "redis-sentinel://localhost",
        "redis://:p@ss@:x",
        "redis://localhost?foo=1",
        "redis://localhost/0#insecure",
        "redis://localhost/first",
        "redis://localhost/1/2",
        "redis-sentinel://localhost/main/first",
        "redis-cluster://localhost/3",
    ] {
        let refused = RedisStore::at(url).expect_err("is refused").to_string();
        assert!(refused.contains("write redis://"), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_not_be_kept_is_known_under_no_key_and_what_was_kept_is_no_failure() {
    let Some(redis) = Redis::start(&[]) else { return };
    let nodes = nodes(&redis.url(), "acme").await;
    let first = publish_to_org(&nodes.one, "acme", "1").await;
    let publish = async |text: &str| {
        let mut item = item(&nodes.one, Audience::Org, [Some("acme"), None, None], text);
        item.key = Some(text.to_owned());
        nodes.one.publish_item(item).await
    };
    let right = |right: &str| redis.say(&["acl", "setuser", "default", right]);
    right("-xadd");
    assert!(matches!(publish("2").await, Err(PublishError::Store(_))));
    right("+xadd");
    let second = publish("2").await.expect("is kept");
    assert!(!second.is_repeat);
    assert!(publish("2").await.is_ok_and(|again| again.is_repeat && again.id == second.id));

    right("resetchannels");
    assert!(publish("3").await.is_ok(), "it is kept, whoever hears of it");
    right("allchannels");
    let mut back = Heard::open(&nodes.other, org_events(&nodes.other, "acme"), Some(&first.id)).await;
    assert_eq!(back.texts(2).await, ["2", "3"]);

    redis.say(&["del", "growset:{o:acme}:head"]);
    let anew = publish("2").await.expect("a history begins");
    assert!(!anew.is_repeat && anew.id != second.id);
    assert_eq!(back.gap().await, "rollback", "who heard what is gone is told so");
}
