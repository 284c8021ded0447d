//! One conformance suite over every store, and what only a disk can do.

use std::path::Path;

use growset_model::Audience;
use growset_server::admission::{Admission, Served};
use growset_server::store::{Journal, Keeping, KeptCatalog, LogStore, MemoryStore, StoreError};
use growset_server::{Hub, Resume, Retention, Settings};
use hyper::body::Bytes;

use crate::conformance::{self, Nodes};
use crate::support::{
    folder, item, log_hub, memory_hub, open_stream, org_events, pending, publish_to_org, released, small_admission,
    small_catalog, texts, without_control,
};

/// What a journal has to do with catalogs, and the embedded store over it with everything else.
async fn conforms(mut journal: impl Journal + 'static) {
    let _ = journal.open(1).expect("it opens");
    assert_eq!(journal.catalog(0).expect("it answers"), None);
    let first = Bytes::from(released(&small_catalog(), &[]));
    assert_eq!(journal.keep_catalog(0, &first).expect("it answers"), Keeping::Kept(1));
    let kept = KeptCatalog { revision: 1, json: first };
    for after in [0, 2] {
        let overtaken = journal.keep_catalog(after, &Bytes::from_static(b"{}")).expect("it answers");
        assert_eq!(overtaken, Keeping::Overtaken(kept.clone()), "{after}");
    }
    assert_eq!(journal.catalog(0).expect("it answers"), Some(kept.clone()));
    assert_eq!(journal.catalog(1).expect("it answers"), None);
    let admission = Admission::from_json(&kept.json, &[], Served::Released).expect("is released");
    let (hub, remarks) = Hub::start(admission, journal, Settings::default()).expect("it opens");
    assert!(remarks.is_empty());
    conformance::conforms(&Nodes { one: hub.clone(), other: hub, org: "acme".to_owned() }).await;
}

#[tokio::test]
async fn memory_conforms() {
    conforms(MemoryStore::default()).await;
}

#[tokio::test]
async fn memory_that_begins_anew_at_once_gives_no_id_twice() {
    let first = memory_hub(small_admission(), Settings::default());
    let mut known = String::new();
    for text in ["1", "2", "3"] {
        known = publish_to_org(&first, "acme", text).await.id;
    }
    let second = memory_hub(small_admission(), Settings::default());
    let mut new = Vec::new();
    for text in ["a", "b", "c", "d"] {
        new.push(publish_to_org(&second, "acme", text).await.id);
    }
    assert!(!new.contains(&known), "{new:?}");
    let mut back = open_stream(&second, org_events(&second, "acme"), Some(&known));
    let told = pending(&mut back);
    assert_eq!(back.resumed(), Resume::Gap);
    assert!(told.iter().any(|event| event.name == "growset.gap"), "{told:?}");
}

#[tokio::test]
async fn the_log_conforms() {
    let (_guard, path) = folder();
    conforms(LogStore::take(&path).expect("the folder is free")).await;
}

fn log_file(path: &Path) -> std::path::PathBuf {
    path.join("events-0000000000.log")
}

fn replayed(hub: &Hub, last_id: &str) -> Vec<String> {
    let mut back = open_stream(hub, org_events(hub, "acme"), Some(last_id));
    let events = pending(&mut back);
    assert_eq!(back.resumed(), Resume::Exact);
    texts(&without_control(events))
}

#[tokio::test]
async fn keys_and_history_survive_a_restart() {
    let (_guard, path) = folder();
    let hub = log_hub(&path, Settings::default());
    let keyed = |hub: &Hub, text: &str| {
        let mut item = item(hub, Audience::Org, [Some("acme"), None, None], text);
        item.key = Some("k".into());
        item
    };
    let first = hub.publish_item(keyed(&hub, "1")).await.expect("is published");
    publish_to_org(&hub, "acme", "2").await;
    hub.close().await;

    let hub = log_hub(&path, Settings::default());
    let again = hub.publish_item(keyed(&hub, "1")).await.expect("is published");
    assert_eq!((again.id, again.is_repeat), (first.id.clone(), true));
    assert!(hub.publish_item(keyed(&hub, "other")).await.is_err());
    assert_eq!(replayed(&hub, &first.id), ["2"]);
    hub.close().await;
}

#[tokio::test]
async fn a_write_that_was_cut_off_anywhere_is_repaired_and_reported() {
    let (_guard, path) = folder();
    let hub = log_hub(&path, Settings::default());
    let first = publish_to_org(&hub, "acme", "1").await;
    let whole = std::fs::read(log_file(&path)).expect("it is there").len();
    publish_to_org(&hub, "acme", "2").await;
    hub.close().await;
    let log = std::fs::read(log_file(&path)).expect("it is there");
    for cut in (whole + 1..log.len()).step_by(7) {
        let (_guard, path) = folder();
        std::fs::create_dir_all(&path).expect("there is room");
        std::fs::write(log_file(&path), &log[..cut]).expect("there is room");
        let store = LogStore::take(&path).expect("the folder is free");
        let (hub, remarks) = Hub::start(small_admission(), store, Settings::default()).expect("it is repaired");
        assert!(remarks[0].contains(&format!("{} bytes of an unfinished write at byte {whole}", cut - whole)));
        assert!(replayed(&hub, &first.id).is_empty());
        let next = publish_to_org(&hub, "acme", "3").await;
        assert_eq!(replayed(&hub, &first.id), ["3"]);
        assert!(next.id.ends_with("-2") && next.id > first.id, "{} {}", next.id, first.id);
        hub.close().await;
    }
}

#[tokio::test]
async fn a_log_that_has_gone_from_its_folder_is_reported() {
    let (_guard, path) = folder();
    log_hub(&path, Settings::default()).close().await;
    for is_left in [true, false] {
        std::fs::remove_file(log_file(&path)).expect("it is there");
        if is_left {
            std::fs::write(log_file(&path), "").expect("there is room");
        }
        let store = LogStore::take(&path).expect("the folder is free");
        let (hub, remarks) = Hub::start(small_admission(), store, Settings::default()).expect("it begins anew");
        assert!(remarks.len() == 1 && remarks[0].contains("a history begins anew"), "{remarks:?}");
        hub.close().await;
    }
    let (_guard, path) = folder();
    let store = LogStore::take(&path).expect("the folder is free");
    assert!(Hub::start(small_admission(), store, Settings::default()).expect("it begins").1.is_empty());
}

#[tokio::test]
async fn a_damaged_middle_is_refused_with_its_place() {
    let (_guard, path) = folder();
    let hub = log_hub(&path, Settings::default());
    publish_to_org(&hub, "acme", "1").await;
    let begin = std::fs::read(log_file(&path)).expect("it is there").len();
    publish_to_org(&hub, "acme", "2").await;
    publish_to_org(&hub, "acme", "3").await;
    hub.close().await;
    let log = std::fs::read(log_file(&path)).expect("it is there");
    for at in [begin, begin + 5, begin + 9, begin + 40] {
        let mut damaged = log.clone();
        damaged[at] ^= 1;
        std::fs::write(log_file(&path), &damaged).expect("there is room");
        let mut store = LogStore::take(&path).expect("the folder is free");
        let refused = store.open(0).expect_err("is refused");
        assert!(matches!(&refused, StoreError::Corrupt { at, .. } if *at == begin as u64), "{at}: {refused}");
        assert!(refused.to_string().contains("events-0000000000.log is corrupt at byte"));
    }
}

#[tokio::test]
async fn two_nodes_on_one_folder_are_refused() {
    let (_guard, path) = folder();
    let hub = log_hub(&path, Settings::default());
    let refused = LogStore::take(&path).expect_err("is in use");
    assert!(refused.to_string().contains("in use by another process"), "{refused}");
    hub.close().await;
    assert!(LogStore::take(&path).is_ok());
}

#[tokio::test]
async fn compaction_keeps_what_is_kept_and_nothing_else() {
    let (_guard, path) = folder();
    let retention = Retention { count: 5, ..Retention::default() };
    let settings = Settings { retention, ..Settings::default() };
    let store = LogStore::take(&path).expect("the folder is free").compacting_above(200_000);
    let (hub, _) = Hub::start(small_admission(), store, settings.clone()).expect("it opens");
    let text = "x".repeat(1000);
    let mut last = String::new();
    for _ in 0..8 {
        let items = (0..100).map(|_| item(&hub, Audience::Org, [Some("acme"), None, None], &text)).collect();
        let published = hub.publish_items(items).await;
        last = published.into_iter().next_back().and_then(Result::ok).map(|one| one.id).expect("is published");
    }
    hub.close().await;
    let size: u64 = std::fs::read_dir(&path)
        .expect("it is there")
        .map(|file| file.and_then(|file| file.metadata()).expect("it is there").len())
        .sum();
    assert!(size < 400_000, "{size}");
    let hub = log_hub(&path, settings);
    assert!(replayed(&hub, &last).is_empty());
    let next = publish_to_org(&hub, "acme", "next").await;
    assert!(next.id.ends_with("-801"), "{}", next.id);
    assert_eq!(replayed(&hub, &last), ["next"]);
    hub.close().await;
}

#[tokio::test]
async fn a_disk_that_fails_fails_publishes_and_nothing_else() {
    struct Failing {
        inner: MemoryStore,
        appends: usize,
    }
    impl Journal for Failing {
        fn open(&mut self, now: u32) -> Result<growset_server::store::History, StoreError> {
            self.inner.open(now)
        }
        fn append(&mut self, records: &[growset_server::store::Record]) -> Result<(), StoreError> {
            self.appends += 1;
            if self.appends == 2 {
                let cause = std::io::Error::from(std::io::ErrorKind::StorageFull);
                return Err(StoreError::Disk { action: "write to", path: "events.log".into(), cause });
            }
            self.inner.append(records)
        }
        fn wants_compaction(&self) -> bool {
            false
        }
        fn compact(&mut self, history: &growset_server::store::History) -> Result<(), StoreError> {
            self.inner.compact(history)
        }
        fn catalog(&mut self, after: u64) -> Result<Option<KeptCatalog>, StoreError> {
            self.inner.catalog(after)
        }
        fn keep_catalog(&mut self, after: u64, json: &Bytes) -> Result<Keeping, StoreError> {
            self.inner.keep_catalog(after, json)
        }
    }
    let store = Failing { inner: MemoryStore::default(), appends: 0 };
    let (hub, _) = Hub::start(small_admission(), store, Settings::default()).expect("it opens");
    let mut listener = open_stream(&hub, org_events(&hub, "acme"), None);
    let first = publish_to_org(&hub, "acme", "1").await;
    let failed = hub.publish_item(item(&hub, Audience::Org, [Some("acme"), None, None], "2")).await;
    assert!(failed.as_ref().is_err_and(|error| error.to_string().contains("nothing was stored: cannot write to")));
    let third = publish_to_org(&hub, "acme", "3").await;
    assert!(first.id.ends_with("-1") && third.id.ends_with("-2"), "a number that was not stored is free");
    assert_eq!(texts(&without_control(pending(&mut listener))), ["1", "3"]);
}
