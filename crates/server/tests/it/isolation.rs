//! Nobody ever receives what was not theirs, live or replayed.

use growset_model::Audience;
use growset_server::{Hub, Item, Listener, Named, Settings};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{everything, memory_hub, open_stream, pending, sized, small_admission, texts, without_control};

const ORGS: [&str; 2] = ["acme", "globex"];
const USERS: [&str; 2] = ["ada", "bob"];
const CHANNELS: [&str; 2] = ["red", "blue"];

/// An event to one recipient; its text says to whom.
fn address() -> impl Strategy<Value = (Audience, usize, usize)> {
    (prop::sample::select(Audience::ALL.to_vec()), 0..2usize, 0..2usize)
}

/// A listener: organisation, user, channels, and after how many events it comes and comes back.
type Who = (usize, Option<usize>, [bool; 2], usize, usize);

fn who() -> impl Strategy<Value = Who> {
    (0..2usize, prop::option::of(0..2usize), any::<[bool; 2]>(), 0..30usize, 0..30usize)
}

fn is_theirs((audience, org, inner): (Audience, usize, usize), who: &Who) -> bool {
    match audience {
        Audience::Public => true,
        Audience::Org => org == who.0,
        Audience::User => org == who.0 && Some(inner) == who.1,
        Audience::Channel => org == who.0 && who.2[inner],
    }
}

fn event(hub: &Hub, (audience, org, inner): (Audience, usize, usize), index: usize) -> Item {
    let named = match audience {
        Audience::Public => Named::default(),
        Audience::Org => Named { org: Some(ORGS[org].into()), ..Named::default() },
        Audience::User => Named { org: Some(ORGS[org].into()), user: Some(USERS[inner].into()), channel: None },
        Audience::Channel => Named { org: Some(ORGS[org].into()), user: None, channel: Some(CHANNELS[inner].into()) },
    };
    let data = json!({ "text": index.to_string() }).to_string();
    let payload = hub.admission().admit(&format!("to.{}", audience.as_str()), data.as_bytes()).expect("is admitted");
    Item { recipient: named.for_audience(audience).expect("is a recipient"), payload, key: None }
}

fn open(hub: &Hub, who: &Who, last_id: Option<&str>) -> Listener {
    let channels: Vec<&str> = (0..2).filter(|index| who.2[*index]).map(|index| CHANNELS[index]).collect();
    let subscription = everything(hub, ORGS[who.0], who.1.map(|user| USERS[user]), &channels);
    open_stream(hub, subscription, last_id)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(sized(200, 2000) as u32))]

    #[test]
    fn everyone_hears_all_that_is_theirs_and_nothing_else(
        addresses in proptest::collection::vec(address(), 0..30),
        people in proptest::collection::vec(who(), 1..6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it starts");
        let hub = memory_hub(small_admission(), Settings::default());
        let mut open_now: Vec<Option<Listener>> = people.iter().map(|_| None).collect();
        let mut heard: Vec<Vec<String>> = vec![Vec::new(); people.len()];
        for index in 0..=addresses.len() {
            for (at, who) in people.iter().enumerate() {
                // Comes, goes with its last id, and comes back with it.
                let last_id = open_now[at].as_ref().map(|listener| listener.cursor().to_string());
                if index == who.3.min(addresses.len()) {
                    open_now[at] = Some(open(&hub, who, None));
                } else if let Some(last_id) = last_id && index == who.4 {
                    open_now[at] = Some(open(&hub, who, Some(&last_id)));
                }
                // Those of even places hear everything at the end, so that coming back replays.
                if let Some(listener) = &mut open_now[at] && at % 2 == 1 {
                    heard[at].extend(texts(&without_control(pending(listener))));
                }
            }
            if let Some(address) = addresses.get(index) {
                runtime.block_on(hub.publish_item(event(&hub, *address, index))).expect("is published");
            }
        }
        for (at, who) in people.iter().enumerate() {
            let mut listener = open_now[at].take().expect("everyone came");
            heard[at].extend(texts(&without_control(pending(&mut listener))));
            let from = who.3.min(addresses.len());
            let mut expected: Vec<usize> =
                (from..addresses.len()).filter(|index| is_theirs(addresses[*index], who)).collect();
            let mut heard: Vec<usize> = heard[at].iter().map(|text| text.parse().expect("is a number")).collect();
            // Within a ring the order is kept; between the two rings there is none.
            let is_public = |index: &usize| addresses[*index].0 == Audience::Public;
            for ring in [true, false] {
                let order: Vec<usize> = heard.iter().copied().filter(|index| is_public(index) == ring).collect();
                prop_assert!(order.is_sorted(), "{order:?}");
            }
            heard.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(heard, expected, "{:?}", who);
        }
    }
}
