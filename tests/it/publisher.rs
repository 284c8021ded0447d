//! The publisher before the server that it is made for.

use std::time::Duration;

use growset_event::{Channel, Event, Org, Target};
use growset_publish::{Outgoing, PublishError, Publisher};
use serde::Serialize;

use crate::serve::{Served, serve};

#[derive(Serialize)]
struct EscrowReleased {
    #[serde(rename = "orderId")]
    order_id: &'static str,
    #[serde(rename = "milestoneId")]
    milestone_id: &'static str,
    amount: i64,
}

impl Event for EscrowReleased {
    const NAME: &'static str = "escrow.released";
    const BASE: &'static str = "escrow.released";
    const VERSION: u32 = 1;
    type Audience = Org;
}

/// What a service would send that was built before the contract said otherwise.
#[derive(Serialize)]
struct Misaddressed {}

impl Event for Misaddressed {
    const NAME: &'static str = "escrow.released";
    const BASE: &'static str = "escrow.released";
    const VERSION: u32 = 1;
    type Audience = Channel;
}

fn released(amount: i64) -> EscrowReleased {
    EscrowReleased { order_id: "ord_1", milestone_id: "mil_1", amount }
}

fn publisher(served: &Served) -> Publisher {
    Publisher::new(&format!("http://{}", served.address)).expect("is an address")
}

pub(crate) fn demo(amount: i64) -> Outgoing {
    Outgoing::new(Target::org("demo"), &released(amount)).expect("is JSON")
}

#[tokio::test]
async fn events_are_taken_once_and_refusals_are_told_in_the_servers_words() {
    let served = serve(&["--dev", "--batch", "7"]);
    let publisher = publisher(&served);
    let first = publisher.publish(Target::org("demo"), &released(5)).await.expect("is taken");
    assert!(first.id.ends_with("-1") && !first.is_repeat, "{first:?}");
    let keyed = || demo(7).with_key("payout-9");
    let second = publisher.publish_one(keyed()).await.expect("is taken");
    let again = publisher.publish_one(keyed()).await.expect("is known");
    assert_eq!((&again.id, again.is_repeat), (&second.id, true));

    let refused = publisher.publish_one(demo(8).with_key("payout-9")).await.expect_err("another payload");
    assert!(matches!(refused, PublishError::Refused(refused) if refused.rule == "key-taken"));
    let refused = publisher.publish(Target::org("demo"), &released(-5)).await.expect_err("less than nothing");
    let PublishError::Refused(refused) = refused else { panic!("{refused}") };
    assert_eq!(
        (refused.rule.as_str(), &refused.document["errors"][0]["pointer"]),
        ("invalid-payload", &"/amount".into())
    );
    let refused = publisher.publish(Target::channel("demo", "c"), &Misaddressed {}).await.expect_err("of an org");
    assert!(matches!(refused, PublishError::Refused(_)), "{refused}");

    // In more requests than one, because the server takes seven at once.
    let many = publisher.publish_all((0..40).map(demo).collect()).await;
    let ids: Vec<String> = many.into_iter().map(|one| one.expect("is taken").id).collect();
    let (epoch, _) = first.id.split_once('-').expect("is an id");
    assert_eq!(ids, (3..43).map(|number| format!("{epoch}-{number}")).collect::<Vec<_>>(), "in order");
}

#[tokio::test]
async fn a_server_with_a_certificate_of_ones_own_is_trusted_by_it_alone() {
    let folder = tempfile::tempdir().expect("there is room");
    let made = || rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("is made");
    let (own, other) = (made(), made());
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (certificate, key) = (path("cert.pem"), path("key.pem"));
    std::fs::write(&certificate, own.cert.pem()).expect("there is room");
    std::fs::write(&key, own.signing_key.serialize_pem()).expect("there is room");
    let served = serve(&["--dev", "--tls-cert", &certificate, "--tls-key", &key]);
    let (_, port) = served.address.split_once(':').expect("has a port");
    let address = format!("https://localhost:{port}");
    let trusting = |pem: String| Publisher::trusting(&address, pem.as_bytes()).expect("is a certificate");
    let published = trusting(own.cert.pem()).publish(Target::org("demo"), &released(5)).await;
    assert!(published.expect("is taken").id.ends_with("-1"));
    for stranger in [trusting(other.cert.pem()), Publisher::new(&address).expect("is an address")] {
        let refused = stranger.with_patience(Duration::ZERO).publish(Target::org("demo"), &released(5)).await;
        assert!(matches!(refused, Err(PublishError::Unreachable { .. })), "{refused:?}");
    }
    for wrong in ["", "nothing", &own.signing_key.serialize_pem()] {
        assert!(Publisher::trusting(&address, wrong.as_bytes()).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn a_publisher_waits_where_the_server_has_a_limit_and_says_so_when_it_may_not() {
    let served = serve(&["--dev", "--publishes-per-second", "2"]);
    let all = publisher(&served).publish_all((0..5).map(demo).collect()).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    let hasty = publisher(&served).with_patience(Duration::ZERO);
    let mut told = Vec::new();
    // How many seconds these take is not ours to say, but hardly one each; who has no patience is not always answered.
    for amount in 0..1000 {
        told.extend(hasty.publish_one(demo(amount)).await.err());
        if let Some(PublishError::Busy { retry_after: Some(retry_after), .. }) = told.last() {
            assert!(*retry_after <= Duration::from_secs(2));
            return;
        }
    }
    panic!("{told:?}");
}
