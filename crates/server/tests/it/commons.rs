//! What nodes have in common, when a node or Redis is lost: places come back, tickets are kept no longer than they are
//! good, and while Redis cannot be asked each node counts alone.

use growset_server::Settings;
use growset_server::http::Limits;
use hyper::Response;
use hyper::body::Incoming;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::conformance::commons::{begun, listen, listen_in_the_end, server_with, strict_server, ticket, with_token};
use crate::fleet::Node;
use crate::proxy::{Proxy, Way};
use crate::redis::{Redis, node};
use crate::support::{PATIENCE, Server, Stream, answer, send};

const STREAMS: &str = "growset:{o:acme}:streams";

async fn strict(url: &str) -> Server {
    strict_server(&node(url, Settings::default()).await).await
}

/// Until Redis knows of so many streams.
async fn counted(redis: &Redis, streams: u32) {
    let counted = async {
        let count = || redis.say(&["hvals", STREAMS]).lines().filter_map(|line| line.parse::<u32>().ok()).sum::<u32>();
        while count() != streams {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, counted).await.expect("it is stated");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_node_gives_its_places_back() {
    let Some(redis) = Redis::start(&[]) else { return };
    let (killed, survivor) = (Node::start(&redis.url()), strict(&redis.url()).await);
    for user in ["a", "b", "c", "d"] {
        let request = with_token("GET", "/events?events=to.org", ["acme", user], "");
        begun(send(killed.address, request).await).await;
    }
    counted(&redis, 0).await;
    let mut open = Vec::new();
    for user in ["a", "b", "c", "d"] {
        let request = with_token("GET", "/events?events=to.org", ["acme", user], "");
        open.push(begun(send(killed.address, request).await).await);
    }
    let name = redis.say(&["hkeys", STREAMS]);
    drop(killed);
    let refused = listen(&survivor, ["acme", "e"]).await.map(drop).expect_err("four are open, for all it knows");
    assert!(refused.to_string().contains("organisation"), "{refused}");
    // As if a quarter of a minute had passed.
    assert_eq!(redis.say(&["zadd", "growset:nodes", "xx", "ch", "1", &name]), "1");
    listen_in_the_end(&survivor, ["acme", "e"]).await;
    assert!(!redis.say(&["hkeys", STREAMS]).contains(&name));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_flushed_redis_forgot_is_said_again() {
    let Some(redis) = Redis::start(&[]) else { return };
    let (one, other) = (strict(&redis.url()).await, strict(&redis.url()).await);
    let _ada = [
        listen(&one, ["acme", "ada"]).await.expect("has room"),
        listen(&one, ["acme", "ada"]).await.expect("has room"),
    ];
    redis.say(&["flushall"]);
    let _bob = listen(&one, ["acme", "bob"]).await.expect("has room");
    counted(&redis, 3).await;
    let stated = async {
        while listen(&other, ["acme", "ada"]).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, stated).await.expect("both of ada's are known again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_is_kept_as_long_as_it_is_good_and_cannot_be_read_there() {
    let Some(redis) = Redis::start(&[]) else { return };
    let (one, other) = (strict(&redis.url()).await, strict(&redis.url()).await);
    let secret = ticket(&one, "acme").await;
    let key = redis.say(&["keys", "growset:{o:acme}:ticket:*"]);
    let left = || redis.say(&["pttl", &key]).parse::<i64>().expect("it ends");
    assert!((1..=30_000).contains(&left()), "until it is first used");
    let all = key.clone() + &redis.say(&["hgetall", &key]);
    assert!(!all.contains(&secret) && !all.contains(&secret[..64]), "whoever reads it cannot show it: {all}");
    let stream = begun(other.get(&format!("/events?ticket={secret}")).await).await;
    assert!((500_000..=600_000).contains(&left()), "then until its token ends");
    drop(stream);
    // As if ten minutes had passed.
    redis.say(&["pexpire", &key, "0"]);
    for server in [&one, &other] {
        assert_eq!(server.get(&format!("/events?ticket={secret}")).await.status(), 401);
    }
}

/// 503 with the rule, and when to try again.
async fn unavailable(response: Response<Incoming>) -> Value {
    let again = response.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (status, problem) = answer(response).await;
    assert_eq!((status, again.as_deref()), (503, Some("1")), "{problem}");
    problem["rule"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_redis_is_away_publishing_says_so_and_each_node_counts_alone() {
    let Some(mut redis) = Redis::start(&[]) else { return };
    let proxy = Proxy::start(redis.port).await;
    let (one, other) = (strict(&proxy.url()).await, strict(&proxy.url()).await);
    let event = json!({ "event": "to.org", "org": "acme", "data": { "text": "1" } }).to_string();
    // Where no limit has to be asked for first.
    let lenient = server_with(&one.hub, Limits::default()).await;
    let publish = async || lenient.send(with_token("POST", "/publish", ["acme", "ada"], &event)).await;
    assert_eq!(publish().await.status(), 201);
    let ada = listen(&one, ["acme", "ada"]).await.expect("has room");
    let bob = listen(&other, ["acme", "bob"]).await.expect("has room");
    let shown = ticket(&one, "acme").await;
    proxy.set(Way::Held);
    assert_eq!(unavailable(publish().await).await, "store-unclear", "nobody knows");
    redis.kill();
    proxy.set(Way::Open);
    proxy.lead_to(1);
    let gone = async { while unavailable(publish().await).await != "store-failed" {} };
    timeout(PATIENCE, gone).await.expect("it is known to be gone");
    for (method, path) in [("POST", "/tickets".to_owned()), ("GET", format!("/events?ticket={shown}"))] {
        let response = one.send(with_token(method, &path, ["acme", "ada"], "")).await;
        assert_eq!(unavailable(response).await, "store-failed", "{path}");
    }
    let mut open: Vec<Stream> = Vec::new();
    for user in ["ada", "b", "c"] {
        open.push(listen(&one, ["acme", user]).await.expect("there is room on this node"));
    }
    let refused = listen(&one, ["acme", "d"]).await.map(drop).expect_err("four are open here");
    assert!(refused.to_string().contains("organisation"), "{refused}");
    open.push(listen(&other, ["acme", "ada"]).await.expect("the other node cannot know"));
    redis.start_again(&[]);
    proxy.lead_to(redis.port);
    counted(&redis, 6).await;
    let refused = listen(&other, ["acme", "e"]).await.map(drop).expect_err("six are open");
    assert!(refused.to_string().contains("organisation"), "{refused}");
    let published = async { while publish().await.status() != 201 {} };
    timeout(PATIENCE, published).await.expect("it recovers");
    for mut stream in open.into_iter().chain([ada, bob]) {
        assert_eq!(stream.next_own().await.map(|event| event.name).as_deref(), Some("to.org"), "everyone stayed");
    }
}
