//! Every id that a listener can come back with: exact replay, or a gap that is told.

use growset_model::Audience;
use growset_server::{Cursor, Epoch, Hub, Listener, Resume, Retention, Scope, Settings};
use serde_json::{Value, json};

use crate::support::{
    Server, Stream, answer, everything, folder, item, log_hub, memory_hub, open_stream, org_events, pending,
    publish_to_org, request, small_admission, texts, without_control,
};
use crate::whatwg::Event;

/// Whom everyone listens for over HTTP while nobody has to say who they are.
const ORG: &str = "demo";

fn gap_of(events: &[Event]) -> Option<Value> {
    let gap = events.iter().find(|event| event.name == "growset.gap")?;
    Some(serde_json::from_str::<Value>(&gap.data).expect("data is JSON"))
}

fn come_back(hub: &Hub, last_id: &str) -> (Listener, Vec<Event>) {
    let mut listener = open_stream(hub, org_events(hub, ORG), Some(last_id));
    let events = pending(&mut listener);
    (listener, events)
}

/// The table: the id, and what is replayed or why not.
fn table(ids: &[String], others: &[String]) -> Vec<(String, Result<Vec<&'static str>, &'static str>)> {
    let (text, _) = ids[0].split_once('-').expect("is an id");
    let (number, _) = text.split_once('.').expect("is of an organisation");
    let of_another_epoch = |number: u64| Epoch::new(&Scope::Org(ORG.into()), number).at(3).to_string();
    let epoch = Cursor::parse(&ids[0]).expect("is an id").org.epoch.number();
    let mut table = vec![
        (ids[4].clone(), Ok(vec!["6"])),
        (ids[2].clone(), Ok(vec!["4", "5", "6"])),
        (ids[1].clone(), Err("trimmed")),
        (ids[0].clone(), Err("trimmed")),
        (format!("{text}-7"), Err("rollback")),
        (of_another_epoch(epoch + 1), Err("rollback")),
        (of_another_epoch(epoch - 1), Err("unknown")),
        (format!("{epoch}-3"), Err("unknown")),
        (format!("{number}-3"), Err("unknown")),
        (format!("{number}.0000000-3"), Err("unknown")),
        (format!("0{}", ids[3]), Err("unknown")),
        (format!("{} ", ids[3]), Err("unknown")),
        ("msg_456".to_owned(), Err("unknown")),
        ("9".repeat(129), Err("unknown")),
        ("\u{7f}".to_owned(), Err("unknown")),
        ("1-1\u{2028}".to_owned(), Err("unknown")),
    ];
    // Another organisation's event has a number that exists here, and is none of this one's.
    table.extend(others.iter().map(|other| (other.clone(), Err("unknown"))));
    table
}

/// A hub, the ids of [`ORG`], and those of others.
async fn hub_of_six() -> (Hub, Vec<String>, Vec<String>) {
    let retention = Retention { count: 3, ..Retention::default() };
    let hub = memory_hub(small_admission(), Settings { retention, ..Settings::default() });
    let mut ids = Vec::new();
    for text in ["1", "2", "3", "4", "5", "6"] {
        ids.push(publish_to_org(&hub, ORG, text).await.id);
    }
    let mut others = Vec::new();
    for _ in 0..9 {
        others.push(publish_to_org(&hub, "other", "secret").await.id);
    }
    let everyone = item(&hub, Audience::Public, [None; 3], "all");
    others.push(hub.publish_item(everyone).await.expect("is published").id);
    (hub, ids, others)
}

#[tokio::test]
async fn every_id_is_continued_exactly_or_its_gap_is_told() {
    let (hub, ids, others) = hub_of_six().await;
    for (id, expected) in table(&ids, &others) {
        let (listener, events) = come_back(&hub, &id);
        match expected {
            Ok(replayed) => {
                assert_eq!(listener.resumed(), Resume::Exact, "{id}");
                assert_eq!(texts(&without_control(events)), replayed, "{id}");
            }
            Err(reason) => {
                assert_eq!(listener.resumed(), Resume::Gap, "{id}");
                let gap = gap_of(&events).expect("it is told");
                assert_eq!((&gap["reason"], &gap["to"]), (&json!(reason), &json!(ids[5])), "{id}");
                assert!(without_control(events).is_empty(), "{id}");
            }
        }
    }
}

#[tokio::test]
async fn the_header_and_the_query_are_read_alike() {
    let (hub, ids, others) = hub_of_six().await;
    let server = Server::dev(hub).await;
    for (id, expected) in table(&ids, &others) {
        let escaped: String = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let by_query = server.get(&format!("/events?events=to.org&lastEventId={escaped}")).await;
        let mut streams = vec![Stream::of(by_query)];
        let fits_a_header = id.bytes().all(|byte| byte != 0x7f) && id.trim() == id;
        if fits_a_header {
            let headers = [("last-event-id", id.as_str())];
            streams.push(Stream::of(server.send(request("GET", "/events?events=to.org", &headers, "")).await));
        }
        for mut stream in streams {
            let connected = stream.next().await.expect("it is told");
            let told: Value = serde_json::from_str(&connected.data).expect("data is JSON");
            match &expected {
                Ok(replayed) => {
                    assert_eq!(told["resume"], "exact", "{id}");
                    for text in replayed {
                        let event = stream.next().await.expect("it is replayed");
                        assert_eq!(texts(&[event]), [*text], "{id}");
                    }
                }
                Err(reason) => {
                    assert_eq!(told["resume"], "gap", "{id}");
                    let gap = gap_of(&[stream.next().await.expect("it is told")]).expect("it is a gap");
                    assert_eq!(gap["reason"], *reason, "{id}");
                }
            }
        }
        let (status, told) = answer(server.get(&format!("/poll?events=to.org&after={escaped}")).await).await;
        let own: Vec<&Value> = told["frames"].as_array().expect("is a list").iter().skip(1).collect();
        match &expected {
            Ok(replayed) => {
                let heard: Vec<&Value> = own.iter().map(|frame| &frame["data"]["text"]).collect();
                assert_eq!((status, json!(heard)), (200, json!(replayed)), "{id}");
            }
            Err(reason) => {
                assert_eq!((status, own.len(), &own[0]["data"]["reason"]), (200, 1, &json!(reason)), "{id}");
            }
        }
    }
}

#[tokio::test]
async fn an_earlier_start_is_continued_exactly_where_history_was_kept() {
    let (_guard, path) = folder();
    let hub = log_hub(&path, Settings::default());
    let before = publish_to_org(&hub, ORG, "1").await.id;
    let idle = come_back(&hub, &before).0.cursor().to_string();
    publish_to_org(&hub, ORG, "2").await;
    hub.close().await;

    let hub = log_hub(&path, Settings::default());
    let after = publish_to_org(&hub, ORG, "3").await.id;
    assert_ne!(before.split_once('-').map(|(epoch, _)| epoch), after.split_once('-').map(|(epoch, _)| epoch));
    for id in [before, idle] {
        let (listener, events) = come_back(&hub, &id);
        assert_eq!(
            (listener.resumed(), texts(&without_control(events))),
            (Resume::Exact, vec!["2".into(), "3".into()])
        );
    }
    hub.close().await;
}

#[tokio::test]
async fn a_listener_that_waited_through_restarts_of_an_empty_history_misses_nothing() {
    let (_guard, path) = folder();
    let hub = log_hub(&path, Settings::default());
    let idle = open_stream(&hub, org_events(&hub, ORG), None).cursor().to_string();
    hub.close().await;
    let hub = log_hub(&path, Settings::default());
    publish_to_org(&hub, ORG, "1").await;
    let (listener, events) = come_back(&hub, &idle);
    assert_eq!((listener.resumed(), texts(&without_control(events))), (Resume::Exact, vec!["1".into()]));
    hub.close().await;
}

#[tokio::test]
async fn a_listener_of_two_rings_resumes_in_both() {
    let hub = memory_hub(small_admission(), Settings::default());
    let item = |text: &str| item(&hub, Audience::Public, [None; 3], text);
    let mut listener = open_stream(&hub, everything(&hub, ORG, None, &[]), None);
    pending(&mut listener);
    publish_to_org(&hub, ORG, "1").await;
    hub.publish_item(item("p1")).await.expect("is published");
    let heard = pending(&mut listener);
    assert_eq!(texts(&heard), ["1", "p1"]);
    publish_to_org(&hub, ORG, "2").await;
    hub.publish_item(item("p2")).await.expect("is published");
    for (event, rest) in heard.iter().zip([vec!["2", "p1", "p2"], vec!["2", "p2"]]) {
        let mut back = open_stream(&hub, everything(&hub, ORG, None, &[]), Some(&event.id));
        assert_eq!(texts(&without_control(pending(&mut back))), rest);
        assert_eq!(back.resumed(), Resume::Exact);
    }
}

#[tokio::test]
async fn a_listener_that_begins_to_hear_public_events_is_told_that_some_may_be_missing() {
    let hub = memory_hub(small_admission(), Settings::default());
    let known = publish_to_org(&hub, ORG, "1").await.id;
    publish_to_org(&hub, ORG, "2").await;
    let wider = || open_stream(&hub, everything(&hub, ORG, None, &[]), Some(&known));
    let mut back = wider();
    assert_eq!((texts(&without_control(pending(&mut back))), back.resumed()), (vec!["2".into()], Resume::Exact));
    hub.publish_item(item(&hub, Audience::Public, [None; 3], "p")).await.expect("is published");
    let mut back = wider();
    let told = pending(&mut back);
    let gap = gap_of(&told).expect("it is told");
    assert_eq!((&gap["reason"], &gap["from"]), (&json!("unknown"), &json!(known)));
    assert_eq!(back.resumed(), Resume::Gap);
    assert_eq!(texts(&without_control(told)), ["2"], "in its own ring it goes on");
    let last = back.cursor().to_string();
    hub.publish_item(item(&hub, Audience::Public, [None; 3], "q")).await.expect("is published");
    let mut back = open_stream(&hub, everything(&hub, ORG, None, &[]), Some(&last));
    assert_eq!((texts(&without_control(pending(&mut back))), back.resumed()), (vec!["q".into()], Resume::Exact));
}
