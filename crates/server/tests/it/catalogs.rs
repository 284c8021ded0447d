//! Which catalogs are let in, at the start and later, and who follows them.

use std::sync::{Arc, Mutex, PoisonError};

use growset_model::Audience;
use growset_server::admission::{Admission, AdmissionError, Served};
use growset_server::http::{Access, Keys, Limits, Origins};
use growset_server::store::{History, Journal, Keeping, KeptCatalog, LogStore, MemoryStore, Record, StoreError};
use growset_server::{CatalogError, Hub, Outcome, Resume, Settings};
use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::support::{
    PATIENCE, Server, Stream, answer, everything, folder, item, open_stream, pending, publish_to_org, released,
    request, small_catalog, text_of, without_control,
};
use crate::trust::{SECRET, token};

/// With one optional field more, and one event more.
fn grown() -> Value {
    let mut catalog = small_catalog();
    catalog["events"]["to.org"]["optional"]["more"] = json!({ "type": "string" });
    catalog["events"]["to.other"] = catalog["events"]["to.org"].clone();
    catalog
}

/// With a required field more.
fn broken() -> Value {
    let mut catalog = small_catalog();
    catalog["events"]["to.org"]["fields"]["more"] = json!({ "type": "string" });
    catalog
}

fn admission(text: &[u8]) -> Admission {
    Admission::from_json(text, &[], Served::Released).expect("is released")
}

fn start(folder: &std::path::Path, text: &[u8]) -> Result<(Hub, Vec<String>), CatalogError> {
    Hub::start(admission(text), LogStore::take(folder)?, Settings::default())
}

#[tokio::test]
async fn a_node_starts_with_what_grows_goes_back_and_never_diverges() {
    let (_guard, path) = folder();
    let (small, grown, broken) = (small_catalog(), grown(), broken());
    let old = released(&small, &[]);
    let new = released(&grown, &[&small]);
    let (hub, _) = start(&path, &old).expect("the first is admitted");
    let before = publish_to_org(&hub, "acme", "1").await;
    hub.close().await;
    let (hub, remarks) = start(&path, &new).expect("a newer one is admitted");
    assert!(remarks.is_empty(), "{remarks:?}");
    assert!(hub.listen(everything(&hub, "acme", None, &[]), Some(&before.id)).await.is_ok());
    hub.close().await;

    let (hub, remarks) = start(&path, &old).expect("a rollback works");
    assert!(remarks[0].contains("is older than the admitted one"), "{remarks:?}");
    assert_eq!(hub.admission().digest(), admission(&new).digest(), "and the admitted one is served");
    hub.close().await;

    let refused = start(&path, &released(&broken, &[&small, &grown])).map(drop).expect_err("it diverged");
    let told = refused.to_string();
    assert!(told.contains("field-became-required") && told.contains("as {\"text\""), "{told}");
    assert!(matches!(refused, CatalogError::Diverged(_)));
    assert!(start(&path, &new).is_ok(), "a refusal leaves everything as it was");
}

#[tokio::test]
async fn a_break_that_was_waived_is_let_in() {
    let (_guard, path) = folder();
    let old = released(&small_catalog(), &[]);
    start(&path, &old).expect("the first is admitted").0.close().await;
    let mut text: Value = serde_json::from_slice(&released(&broken(), &[])).expect("is JSON");
    let shapes = serde_json::from_slice::<Value>(&old).expect("is JSON")["released"]["to.org"]["shapes"].clone();
    text["released"]["to.org"]["broken"] = shapes;
    assert!(start(&path, text.to_string().as_bytes()).is_ok());
}

#[tokio::test]
async fn an_event_that_was_retired_after_releases_that_were_skipped_is_let_go() {
    let (_guard, path) = folder();
    let old = released(&small_catalog(), &[]);
    start(&path, &old).expect("the first is admitted").0.close().await;
    // Its sunset was released in between, and only the lock knows of it.
    let mut retired = small_catalog();
    retired["events"]["to.org"]["retired"] = json!({ "since": "2026-07-01" });
    assert!(start(&path, &released(&retired, &[&small_catalog()])).is_ok());
}

#[test]
fn a_shape_that_the_lock_does_not_hold_is_refused_outside_dev() {
    let mut catalog: Value = serde_json::from_slice(&released(&small_catalog(), &[])).expect("is JSON");
    catalog["events"]["to.org"]["optional"]["more"] = json!({ "type": "string" });
    let text = catalog.to_string();
    let refused = Admission::from_json(text.as_bytes(), &[], Served::Released).map(drop).expect_err("is refused");
    assert!(matches!(&refused, AdmissionError::Unreleased(events) if *events == ["to.org"]), "{refused}");
    assert!(Admission::from_json(text.as_bytes(), &[], Served::Everything).is_ok());
}

async fn server() -> Server {
    let text = released(&small_catalog(), &[]);
    let hub = Hub::start(admission(&text), MemoryStore::default(), Settings::default()).expect("memory opens").0;
    let access = Access::Tokens(Keys::secret(SECRET).expect("is long enough"));
    Server::start(hub, access, Origins::default(), Limits::default()).await
}

async fn put(server: &Server, admin: bool, text: &[u8]) -> (u16, Value) {
    // An organisation's own administrator has no say in what all of them share.
    let admin = if admin { json!(["*"]) } else { json!(true) };
    let bearer = format!("Bearer {}", token(|claims| claims["admin"] = admin));
    let text = String::from_utf8_lossy(text);
    answer(server.send(request("PUT", "/catalog", &[("authorization", &bearer)], &text)).await).await
}

#[tokio::test]
async fn an_admin_replaces_the_catalog_by_one_that_grows() {
    let server = server().await;
    let bearer = format!("Bearer {}", token(|_| {}));
    let mut stream = Stream::of(server.send(request("GET", "/events", &[("authorization", &bearer)], "")).await);
    let (small, grown) = (small_catalog(), grown());
    let new = released(&grown, &[&small]);
    assert_eq!(put(&server, false, &new).await.0, 403);
    let (status, told) = put(&server, true, &new).await;
    assert_eq!((status, told["outcome"].as_str()), (200, Some("admitted")), "{told}");
    assert_eq!(put(&server, true, &new).await.1["outcome"], "same");
    assert_eq!(put(&server, true, &released(&small, &[])).await.1["outcome"], "older");
    let (_, served) = answer(server.get("/catalog").await).await;
    assert!(served["events"]["to.other"].is_object());

    let mut item = item(&server.hub, Audience::Org, [Some("acme"), None, None], "1");
    item.payload = server.hub.admission().admit("to.other", br#"{"text":"2"}"#).expect("the new event is served");
    server.hub.publish_item(item).await.expect("is published");
    assert_eq!(stream.next_own().await.map(|event| event.name), Some("to.other".into()), "an open stream follows");
}

#[tokio::test]
async fn an_open_stream_is_told_what_is_retired_and_hears_public_events_that_are_new() {
    let mut first = small_catalog();
    first["events"]["to.user"]["deprecated"] = json!({ "use": "to.org", "sunset": "2026-01-01" });
    let public = first["events"].as_object_mut().and_then(|events| events.remove("to.public")).expect("is there");
    let hub = Hub::start(admission(&released(&first, &[])), MemoryStore::default(), Settings::default());
    let hub = hub.expect("memory opens").0;
    let mut listener = {
        let identity = growset_server::Identity { org: "acme".into(), user: None };
        let wish = growset_server::Subscription::to(&hub.admission(), identity, Default::default(), ["to.user", "*"]);
        open_stream(&hub, wish.expect("are events"), None)
    };
    pending(&mut listener);
    let mut next = first.clone();
    next["events"]["to.user"]["retired"] = json!({ "since": "2026-01-01", "use": "to.org" });
    next["events"]["to.public"] = public;
    assert_eq!(hub.admit_catalog(&released(&next, &[&first])).await.expect("it grows"), Outcome::Admitted);
    hub.publish_item(item(&hub, Audience::Public, [None; 3], "1")).await.expect("is published");
    let told: Vec<(String, String)> = pending(&mut listener).into_iter().map(|one| (one.name, one.data)).collect();
    let expected = [("growset.retired", r#"{"event":"to.user","use":"to.org"}"#), ("to.public", r#"{"text":"1"}"#)];
    assert_eq!(told, expected.map(|(name, data)| (name.to_owned(), data.to_owned())));
}

#[tokio::test]
async fn a_catalog_that_breaks_or_is_none_is_refused_with_every_reason() {
    let server = server().await;
    let (status, problem) = put(&server, true, &released(&broken(), &[&small_catalog()])).await;
    assert_eq!((status, &problem["rule"]), (409, &json!("catalog-diverged")));
    let finding = &problem["findings"][0];
    assert_eq!((&finding["rule"], &finding["class"]), (&json!("required-field-added"), &json!("breaking")));
    assert!(finding["proof"]["witnesses"][0]["payload"].is_object(), "{finding}");
    for text in ["", "{}", &small_catalog().to_string()] {
        let (status, problem) = put(&server, true, text.as_bytes()).await;
        assert_eq!((status, &problem["rule"]), (422, &json!("catalog-refused")), "{text:.40}");
    }
}

/// Two nodes on one store, as far as catalogs go.
#[derive(Clone, Default)]
struct Common(Arc<Mutex<MemoryStore>>);

impl Common {
    fn with<T>(&self, act: impl FnOnce(&mut MemoryStore) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Journal for Common {
    fn open(&mut self, now: u32) -> Result<History, StoreError> {
        self.with(|store| store.open(now))
    }
    fn append(&mut self, _: &[Record]) -> Result<(), StoreError> {
        Ok(())
    }
    fn wants_compaction(&self) -> bool {
        false
    }
    fn compact(&mut self, _: &History) -> Result<(), StoreError> {
        Ok(())
    }
    fn catalog(&mut self, after: u64) -> Result<Option<KeptCatalog>, StoreError> {
        self.with(|store| store.catalog(after))
    }
    fn keep_catalog(&mut self, after: u64, json: &Bytes) -> Result<Keeping, StoreError> {
        self.with(|store| store.keep_catalog(after, json))
    }
}

#[tokio::test]
async fn every_node_follows_the_admitted_catalog_and_shows_the_difference() {
    let store = Common::default();
    let text = released(&small_catalog(), &[]);
    let node = || Hub::start(admission(&text), store.clone(), Settings::default()).expect("it opens").0;
    let (one, other) = (node(), Server::dev(node()).await);
    let mut new: Value = serde_json::from_slice(&released(&grown(), &[&small_catalog()])).expect("is JSON");
    let before = other.hub.admission().digest().to_owned();
    assert_eq!(one.admit_catalog(new.to_string().as_bytes()).await.expect("it grows"), Outcome::Admitted);
    new["title"] = json!("Another title");
    assert_eq!(one.admit_catalog(new.to_string().as_bytes()).await.expect("it grows"), Outcome::Admitted);
    let listening = async {
        while other.hub.admission().digest() != one.admission().digest() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, listening).await.expect("it follows");
    let text = text_of(other.get("/metrics").await).await;
    let line = format!("growset_catalog_revision{{admitted=\"{}\",own=\"{before}\"}} 3", one.admission().digest());
    assert!(text.contains(&line), "{text}");
}

#[tokio::test]
async fn under_dev_an_unreleased_shape_may_change_and_its_history_goes() {
    let released_text: Value = serde_json::from_slice(&released(&small_catalog(), &[])).expect("is JSON");
    let with = |change: &dyn Fn(&mut Value)| {
        let mut catalog = released_text.clone();
        catalog["events"]["to.new"] = small_catalog()["events"]["to.org"].clone();
        change(&mut catalog);
        catalog.to_string()
    };
    let first = Admission::from_json(with(&|_| {}).as_bytes(), &[], Served::Everything).expect("is admitted");
    let hub = Hub::start(first, MemoryStore::default(), Settings::default()).expect("memory opens").0;
    let mut item = item(&hub, Audience::Org, [Some("acme"), None, None], "1");
    let first = publish_to_org(&hub, "acme", "0").await;
    item.payload = hub.admission().admit("to.new", br#"{"text":"1"}"#).expect("is admitted");
    hub.publish_item(item).await.expect("is published");
    let breaks_new = with(&|catalog| catalog["events"]["to.new"]["fields"]["more"] = json!({ "type": "string" }));
    assert_eq!(hub.admit_catalog(breaks_new.as_bytes()).await.expect("it may"), Outcome::Admitted);
    let mut back = open_stream(&hub, everything(&hub, "acme", None, &[]), Some(&first.id));
    let told = pending(&mut back);
    assert_eq!(back.resumed(), Resume::Gap);
    assert!(told.iter().any(|event| event.name == "growset.gap" && event.data.contains("erased")), "{told:?}");
    assert!(without_control(told).is_empty());
    let breaks_old = with(&|catalog| catalog["events"]["to.org"]["fields"]["more"] = json!({ "type": "string" }));
    assert!(matches!(hub.admit_catalog(breaks_old.as_bytes()).await, Err(CatalogError::Diverged(_))));
}
