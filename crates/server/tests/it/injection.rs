//! Nothing from outside can forge a field: one event in is one event out, and nothing panics.

use growset_model::Audience;
use growset_server::admission::{Admission, Served};
use growset_server::{Identity, Settings, Subscription};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{
    everything, item, memory_hub, open_stream, org_events, pending, sized, small_admission, small_catalog, texts,
    without_control,
};

const ENDS: [&str; 7] = ["\n", "\r", "\r\n", "\0", "\u{feff}", "\u{2028}", "\u{85}"];

/// What an attacker would send to forge each field.
fn corpus() -> Vec<String> {
    let forged = ["event: to.user", "id: 1-1", "data: {\"text\":\"forged\"}", ": comment", "retry: 1", ""];
    let mut corpus = Vec::new();
    for end in ENDS {
        for field in forged {
            corpus.push(format!("a{end}{field}{end}{end}b"));
            corpus.push(format!("{end}{field}"));
        }
        corpus.push(end.to_owned());
    }
    corpus
}

#[tokio::test]
async fn one_event_in_is_one_event_out() {
    let hub = memory_hub(small_admission(), Settings::default());
    let mut listener = open_stream(&hub, org_events(&hub, "acme"), None);
    pending(&mut listener);
    for text in corpus() {
        let id = hub.publish_item(item(&hub, Audience::Org, [Some("acme"), None, None], &text)).await;
        let heard = pending(&mut listener);
        assert_eq!(heard.len(), 1, "{text:?}");
        assert_eq!((heard[0].name.as_str(), texts(&heard)), ("to.org", vec![text]));
        assert_eq!(Some(&heard[0].id), id.as_ref().ok().map(|published| &published.id));
    }
}

#[test]
fn names_and_ids_that_would_end_a_line_are_refused() {
    let hub = memory_hub(small_admission(), Settings::default());
    for text in corpus() {
        let admission = hub.admission();
        assert!(admission.admit(&text, b"{}").is_err(), "{text:?}");
        let identity = || Identity { org: "acme".into(), user: None };
        assert!(Subscription::to(&admission, identity(), Default::default(), [text.as_str()]).is_err(), "{text:?}");
        let mut listener = open_stream(&hub, org_events(&hub, "acme"), Some(&text));
        let names: Vec<String> = pending(&mut listener).into_iter().map(|event| event.name).collect();
        assert_eq!(names, ["growset.connected", "growset.gap"], "{text:?}");

        let mut catalog = small_catalog();
        catalog["events"][&text] = catalog["events"]["to.org"].clone();
        assert!(Admission::from_json(catalog.to_string().as_bytes(), &[], Served::Everything).is_err(), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(sized(64, 2000) as u32))]

    #[test]
    fn any_text_arrives_as_it_was_sent(sent in proptest::collection::vec("(?s).{0,40}", 1..20)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it starts");
        let hub = memory_hub(small_admission(), Settings::default());
        let mut listener = open_stream(&hub, everything(&hub, "acme", None, &[]), None);
        let items = sent.iter().map(|text| item(&hub, Audience::Org, [Some("acme"), None, None], text)).collect();
        runtime.block_on(hub.publish_items(items));
        prop_assert_eq!(texts(&without_control(pending(&mut listener))), sent);
    }

    #[test]
    fn no_payload_makes_admission_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60), name in "(?s).{0,12}") {
        let admission = small_admission();
        prop_assert!(admission.admit("to.org", &bytes).is_err() || serde_json::from_slice::<Value>(&bytes).is_ok());
        prop_assert!(admission.admit(&name, b"[]").is_err());
    }
}
