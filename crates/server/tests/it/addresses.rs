//! The kinds of Redis that nodes share: a cluster, a primary that a sentinel names, users of an ACL, TLS, replicas that are
//! waited for.

use std::path::Path;
use std::process::{Command, Stdio};

use growset_model::Audience;
use growset_server::store::RedisStore;
use growset_server::{Erasure, PublishError, Settings};
use rcgen::generate_simple_self_signed;
use tokio::time::timeout;

use crate::conformance::commons::with_token;
use crate::conformance::conforms;
use crate::fleet::Node;
use crate::redis::{Redis, free_port, join, join_store, node, nodes, program};
use crate::support::{PATIENCE, item, publish_to_org, send};

async fn whole(shards: &[Redis]) {
    let whole = async {
        while shards.iter().any(|shard| !shard.say(&["cluster", "info"]).contains("cluster_state:ok")) {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, whole).await.expect("the cluster is whole");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_on_a_cluster_conform() {
    let shards: Vec<Redis> = (0..3)
        .map_while(|_| {
            let bus = free_port().to_string();
            Redis::start(&["--cluster-enabled", "yes", "--cluster-port", &bus, "--cluster-node-timeout", "5000"])
        })
        .collect();
    let Some(first) = shards.first() else { return };
    let addresses: Vec<String> = shards.iter().map(|shard| format!("127.0.0.1:{}", shard.port)).collect();
    let mut create = Command::new("redis-cli");
    create.args(["--cluster", "create"]).args(&addresses).arg("--cluster-yes").stdout(Stdio::null());
    assert!(create.status().expect("redis-cli comes with the server").success());
    whole(&shards).await;
    let url = format!("redis-cluster://{}", addresses.join(","));
    conforms(&nodes(&url, "acme").await).await;
    let rights = rights_of_the_guide();
    shards.iter().for_each(|shard| admit_user(shard, &rights));
    conforms(&nodes(&url.replace("//", "//app:pw@"), "limited").await).await;
    // Organisations are spread, and wake-ups stay in their shard.
    let hub = node(&format!("redis-cluster://127.0.0.1:{}", first.port), Settings::default()).await;
    for org in 0..20 {
        publish_to_org(&hub, &format!("org-{org}"), "1").await;
    }
    assert!(shards.iter().all(|shard| shard.say(&["dbsize"]) != "0"), "every shard has some");
    let refused = RedisStore::at(&url).and_then(|store| store.replicated(1)).expect_err("is refused");
    assert!(refused.to_string().contains("a cluster cannot be asked"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sentinels_say_where_the_primary_is() {
    let Some(primary) = Redis::start(&[]) else { return };
    let Some(program) = program() else { return };
    let (folder, port) = (tempfile::tempdir().expect("there is room"), free_port());
    let file = folder.path().join("sentinel.conf");
    let text = format!("port {port}\nbind 127.0.0.1\nsentinel monitor main 127.0.0.1 {} 1\n", primary.port);
    std::fs::write(&file, text).expect("there is room");
    let mut sentinel =
        Command::new(program).arg(&file).arg("--sentinel").stdout(Stdio::null()).spawn().expect("it starts");
    let url = format!("redis-sentinel://127.0.0.1:1,127.0.0.1:{port}/main/2");
    let joining = async {
        loop {
            if let Ok(hub) = join(&url).await {
                return hub;
            }
            tokio::task::yield_now().await;
        }
    };
    let hub = timeout(PATIENCE, joining).await.expect("the sentinel starts");
    publish_to_org(&hub, "acme", "1").await;
    assert_eq!(primary.say(&["-n", "2", "hget", "growset:{o:acme}:head", "seq"]), "1", "in its database");
    let refused = join(&url.replace("/main", "/other")).await.map(drop).expect_err("is refused").to_string();
    assert!(refused.contains("no sentinel knows a primary of that name"), "{refused}");
    sentinel.kill().expect("it runs");
    sentinel.wait().expect("it was killed");
}

/// `+@read` and so on.
fn rights_of_the_guide() -> Vec<&'static str> {
    let guide = include_str!("../../../cli/pages/nodes.md");
    let (_, sentence) = guide.split_once("An ACL's user needs").expect("the guide has them");
    let (sentence, _) = sentence.split_once('.').expect("it ends");
    sentence.split('`').flat_map(|code| code.split(' ')).filter(|word| word.starts_with('+')).collect()
}

/// `app` with the password `pw`.
fn admit_user(redis: &Redis, rights: &[&str]) {
    let user = ["acl", "setuser", "app", "on", ">pw", "~growset:*", "&growset:*"];
    assert_eq!(redis.say(&[&user[..], rights].concat()), "OK");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_with_the_rights_that_the_guide_names_is_enough() {
    let Some(redis) = Redis::start(&[]) else { return };
    // The last one is for clusters.
    admit_user(&redis, rights_of_the_guide().split_last().expect("it names some").1);
    let url = redis.url().replace("//", "//app:pw@");
    conforms(&nodes(&url, "acme").await).await;
    redis.say(&["acl", "setuser", "app", "-xadd"]);
    let hub = node(&redis.url(), Settings::default()).await;
    publish_to_org(&hub, "acme", "1").await;
    let limited = node(&url, Settings::default()).await;
    let refused = limited.publish_item(item(&limited, Audience::Org, [Some("acme"), None, None], "2")).await;
    assert!(
        refused.as_ref().is_err_and(|error| error.to_string().contains("see the user, the password and the rights")),
        "{refused:?}"
    );
    let private = item(&hub, Audience::User, [Some("acme"), Some("ada"), None], "3");
    hub.publish_item(private).await.expect("is published");
    let kept = || redis.say(&["xlen", "growset:{o:acme}:events"]);
    let before = kept();
    let erased = limited.erase(Erasure::User("acme".into(), "ada".into())).await;
    assert!(erased.is_err_and(|error| error.to_string().contains("see the user, the password and the rights")));
    assert_eq!(kept(), before, "what cannot be written anew is not taken away");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_is_spoken_with_those_who_are_trusted_alone() {
    let folder = tempfile::tempdir().expect("there is room");
    let files = certificate(folder.path());
    let port = free_port().to_string();
    let Some(redis) = Redis::start(&tls(&port, &files)) else { return };
    let url = format!("rediss://localhost:{port}");
    let refused = join(&url).await.map(drop).expect_err("is refused").to_string();
    assert!(refused.contains("Redis cannot be reached") && refused.contains("certificate"), "{refused}");
    let plain = join(&redis.url().replace("redis://", "rediss://")).await.map(drop).expect_err("is refused");
    assert!(plain.to_string().contains("Redis does not answer in time"), "it waits for what comes next: {plain}");
    assert!(plain.to_string().contains("write redis://"), "{plain}");
    let clear = join(&format!("redis://localhost:{port}")).await.map(drop).expect_err("is refused").to_string();
    assert!(clear.contains("write rediss://"), "{clear}");
    // Whom a process trusts is told by its environment.
    drop(Node::start_with(&url, &[("SSL_CERT_FILE", &files[0])]));
}

/// A certificate and its key, for this machine.
fn certificate(folder: &Path) -> [String; 2] {
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = generate_simple_self_signed(names).expect("are names");
    let [cert, key] = ["cert.pem", "key.pem"].map(|name| folder.join(name));
    std::fs::write(&cert, made.cert.pem()).expect("there is room");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("there is room");
    [cert, key].map(|path| path.display().to_string())
}

fn tls<'a>(port: &'a str, [cert, key]: &'a [String; 2]) -> [&'a str; 10] {
    let trusted = cert;
    [
        "--tls-port",
        port,
        "--tls-cert-file",
        cert,
        "--tls-key-file",
        key,
        "--tls-ca-cert-file",
        trusted,
        "--tls-auth-clients",
        "no",
    ]
}

/// Takes an event, at a node that trusts one more certificate.
async fn publishes(url: &str, cert: &str) -> Node {
    let node = Node::start_with(url, &[("SSL_CERT_FILE", cert)]);
    let event = r#"{"event":"to.org","org":"acme","data":{"text":"1"}}"#;
    let response = send(node.address, with_token("POST", "/publish", ["acme", "ada"], event)).await;
    assert_eq!(response.status(), 201, "{url}");
    node
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_over_tls_is_one() {
    let folder = tempfile::tempdir().expect("there is room");
    let files = certificate(folder.path());
    let ports: [String; 3] = std::array::from_fn(|_| free_port().to_string());
    let shards: Vec<Redis> = ports
        .iter()
        .map_while(|port| {
            let bus = free_port().to_string();
            let cluster = ["--cluster-enabled", "yes", "--tls-cluster", "yes", "--cluster-port", &bus];
            Redis::start(&[&tls(port, &files)[..], &cluster].concat())
        })
        .collect();
    if shards.is_empty() {
        return;
    }
    let addresses = ports.map(|port| format!("127.0.0.1:{port}"));
    let mut create = Command::new("redis-cli");
    create.args(["--tls", "--cacert", &files[0], "--cluster", "create"]).args(&addresses).arg("--cluster-yes");
    assert!(create.stdout(Stdio::null()).status().expect("redis-cli comes with the server").success());
    whole(&shards).await;
    let _node = publishes(&format!("rediss-cluster://{}", addresses.join(",")), &files[0]).await;
    let streams = shards.iter().filter(|shard| shard.say(&["hget", "growset:{o:acme}:head", "seq"]) == "1");
    assert_eq!(streams.count(), 1, "one shard has it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sentinels_over_tls_say_where_the_primary_is() {
    let Some(program) = program() else { return };
    let folder = tempfile::tempdir().expect("there is room");
    let files = certificate(folder.path());
    let [primary_port, port] = [free_port(), free_port()].map(|port| port.to_string());
    let Some(primary) = Redis::start(&tls(&primary_port, &files)) else { return };
    let file = folder.path().join("sentinel.conf");
    let [cert, key] = &files;
    let text = format!(
        "port 0\ntls-port {port}\nbind 127.0.0.1\ntls-replication yes\ntls-auth-clients no\ntls-cert-file {cert}\n\
         tls-key-file {key}\ntls-ca-cert-file {cert}\nsentinel monitor main 127.0.0.1 {primary_port} 1\n"
    );
    std::fs::write(&file, text).expect("there is room");
    let mut sentinel =
        Command::new(program).arg(&file).arg("--sentinel").stdout(Stdio::null()).spawn().expect("it starts");
    let there = async { while std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {} };
    timeout(PATIENCE, there).await.expect("the sentinel starts");
    let _node = publishes(&format!("rediss-sentinel://127.0.0.1:{port}/main/2"), cert).await;
    assert_eq!(primary.say(&["-n", "2", "hget", "growset:{o:acme}:head", "seq"]), "1", "in its database");
    sentinel.kill().expect("it runs");
    sentinel.wait().expect("it was killed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_publish_waits_for_replicas_where_that_is_asked() {
    let Some(primary) = Redis::start(&["--repl-diskless-sync-delay", "0"]) else { return };
    let store = || RedisStore::at(&primary.url()).and_then(|store| store.replicated(1)).expect("is an address");
    let hub = join_store(store()).await;
    let keyed = |text: &str| {
        let mut item = item(&hub, Audience::Org, [Some("acme"), None, None], text);
        item.key = Some(text.into());
        item
    };
    let alone = hub.publish_item(keyed("1")).await;
    assert!(matches!(&alone, Err(PublishError::Unclear(told)) if told.contains("0 of 1 replicas")), "{alone:?}");
    let port = primary.port.to_string();
    let Some(replica) = Redis::start(&["--replicaof", "127.0.0.1", &port]) else { return };
    // A replica that comes, or has no time on a busy machine, is waited for by asking again under the same key.
    let answered = async |text: &str| loop {
        match hub.publish_item(keyed(text)).await {
            Ok(published) => return published,
            Err(PublishError::Unclear(_)) => {}
            Err(error) => unreachable!("{error}"),
        }
    };
    let published = timeout(PATIENCE, answered("1")).await.expect("the replica comes");
    assert!(published.is_repeat, "it was stored at first");
    assert_eq!(replica.say(&["hget", "growset:{o:acme}:head", "seq"]), "1");
    for text in ["2", "3"] {
        timeout(PATIENCE, answered(text)).await.expect("the replica keeps up");
        assert_eq!(replica.say(&["hget", "growset:{o:acme}:head", "seq"]), text, "it has what was answered");
    }
}
