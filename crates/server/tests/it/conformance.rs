//! What every store has to do, as two nodes on it show: of a store of one node both are the same.

pub(crate) mod commons;

use std::future::poll_fn;
use std::task::Poll;

use growset_model::Audience;
use growset_server::{
    Erasure, Hub, Identity, Item, ListenError, Listener, Outcome, PublishError, Resume, Step, Subscription,
};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::{PATIENCE, everything, item, org_events, publish_to_org, released, small_catalog, texts};
use crate::whatwg::{Event, Parser};

/// Two nodes, of which one is asked to publish and the other to listen.
pub(crate) struct Nodes {
    pub(crate) one: Hub,
    pub(crate) other: Hub,
    /// Makes names its own, on a store that other tests use as well.
    pub(crate) org: String,
}

/// A listener with what came but was not asked for yet.
pub(crate) struct Heard {
    pub(crate) listener: Listener,
    parser: Parser,
    events: Vec<Event>,
}

impl Heard {
    pub(crate) async fn open(hub: &Hub, subscription: Subscription, last_id: Option<&str>) -> Self {
        let listener = timeout(PATIENCE, hub.listen(subscription, last_id)).await.expect("it answers");
        Self { listener: listener.expect("has not ended"), parser: Parser::default(), events: Vec::new() }
    }

    /// The next event, of the stream's own as well.
    pub(crate) async fn next(&mut self) -> Event {
        while self.events.is_empty() {
            let listener = &mut self.listener;
            let step = timeout(
                PATIENCE,
                poll_fn(|context| match listener.step(context.waker()) {
                    Step::Wait => Poll::Pending,
                    step => Poll::Ready(step),
                }),
            );
            match step.await.expect("something comes") {
                Step::Chunk(chunk) => self.events.extend(self.parser.feed(&chunk)),
                Step::End | Step::Wait => unreachable!("the stream goes on"),
            }
        }
        self.events.remove(0)
    }

    /// The next one that is none of the stream's own.
    pub(crate) async fn next_own(&mut self) -> Event {
        loop {
            let event = self.next().await;
            if !event.name.starts_with("growset.") {
                return event;
            }
        }
    }

    pub(crate) async fn texts(&mut self, count: usize) -> Vec<String> {
        let mut events = Vec::new();
        for _ in 0..count {
            events.push(self.next_own().await);
        }
        texts(&events)
    }

    /// The reason of the gap that comes next.
    pub(crate) async fn gap(&mut self) -> String {
        loop {
            let event = self.next().await;
            assert!(event.name.starts_with("growset."), "{event:?} comes before the gap");
            if event.name == "growset.gap" {
                let data: Value = serde_json::from_str(&event.data).expect("is JSON");
                return data["reason"].as_str().unwrap_or_default().to_owned();
            }
        }
    }
}

impl Nodes {
    fn keyed(&self, text: &str) -> Item {
        let mut item = item(&self.one, Audience::Org, [Some(&self.org), None, None], text);
        item.key = Some("k".into());
        item
    }

    fn listen_to(&self) -> Subscription {
        org_events(&self.other, &self.org)
    }

    fn everything(&self, user: &str) -> Subscription {
        everything(&self.other, &self.org, Some(user), &["c"])
    }
}

fn number(id: &str) -> u64 {
    id.rsplit_once('-').and_then(|(_, seq)| seq.parse().ok()).expect("is an id")
}

/// Everything below, one after the other.
pub(crate) async fn conforms(nodes: &Nodes) {
    numbers_keys_and_live_events(nodes).await;
    keys_of_other_recipients(nodes).await;
    resuming(nodes).await;
    audiences_and_public_events(nodes).await;
    erasing(nodes).await;
    catalogs(nodes).await;
    let _servers = commons::shared(nodes).await;
    closing(nodes).await;
}

async fn numbers_keys_and_live_events(nodes: &Nodes) {
    let mut live = Heard::open(&nodes.other, nodes.listen_to(), None).await;
    let first = nodes.one.publish_item(nodes.keyed("1")).await.expect("is published");
    assert_eq!((number(&first.id), first.is_repeat), (1, false));
    // The other node knows the key as well.
    let results = nodes.other.publish_items(vec![nodes.keyed("1"), nodes.keyed("other"), nodes.keyed("1")]).await;
    for repeat in [&results[0], &results[2]] {
        assert!(repeat.as_ref().is_ok_and(|repeat| repeat.is_repeat && repeat.id == first.id), "{repeat:?}");
    }
    assert!(matches!(&results[1], Err(PublishError::KeyTaken { first: id }) if *id == first.id), "{results:?}");
    let second = publish_to_org(&nodes.other, &nodes.org, "2").await;
    let third = publish_to_org(&nodes.one, &nodes.org, "3").await;
    assert_eq!((number(&second.id), number(&third.id)), (2, 3));
    let heard = [live.next_own().await, live.next_own().await, live.next_own().await];
    assert_eq!(heard.each_ref().map(|event| event.id.clone()), [first.id, second.id, third.id]);
    assert_eq!(texts(&heard), ["1", "2", "3"]);
    let twice: Vec<Item> = vec![
        Item { key: Some("twice".into()), ..nodes.keyed("4") },
        Item { key: Some("twice".into()), ..nodes.keyed("4") },
    ];
    let results = nodes.one.publish_items(twice).await;
    let [Ok(fourth), Ok(again)] = &results[..] else { unreachable!("{results:?}") };
    assert_eq!((number(&fourth.id), again.id == fourth.id, again.is_repeat), (4, true, true));
}

/// A key stands for one event to one recipient: whoever else it is used for would hear nothing.
async fn keys_of_other_recipients(nodes: &Nodes) {
    let org = format!("{}-keys", nodes.org);
    let to = |audience, user, channel| Item {
        key: Some("k".into()),
        ..item(&nodes.one, audience, [Some(org.as_str()), user, channel], "paid")
    };
    let ada = || to(Audience::User, Some("ada"), None);
    let red = || to(Audience::Channel, None, Some("red"));
    for (one, other) in
        [(ada(), to(Audience::User, Some("bob"), None)), (red(), to(Audience::Channel, None, Some("blue")))]
    {
        let first = nodes.one.publish_item(one).await.expect("is published");
        let refused = nodes.one.publish_item(other).await;
        assert!(matches!(&refused, Err(PublishError::KeyTaken { first: id }) if *id == first.id), "{refused:?}");
    }
    let results = nodes.other.publish_items(vec![ada(), red()]).await;
    assert!(results.iter().all(|one| one.as_ref().is_ok_and(|one| one.is_repeat)), "{results:?}");
}

async fn resuming(nodes: &Nodes) {
    let mut ids = Vec::new();
    for text in ["a", "b", "c"] {
        ids.push(publish_to_org(&nodes.one, &nodes.org, text).await.id);
    }
    for (at, rest) in [(0, vec!["b", "c"]), (1, vec!["c"]), (2, vec![])] {
        // At once, whether the other node has heard of it or not.
        let mut back = Heard::open(&nodes.other, nodes.listen_to(), Some(&ids[at])).await;
        assert_eq!(back.listener.resumed(), Resume::Exact);
        assert_eq!(back.texts(rest.len()).await, rest);
    }
    let seq = number(&ids[2]);
    let ahead = ids[2].replace(&format!("-{seq}"), &format!("-{}", seq + 5));
    for (id, reason) in [(ahead.as_str(), "rollback"), ("forged", "unknown")] {
        let mut back = Heard::open(&nodes.other, nodes.listen_to(), Some(id)).await;
        assert_eq!((back.listener.resumed(), back.gap().await), (Resume::Gap, reason.to_owned()), "{id}");
    }
    let beginning = Heard::open(&nodes.other, org_events(&nodes.other, "nobody"), None).await;
    let beginning = beginning.listener.cursor().to_string();
    publish_to_org(&nodes.one, "nobody", "x").await;
    let mut back = Heard::open(&nodes.other, org_events(&nodes.other, "nobody"), Some(&beginning)).await;
    assert_eq!((back.texts(1).await, back.listener.resumed()), (vec!["x".to_owned()], Resume::Exact));
}

async fn audiences_and_public_events(nodes: &Nodes) {
    let org = nodes.org.as_str();
    let mut ada = Heard::open(&nodes.other, nodes.everything("ada"), None).await;
    let mut bob = Heard::open(&nodes.other, nodes.everything("bob"), None).await;
    let publish = async |audience, named: [Option<&str>; 3], text: &str| {
        let item = item(&nodes.one, audience, named, text);
        nodes.one.publish_item(item).await.expect("is published")
    };
    publish(Audience::User, [Some(org), Some("ada"), None], "to ada").await;
    publish(Audience::Channel, [Some(org), None, Some("c")], "to c").await;
    publish(Audience::Channel, [Some(org), None, Some("d")], "to d").await;
    publish(Audience::Org, [Some(org), None, None], "to all").await;
    assert_eq!(ada.texts(3).await, ["to ada", "to c", "to all"]);
    assert_eq!(bob.texts(2).await, ["to c", "to all"]);
    publish(Audience::Public, [None; 3], "to everyone").await;
    let event = ada.next_own().await;
    assert_eq!(texts(std::slice::from_ref(&event)), ["to everyone"]);
    assert_eq!(bob.texts(1).await, ["to everyone"]);
    publish(Audience::Org, [Some(org), None, None], "more").await;
    let mut back = Heard::open(&nodes.other, nodes.everything("ada"), Some(&event.id)).await;
    assert_eq!((back.texts(1).await, back.listener.resumed()), (vec!["more".to_owned()], Resume::Exact));
}

async fn erasing(nodes: &Nodes) {
    let org = format!("{}-erased", nodes.org);
    let listen = || {
        let identity = Identity { org: org.as_str().into(), user: Some("ada".into()) };
        let names = ["to.org", "to.user"];
        Subscription::to(&nodes.other.admission(), identity, Default::default(), names).expect("are events")
    };
    let mut live = Heard::open(&nodes.other, listen(), None).await;
    let before = publish_to_org(&nodes.one, &org, "1").await;
    let private = |text: &str| {
        let mut private = item(&nodes.one, Audience::User, [Some(&org), Some("ada"), None], text);
        private.key = Some("private".into());
        private
    };
    nodes.one.publish_item(private("a secret")).await.expect("is published");
    let after = publish_to_org(&nodes.one, &org, "2").await;
    assert_eq!(live.texts(3).await, ["1", "a secret", "2"]);
    nodes.one.erase(Erasure::User(org.as_str().into(), "ada".into())).await.expect("is erased");
    assert!(!nodes.one.publish_item(private("another")).await.expect("the key is free").is_repeat);
    assert_eq!(live.texts(1).await, ["another"]);
    let mut back = Heard::open(&nodes.other, listen(), Some(&before.id)).await;
    assert_eq!((back.listener.resumed(), back.gap().await), (Resume::Gap, "erased".to_owned()));
    assert_eq!(back.texts(2).await, ["2", "another"], "what was not erased is replayed");
    let mut back = Heard::open(&nodes.other, listen(), Some(&after.id)).await;
    assert_eq!((back.texts(1).await, back.listener.resumed()), (vec!["another".to_owned()], Resume::Exact));
    nodes.one.erase(Erasure::Org(org.as_str().into())).await.expect("is erased");
    let next = publish_to_org(&nodes.one, &org, "3").await;
    assert_eq!(number(&next.id), 5, "numbers go on");
    assert_eq!(live.texts(1).await, ["3"]);
    let mut back = Heard::open(&nodes.other, listen(), Some(&after.id)).await;
    assert_eq!(back.gap().await, "erased");
}

async fn catalogs(nodes: &Nodes) {
    let grown = |field: &str| {
        let mut catalog = small_catalog();
        catalog["events"]["to.org"]["optional"][field] = json!({ "type": "string" });
        released(&catalog, &[&small_catalog()])
    };
    let (more, others) = (grown("more"), grown("others"));
    // One of them grows from what is served; the other was judged by what it is not any more.
    let (first, second) = tokio::join!(nodes.one.admit_catalog(&more), nodes.other.admit_catalog(&others));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let admitted = if first.is_ok() { &more } else { &others };
    let follows = async |hub: &Hub| {
        while hub.admit_catalog(admitted).await.expect("it is admitted") != Outcome::Same {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, follows(&nodes.one)).await.expect("it follows");
    timeout(PATIENCE, follows(&nodes.other)).await.expect("it follows");
    assert_eq!(nodes.one.admission().digest(), nodes.other.admission().digest());
}

async fn closing(nodes: &Nodes) {
    let waiting: Vec<_> = (0..20)
        .map(|text| {
            let (hub, item) =
                (nodes.one.clone(), item(&nodes.one, Audience::Org, [Some(&nodes.org), None, None], &text.to_string()));
            tokio::spawn(async move { hub.publish_item(item).await })
        })
        .collect();
    let last = publish_to_org(&nodes.one, &nodes.org, "last").await;
    nodes.one.close().await;
    for published in waiting {
        let published = published.await.expect("does not panic");
        assert!(matches!(published, Ok(_) | Err(PublishError::Closed)), "{published:?}");
    }
    let refused = nodes.one.publish_item(item(&nodes.one, Audience::Org, [Some(&nodes.org), None, None], "3")).await;
    assert!(matches!(refused, Err(PublishError::Closed)));
    let left = nodes.other.listen(nodes.listen_to(), Some(&last.id)).await;
    assert!(matches!(left, Ok(_) | Err(ListenError::Closed)), "what was answered is there");
}
