//! A slow listener costs its place, not memory, and nobody else anything.

use growset_model::Audience;
use growset_server::{Retention, Settings, Step};
use serde_json::Value;

use crate::support::{
    item, memory_hub, open_stream, org_events, pending, publish_to_org, small_admission, texts, without_control,
};

#[tokio::test]
async fn a_slow_listener_gets_one_gap_and_the_others_lose_nothing() {
    let retention = Retention { bytes: 256 << 10, ..Retention::default() };
    let hub = memory_hub(small_admission(), Settings { retention, ..Settings::default() });
    let open = || open_stream(&hub, org_events(&hub, "acme"), None);
    let mut slow: Vec<_> = (0..5).map(|_| open()).collect();
    let mut others: Vec<_> = (0..95).map(|_| open()).collect();
    slow.iter_mut().chain(&mut others).for_each(|listener| drop(pending(listener)));

    let text = "x".repeat(1000);
    let mut heard = vec![0; others.len()];
    // 2 MB, of which the ring keeps an eighth.
    for _ in 0..20 {
        let items = (0..100).map(|_| item(&hub, Audience::Org, [Some("acme"), None, None], &text)).collect();
        hub.publish_items(items).await;
        for (listener, heard) in others.iter_mut().zip(&mut heard) {
            let events = pending(listener);
            assert!(events.iter().all(|event| event.name == "to.org"));
            *heard += events.len();
        }
    }
    assert!(heard.iter().all(|count| *count == 2000), "{heard:?}");
    for listener in &mut slow {
        let before = listener.cursor().to_string();
        let events = pending(listener);
        assert_eq!(events.len(), 1, "one gap and nothing else");
        let gap: Value = serde_json::from_str(&events[0].data).expect("data is JSON");
        assert_eq!((&gap["reason"], &gap["from"]), (&"lagged".into(), &before.into()));
        assert_eq!(gap["to"], listener.cursor().to_string());
    }
    publish_to_org(&hub, "acme", "after").await;
    for listener in slow.iter_mut().chain(&mut others) {
        assert_eq!(texts(&without_control(pending(listener))), ["after"]);
    }
}

#[tokio::test]
async fn what_is_pending_leaves_in_one_bounded_chunk() {
    let hub = memory_hub(small_admission(), Settings::default());
    let mut listener = open_stream(&hub, org_events(&hub, "acme"), None);
    pending(&mut listener);
    for size in [32, 2000] {
        let items = (0..size).map(|_| item(&hub, Audience::Org, [Some("acme"), None, None], "x")).collect();
        hub.publish_items(items).await;
        let mut chunks = Vec::new();
        while let Step::Chunk(chunk) = listener.step(std::task::Waker::noop()) {
            chunks.push(chunk.len());
        }
        assert!(size > 32 || chunks.len() == 1, "{chunks:?}");
        assert!(chunks.iter().all(|length| *length < 66_000), "{chunks:?}");
    }
}
