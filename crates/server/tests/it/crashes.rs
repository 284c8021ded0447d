//! What was answered is there after `kill -9`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use growset_model::Audience;
use growset_server::{Cursor, Hub, Published, Retention, Settings};

use crate::support::{figure, folder, item, log_hub, open_stream, org_events, pending, sized, texts, without_control};

const FOLDER: &str = "GROWSET_TEST_CRASH_FOLDER";
const FIRST: &str = "GROWSET_TEST_CRASH_FIRST";

/// Publishes for ever and prints each id once it is answered. Only does so when it is started by the test below.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_publisher_that_is_going_to_be_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let first: u64 = std::env::var(FIRST).expect("it is set").parse().expect("is a number");
    let hub = log_hub(folder.as_ref(), everything_is_kept());
    let publish = async |hub: Hub, text: u64| -> Published {
        let item = item(&hub, Audience::Org, [Some("acme"), None, None], &text.to_string());
        hub.publish_item(item).await.expect("is published")
    };
    let mut text = first;
    loop {
        // Eight at once, so that groups are written.
        let wave: Vec<_> = (text..text + 8).map(|text| tokio::spawn(publish(hub.clone(), text))).collect();
        for (index, task) in wave.into_iter().enumerate() {
            let published = task.await.expect("does not panic");
            // One write per line, so that a line is whole or not there.
            let line = format!("ACK {} {}\n", published.id, text + index as u64);
            std::io::stdout().write_all(line.as_bytes()).expect("the test reads");
        }
        text += 8;
    }
}

#[tokio::test]
async fn every_answered_event_survives_being_killed_once_and_in_order() {
    let kills = sized(20, 200) as u64;
    let (_guard, path) = folder();
    let mut answered: Vec<(String, String)> = Vec::new();
    for kill in 0..kills {
        let this = std::env::current_exe().expect("it runs");
        let mut publisher = Command::new(this)
            .args(["--exact", "crashes::a_publisher_that_is_going_to_be_killed", "--nocapture", "--test-threads=1"])
            .env(FOLDER, &path)
            .env(FIRST, (kill * 1_000_000).to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(publisher.stdout.take().expect("is piped")).lines();
        // A different moment each time.
        let enough = 8 + (kill * 37) % 120;
        let mut seen = 0;
        while seen < enough {
            let line = lines.next().expect("it goes on").expect("is text");
            seen += u64::from(note(&line, &mut answered));
        }
        publisher.kill().expect("it runs");
        for line in lines.map_while(Result::ok) {
            note(&line, &mut answered);
        }
        publisher.wait().expect("it was killed");
    }

    let hub = log_hub(&path, everything_is_kept());
    let (epoch, _) = answered[0].0.split_once('-').expect("is an id");
    let mut back = open_stream(&hub, org_events(&hub, "acme"), Some(&format!("{epoch}-0")));
    let replayed = without_control(pending(&mut back));
    hub.close().await;

    let mut ids: Vec<&String> = replayed.iter().map(|event| &event.id).collect();
    let order: Vec<(u64, u64)> = ids.iter().map(|id| numbers(id)).collect();
    assert!(order.is_sorted(), "epochs and numbers only grow");
    assert!(order.windows(2).all(|pair| pair[1].1 == pair[0].1 + 1), "numbers are dense");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), replayed.len(), "no id twice");
    let by_id: std::collections::BTreeMap<&String, String> =
        replayed.iter().map(|event| &event.id).zip(texts(&replayed)).collect();
    for (id, text) in &answered {
        assert_eq!(by_id.get(id), Some(text), "{id} was answered");
    }
    assert!(answered.len() as u64 > kills * 8);
    let mut once: Vec<String> = texts(&replayed);
    once.sort();
    once.dedup();
    assert_eq!(once.len(), replayed.len(), "no event twice");
    let (answered, replayed) = (answered.len(), replayed.len());
    figure(&format!(
        "{kills} kills: {answered} events answered, {replayed} replayed, none lost, twice or out of order"
    ));
}

fn everything_is_kept() -> Settings {
    let retention = Retention { count: usize::MAX, bytes: usize::MAX, ..Retention::default() };
    Settings { retention, ..Settings::default() }
}

fn note(line: &str, answered: &mut Vec<(String, String)>) -> bool {
    // The test harness prints its own words before the first line.
    let Some((_, told)) = line.split_once("ACK ") else {
        return false;
    };
    let Some((id, text)) = told.split_once(' ') else {
        return false;
    };
    answered.push((id.to_owned(), text.to_owned()));
    true
}

fn numbers(id: &str) -> (u64, u64) {
    let position = Cursor::parse(id).expect("is an id").org;
    (position.epoch.number(), position.seq)
}
