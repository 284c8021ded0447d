//! A replica takes the place of its primary, with and without everything that was told: every listener either goes on
//! exactly or is told a gap.

use std::collections::{BTreeMap, BTreeSet};

use growset_server::{Hub, Resume, Settings};
use tokio::time::timeout;

use crate::conformance::Heard;
use crate::outages::publish_in_the_end;
use crate::proxy::Proxy;
use crate::redis::{Redis, node};
use crate::support::{PATIENCE, figure, org_events, publish_to_org, sized, texts};

/// What one listener was told, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Told {
    Event { id: String, text: String },
    Gap,
}

/// A listener with everything that it was told so far.
struct Witness {
    heard: Heard,
    told: Vec<Told>,
}

impl Witness {
    async fn open(hub: &Hub, last_id: Option<&str>) -> Self {
        Self { heard: Heard::open(hub, org_events(hub, "acme"), last_id).await, told: Vec::new() }
    }

    /// Listens until it hears an event of this text.
    async fn until(&mut self, text: &str) {
        loop {
            let event = self.heard.next().await;
            if event.name == "growset.gap" {
                self.told.push(Told::Gap);
            } else if !event.name.starts_with("growset.") {
                let own = texts(std::slice::from_ref(&event)).remove(0);
                let is_last = own == text;
                self.told.push(Told::Event { id: event.id, text: own });
                if is_last {
                    return;
                }
            }
        }
    }

    fn ids(&self) -> Vec<&str> {
        let events = self.told.iter().filter_map(|told| match told {
            Told::Event { id, .. } => Some(id.as_str()),
            Told::Gap => None,
        });
        events.collect()
    }
}

/// The judge. `history` is what the store has in the end; `answered` every id that a publisher was ever given.
fn check(witness: &Witness, history: &BTreeMap<String, String>, answered: &BTreeMap<String, BTreeSet<String>>) {
    let ids = witness.ids();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "no event twice: {ids:?}");
    let number = |id: &str| id.rsplit_once('-').and_then(|(_, seq)| seq.parse::<u64>().ok()).expect("is an id");
    let order: Vec<&String> = history.keys().collect();
    let mut before: Option<&str> = None;
    for told in &witness.told {
        match told {
            // Whatever comes next, it was said that something is missing.
            Told::Gap => before = None,
            Told::Event { id, text } => {
                if let Some(others) = answered.get(id) {
                    assert_eq!(others.iter().collect::<Vec<_>>(), [text], "an id stands for one event");
                }
                if let Some(before) = before {
                    assert_eq!(number(id), number(before) + 1, "nothing is skipped without a word");
                    let is_lost = !history.contains_key(before) && history.contains_key(id);
                    assert!(!is_lost, "{before} was lost and {id} follows without a gap: {order:?}");
                }
                before = Some(id);
            }
        }
    }
}

fn answer(answered: &mut BTreeMap<String, BTreeSet<String>>, id: &str, text: &str) {
    answered.entry(id.to_owned()).or_default().insert(text.to_owned());
}

/// Everything that the store has of `acme`.
async fn history(hub: &Hub, last: &str) -> BTreeMap<String, String> {
    let epoch = last.split_once('.').expect("is an id").1.split_once('-').expect("is an id").0;
    // Before the first epoch, so that everything is replayed.
    let mut all = Witness::open(hub, Some(&format!("0.{epoch}-0"))).await;
    assert_eq!(all.heard.listener.resumed(), Resume::Exact);
    let mut found = BTreeMap::new();
    loop {
        let event = all.heard.next_own().await;
        found.insert(event.id.clone(), texts(std::slice::from_ref(&event)).remove(0));
        if event.id == last {
            return found;
        }
    }
}

/// Until a replica has so many events.
async fn replicated(replica: &Redis, count: usize) {
    let synced = async {
        while replica.say(&["hget", "growset:{o:acme}:head", "seq"]) != count.to_string() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, synced).await.expect("it replicates");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promoted_replica_without_the_tail_is_told_to_whoever_heard_it() {
    let Some(mut primary) = Redis::start(&["--repl-diskless-sync-delay", "0"]) else { return };
    let port = primary.port.to_string();
    let Some(replica) = Redis::start(&["--replicaof", "127.0.0.1", &port]) else {
        return;
    };
    let proxy = Proxy::start(primary.port).await;
    let (one, other) = (node(&proxy.url(), Settings::default()).await, node(&proxy.url(), Settings::default()).await);
    let mut answered = BTreeMap::new();
    let mut ids = Vec::new();
    let mut live = vec![Witness::open(&one, None).await, Witness::open(&other, None).await];
    let kept = sized(50, 500);
    for text in 0..kept {
        let id = publish_in_the_end(&one, &text.to_string()).await;
        answer(&mut answered, &id, &text.to_string());
        ids.push(id);
    }
    replicated(&replica, kept).await;
    // Its history ends here; what the old primary takes from now on is lost.
    replica.say(&["replicaof", "no", "one"]);
    for text in ["lost 1", "lost 2", "lost 3"] {
        let id = publish_in_the_end(&other, text).await;
        answer(&mut answered, &id, text);
        ids.push(id);
    }
    for witness in &mut live {
        witness.until("lost 3").await;
    }
    primary.kill();
    proxy.lead_to(replica.port);
    let first = publish_in_the_end(&one, "after").await;
    answer(&mut answered, &first, "after");
    for witness in &mut live {
        assert_eq!(witness.heard.gap().await, "rollback");
        witness.told.push(Told::Gap);
    }
    let last = publish_in_the_end(&other, "last").await;
    answer(&mut answered, &last, "last");
    let history = history(&other, &last).await;
    assert_eq!(history.len(), kept + 2);
    for witness in &mut live {
        witness.until("last").await;
        check(witness, &history, &answered);
    }
    let (mut exact, mut gaps) = (0, 0);
    for (at, id) in ids.iter().enumerate() {
        for hub in [&one, &other] {
            let mut back = Witness::open(hub, Some(id)).await;
            let resumed = back.heard.listener.resumed();
            assert_eq!(resumed, if at < kept { Resume::Exact } else { Resume::Gap }, "{id}");
            if at < kept {
                back.until("last").await;
                assert_eq!(back.ids().len(), kept - at + 1);
                exact += 1;
            } else {
                assert_eq!(back.heard.gap().await, "rollback");
                gaps += 1;
            }
            check(&back, &history, &answered);
        }
    }
    assert!(answered.values().all(|texts| texts.len() == 1), "no id was given twice");
    figure(&format!("failover with a lost tail of 3: {exact} resumes exact, {gaps} told a rollback, none wrong"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promotion_that_loses_nothing_is_not_noticed() {
    let Some(mut primary) = Redis::start(&["--repl-diskless-sync-delay", "0"]) else { return };
    let port = primary.port.to_string();
    let Some(replica) = Redis::start(&["--replicaof", "127.0.0.1", &port]) else {
        return;
    };
    let proxy = Proxy::start(primary.port).await;
    let hub = node(&proxy.url(), Settings::default()).await;
    let mut live = Witness::open(&hub, None).await;
    let mut ids = Vec::new();
    for text in ["1", "2", "3"] {
        ids.push(publish_in_the_end(&hub, text).await);
    }
    live.until("3").await;
    replicated(&replica, 3).await;
    primary.kill();
    replica.say(&["replicaof", "no", "one"]);
    proxy.lead_to(replica.port);
    assert_eq!(publish_in_the_end(&hub, "3").await, ids[2], "keys are kept as well");
    publish_in_the_end(&hub, "4").await;
    live.until("4").await;
    assert!(!live.told.contains(&Told::Gap), "{:?}", live.told);
    let mut back = Witness::open(&hub, Some(&ids[0])).await;
    back.until("4").await;
    assert_eq!((back.heard.listener.resumed(), back.ids().len()), (Resume::Exact, 3));
}

/// Until a server that follows another has what that one has.
async fn follows(redis: &Redis, primary: &Redis) {
    assert!(redis.say(&["replicaof", "127.0.0.1", &primary.port.to_string()]).starts_with("OK"));
    let followed = async {
        while !redis.say(&["info", "replication"]).contains("master_link_status:up") {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, followed).await.expect("it follows");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_was_set_back_and_promoted_again_gives_no_id_twice() {
    let options = ["--repl-diskless-sync-delay", "0"];
    let (Some(first), Some(second)) = (Redis::start(&options), Redis::start(&options)) else { return };
    // It keeps its connections all the while, and nothing tells it.
    let hub = node(&first.url(), Settings::default()).await;
    let mut live = Witness::open(&hub, None).await;
    let mut answered = BTreeMap::new();
    let mut last = String::new();
    for round in 0..3 {
        follows(&second, &first).await;
        assert_eq!(second.say(&["replicaof", "no", "one"]), "OK");
        let lost = format!("lost in round {round}");
        answer(&mut answered, &publish_to_org(&hub, "acme", &lost).await.id, &lost);
        live.until(&lost).await;
        // The other has not heard of it, and now this one forgets it, too.
        follows(&first, &second).await;
        assert_eq!(first.say(&["replicaof", "no", "one"]), "OK");
        let kept = format!("kept in round {round}");
        answer(&mut answered, &publish_in_the_end(&hub, &kept).await, &kept);
        assert_eq!(live.heard.gap().await, "rollback");
        live.told.push(Told::Gap);
        let more = format!("more in round {round}");
        last = publish_in_the_end(&hub, &more).await;
        answer(&mut answered, &last, &more);
        live.until(&more).await;
    }
    let history = history(&hub, &last).await;
    assert_eq!(history.len(), 6, "{history:?}");
    check(&live, &history, &answered);
    assert_eq!(answered.len(), 9, "every event has an id of its own: {answered:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_that_take_turns_and_lose_nothing_number_on() {
    let options = ["--repl-diskless-sync-delay", "0"];
    let (Some(first), Some(second)) = (Redis::start(&options), Redis::start(&options)) else { return };
    let hubs = [node(&first.url(), Settings::default()).await, node(&second.url(), Settings::default()).await];
    follows(&second, &first).await;
    let mut answered = BTreeMap::new();
    for turn in 0..6 {
        let [here, there] = if turn % 2 == 0 { [&first, &second] } else { [&second, &first] };
        here.say(&["replicaof", "no", "one"]);
        let text = turn.to_string();
        let id = publish_in_the_end(&hubs[turn % 2], &text).await;
        answer(&mut answered, &id, &text);
        assert!(id.ends_with(&format!("-{}", turn + 1)), "{id}: numbers go on");
        follows(there, here).await;
        replicated(there, turn + 1).await;
    }
    assert_eq!(answered.len(), 6, "{answered:?}");
}

/// Two nodes, each of which can be led to a server of its own, and a listener on each that has heard one event.
async fn two_ways(to: &Redis) -> ([Proxy; 2], [Hub; 2], [Witness; 2]) {
    let proxies = [Proxy::start(to.port).await, Proxy::start(to.port).await];
    let hubs = [node(&proxies[0].url(), Settings::default()).await, node(&proxies[1].url(), Settings::default()).await];
    let mut live = [Witness::open(&hubs[0], None).await, Witness::open(&hubs[1], None).await];
    publish_in_the_end(&hubs[0], "both").await;
    for witness in &mut live {
        witness.until("both").await;
    }
    (proxies, hubs, live)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_that_are_promoted_at_once_give_no_id_twice() {
    let options = ["--repl-diskless-sync-delay", "0"];
    let (Some(first), Some(second), Some(third)) =
        (Redis::start(&options), Redis::start(&options), Redis::start(&options))
    else {
        return;
    };
    let (proxies, hubs, mut live) = two_ways(&first).await;
    let promoted = [second, third];
    for replica in &promoted {
        follows(replica, &first).await;
        replicated(replica, 1).await;
    }
    for (replica, proxy) in promoted.iter().zip(&proxies) {
        replica.say(&["replicaof", "no", "one"]);
        proxy.lead_to(replica.port);
    }
    let (one, other) = tokio::join!(publish_in_the_end(&hubs[0], "one"), publish_in_the_end(&hubs[1], "other"));
    assert_ne!(one, other, "each server has its own ids");
    live[0].until("one").await;
    live[1].until("other").await;
    follows(&promoted[1], &promoted[0]).await;
    proxies[1].lead_to(promoted[0].port);
    assert_eq!(live[1].heard.gap().await, "rollback", "what it heard is gone");
    publish_in_the_end(&hubs[1], "healed").await;
    live[0].until("healed").await;
    assert!(!live[0].told.contains(&Told::Gap), "{:?}", live[0].told);
    live[1].until("healed").await;
    for hub in &hubs {
        let mut back = Witness::open(hub, Some(&other)).await;
        assert_eq!(back.heard.gap().await, "rollback");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promotion_that_is_taken_back_gives_no_id_twice() {
    let options = ["--repl-diskless-sync-delay", "0"];
    let (Some(first), Some(second)) = (Redis::start(&options), Redis::start(&options)) else { return };
    let (proxies, hubs, mut live) = two_ways(&first).await;
    follows(&second, &first).await;
    replicated(&second, 1).await;
    second.say(&["replicaof", "no", "one"]);
    first.say(&["replicaof", "127.0.0.1", "1"]);
    proxies[0].lead_to(second.port);
    let gone = publish_in_the_end(&hubs[0], "gone").await;
    live[0].until("gone").await;
    first.say(&["replicaof", "no", "one"]);
    let kept = publish_in_the_end(&hubs[1], "kept").await;
    assert_ne!(gone, kept);
    live[1].until("kept").await;
    proxies[0].lead_to(first.port);
    assert_eq!(live[0].heard.gap().await, "rollback", "what it heard is gone");
    for hub in &hubs {
        let mut back = Witness::open(hub, Some(&gone)).await;
        assert_eq!(back.heard.gap().await, "rollback");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_flushed_between_two_nodes_gives_no_id_twice() {
    let Some(redis) = Redis::start(&[]) else { return };
    let hubs = [node(&redis.url(), Settings::default()).await, node(&redis.url(), Settings::default()).await];
    let mut live = Witness::open(&hubs[0], None).await;
    let mut ids = BTreeSet::new();
    for turn in 0..8 {
        redis.say(&["flushall"]);
        let text = turn.to_string();
        let id = publish_to_org(&hubs[turn % 2], "acme", &text).await.id;
        assert!(ids.insert(id.clone()), "{id} is given twice");
    }
    let mut gaps = 0;
    publish_to_org(&hubs[1], "acme", "last").await;
    loop {
        let event = live.heard.next().await;
        if event.name == "growset.gap" {
            assert!(event.data.contains("rollback"), "{}", event.data);
            gaps += 1;
            // What came with the gap is behind it.
            publish_to_org(&hubs[1], "acme", "last").await;
        } else if event.data.contains("last") {
            break;
        }
    }
    assert!(gaps > 0, "what was lost is told");
}
