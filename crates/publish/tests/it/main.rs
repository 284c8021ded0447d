//! A publisher before a server that answers by a script. What the real one answers is tried in `/tests`.

mod script;

use std::time::Duration;

use growset_event::{Event, Org, Target, User};
use growset_publish::{Outgoing, PublishError, Publisher};
use hyper::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use crate::script::{Answer, Script};

#[derive(Serialize)]
struct OrderCreated {
    total: u64,
}

impl Event for OrderCreated {
    const NAME: &'static str = "order.created";
    const BASE: &'static str = "order.created";
    const VERSION: u32 = 1;
    type Audience = Org;
}

#[derive(Serialize)]
struct Notified {}

impl Event for Notified {
    const NAME: &'static str = "notified.v2";
    const BASE: &'static str = "notified";
    const VERSION: u32 = 2;
    type Audience = User;
}

fn taken(ids: &[&str]) -> Answer {
    let results: Vec<Value> = ids.iter().map(|id| json!({ "status": 201, "id": id })).collect();
    Answer::json(StatusCode::CREATED, &json!({ "results": results }))
}

fn problem(status: u16, rule: &str) -> Value {
    json!({ "status": status, "rule": rule, "detail": format!("about {rule}") })
}

fn answer(status: StatusCode, rule: &str) -> Answer {
    Answer::json(status, &problem(status.as_u16(), rule))
}

#[tokio::test]
async fn an_event_is_sent_with_its_target_its_token_and_a_key_of_its_own() {
    let script = Script::start([taken(&["7-1"]), taken(&["7-2"])]).await;
    let publisher = Publisher::new(&format!("{}/live/", script.address)).expect("is an address");
    let publisher = publisher.with_token(|| "secret".to_owned());
    let published = publisher.publish(Target::user("acme", "ada"), &Notified {}).await.expect("is taken");
    assert_eq!((published.id.as_str(), published.is_repeat), ("7-1", false));
    publisher.clone().publish(Target::org("acme"), &OrderCreated { total: 5 }).await.expect("is taken");
    let [first, second] = &script.asked()[..] else { panic!("two requests") };
    assert_eq!((first.path.as_str(), first.authorization.as_str()), ("/live/publish", "Bearer secret"));
    let (key, other) = (first.body[0]["key"].clone(), second.body[0]["key"].clone());
    assert!(key.is_string() && other.is_string() && key != other);
    let expected = json!([{ "event": "notified.v2", "org": "acme", "user": "ada", "data": {}, "key": key }]);
    assert_eq!(first.body, expected);
    assert_eq!(second.body[0]["data"], json!({ "total": 5 }));
}

#[tokio::test]
async fn whatever_may_pass_is_tried_again_under_the_same_key() {
    let script = Script::start([
        Answer::hung_up(),
        answer(StatusCode::SERVICE_UNAVAILABLE, "store-failed"),
        Answer::text(StatusCode::BAD_GATEWAY, "<html>"),
        taken(&["7-1"]),
    ])
    .await;
    let publisher = Publisher::new(&script.address).expect("is an address");
    let published = publisher.publish(Target::org("acme"), &OrderCreated { total: 5 }).await;
    assert_eq!(published.expect("is taken in the end").id, "7-1");
    let asked = script.asked();
    // A connection that was hung up on may be tried anew by the client below, too.
    assert!(asked.len() >= 4);
    assert!(asked.iter().all(|request| request.body == asked[0].body), "{asked:?}");
}

#[tokio::test]
async fn only_what_has_no_verdict_yet_is_sent_again() {
    let mixed = json!({ "results": [
        { "status": 201, "id": "7-1" },
        { "status": 503, "problem": problem(503, "missing-function") },
        { "status": 422, "problem": problem(422, "invalid-payload") },
        { "status": 201, "id": "6-9", "repeated": true },
    ]});
    let script = Script::start([Answer::json(StatusCode::MULTI_STATUS, &mixed), taken(&["7-2"])]).await;
    let publisher = Publisher::new(&script.address).expect("is an address");
    let events = (0..4).map(|total| Outgoing::new(Target::org("acme"), &OrderCreated { total }));
    let results = publisher.publish_all(events.collect::<Result<_, _>>().expect("is JSON")).await;
    let ids: Vec<Option<&str>> = results.iter().map(|one| one.as_ref().ok().map(|one| one.id.as_str())).collect();
    assert_eq!(ids, [Some("7-1"), Some("7-2"), None, Some("6-9")]);
    assert!(results[3].as_ref().is_ok_and(|one| one.is_repeat));
    let refused = results[2].as_ref().expect_err("is refused");
    assert!(
        matches!(refused, PublishError::Refused(refused) if (refused.status, refused.rule.as_str()) == (422, "invalid-payload"))
    );
    assert_eq!(refused.to_string(), "invalid-payload: about invalid-payload");
    let again = &script.asked()[1].body;
    assert_eq!((again.as_array().map(Vec::len), &again[0]["data"]["total"]), (Some(1), &json!(1)));
}

#[tokio::test]
async fn the_time_that_the_server_asks_for_is_given() {
    let busy = answer(StatusCode::TOO_MANY_REQUESTS, "too-many-publishes").with("retry-after", "1");
    let script = Script::start([busy, taken(&["7-1"])]).await;
    let publisher = Publisher::new(&script.address).expect("is an address");
    publisher.publish(Target::org("acme"), &OrderCreated { total: 1 }).await.expect("is taken");
    let [first, second] = &script.asked()[..] else { panic!("two requests") };
    assert!(second.at.duration_since(first.at) >= Duration::from_secs(1));
}

#[tokio::test]
async fn longer_than_the_publisher_waits_is_told_at_once_and_to_everyone() {
    let busy = || answer(StatusCode::TOO_MANY_REQUESTS, "too-many-publishes").with("retry-after", "3600");
    let script = Script::start([busy()]).await;
    let publisher = Publisher::new(&script.address).expect("is an address");
    for times in 1..3 {
        let publisher = publisher.clone();
        let told = publisher.publish(Target::org("acme"), &OrderCreated { total: 1 }).await.expect_err("is busy");
        let PublishError::Busy { retry_after: Some(retry_after), .. } = told else { panic!("{told:?}") };
        assert!(retry_after > Duration::from_secs(3500), "{retry_after:?}");
        assert_eq!(script.asked().len(), 1, "the server is left alone, {times}");
    }
}

#[tokio::test]
async fn what_may_have_been_taken_is_never_told_as_not_taken() {
    let unclear = json!({ "results": [{ "status": 503, "problem": problem(503, "store-unclear") }] });
    let unclear = || Answer::json(StatusCode::MULTI_STATUS, &unclear);
    let busy = || answer(StatusCode::TOO_MANY_REQUESTS, "too-many-publishes").with("retry-after", "3600");
    for (answers, patience) in
        [(vec![unclear()], 0), (vec![unclear(), busy()], 30), (vec![Answer::hung_up(), busy()], 30)]
    {
        let script = Script::start(answers).await;
        let publisher = Publisher::new(&script.address).expect("is an address");
        let publisher = publisher.with_patience(Duration::from_secs(patience));
        let told = publisher.publish(Target::org("acme"), &OrderCreated { total: 1 }).await.expect_err("is not known");
        assert!(matches!(told, PublishError::Unclear { .. } | PublishError::Unreachable { .. }), "{told}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    // Where nobody may listen but root, and nobody does.
    let publisher = Publisher::new("http://127.0.0.1:1").expect("is an address").with_patience(Duration::ZERO);
    let told = publisher.publish(Target::org("acme"), &OrderCreated { total: 1 }).await.expect_err("is not there");
    assert!(matches!(&told, PublishError::Unreachable { cause } if cause.contains("refused")), "{told}");
}

#[tokio::test]
async fn a_batch_is_cut_to_what_the_server_takes() {
    let too_many = || answer(StatusCode::PAYLOAD_TOO_LARGE, "too-many-events");
    let script = Script::start([too_many(), taken(&["1", "2"]), taken(&["3", "4"]), taken(&["5"])]).await;
    let publisher = Publisher::new(&script.address).expect("is an address");
    let events = (0..5).map(|total| Outgoing::new(Target::org("acme"), &OrderCreated { total }));
    let results = publisher.publish_all(events.collect::<Result<_, _>>().expect("is JSON")).await;
    let ids: Vec<String> = results.into_iter().map(|one| one.expect("is taken").id).collect();
    assert_eq!(ids, ["1", "2", "3", "4", "5"]);
    let script = Script::start([too_many()]).await;
    let publisher = Publisher::new(&script.address).expect("is an address");
    let told = publisher.publish(Target::org("acme"), &OrderCreated { total: 1 }).await.expect_err("is too much");
    assert!(matches!(told, PublishError::Refused(refused) if refused.status == 413));
}

#[tokio::test]
async fn what_is_no_growset_server_is_told() {
    for strange in [
        Answer::text(StatusCode::OK, "hello"),
        Answer::text(StatusCode::NOT_FOUND, "<html>"),
        Answer::text(StatusCode::CREATED, "{}"),
        taken(&["1", "2"]),
    ] {
        let script = Script::start([strange]).await;
        let publisher = Publisher::new(&script.address).expect("is an address");
        let told = publisher.publish(Target::org("acme"), &OrderCreated { total: 1 }).await.expect_err("is strange");
        assert!(matches!(told, PublishError::Foreign { .. }), "{told}");
    }
    for address in ["", "localhost:1", "ftp://x", "https://", "https://x/?a=1"] {
        assert!(Publisher::new(address).is_err(), "{address}");
    }
}
