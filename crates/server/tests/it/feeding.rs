//! How long a node goes on hearing of what nobody listens to, and how it finds what it was not told: in a time that only
//! these tests move.

use std::sync::mpsc::{Sender, channel};
use std::task::Waker;
use std::time::{Duration, Instant};

use growset_server::{Listener, Settings, Step};
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::advance;

use crate::redis::{Redis, node};
use crate::support::{PATIENCE, org_events, publish_to_org, texts, without_control};
use crate::whatwg::Parser;

/// Time would move by itself while nothing but Redis is waited for; it does not while a thread is busy. Let go of by
/// dropping it.
fn stand_still() -> Sender<()> {
    let (busy, done) = channel();
    // It ends when the test does.
    spawn_blocking(move || done.recv().is_ok());
    busy
}

/// Lets seconds pass, and everyone do what was due.
async fn pass(redis: &Redis, seconds: u64) {
    for _ in 0..seconds {
        advance(Duration::from_secs(1)).await;
        settle(Duration::from_millis(10)).await;
        // What goes to Redis and back takes real time, which nobody who waits for an answer should take for a silence:
        // Redis answers one after the other, so that once this one is here, those are.
        assert_eq!(redis.say(&["ping"]), "PONG");
        settle(Duration::from_millis(5)).await;
    }
}

/// Lets everyone take what came, in so much real time at least.
async fn settle(real: Duration) {
    let began = Instant::now();
    let mut turns = 0;
    while began.elapsed() < real || turns < 100 {
        yield_now().await;
        turns += 1;
    }
}

/// Until something is so, in real time: the other one stands still.
async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        yield_now().await;
    }
}

fn pending(listener: &mut Listener, parser: &mut Parser) -> Vec<String> {
    let mut events = Vec::new();
    while let Step::Chunk(chunk) = listener.step(Waker::noop()) {
        events.extend(parser.feed(&chunk));
    }
    texts(&without_control(events))
}

#[tokio::test(start_paused = true)]
async fn what_nobody_listens_to_is_heard_of_for_half_a_minute() {
    let Some(redis) = Redis::start(&[]) else { return };
    let _still = stand_still();
    let hub = node(&redis.url(), Settings::default()).await;
    let heard_of = || redis.say(&["pubsub", "channels", "growset:0:{o:*"]);
    let listener = hub.listen(org_events(&hub, "acme"), None).await.expect("has not ended");
    pass(&redis, 60).await;
    assert_eq!(heard_of(), "growset:0:{o:acme}", "somebody listens");
    drop(listener);
    pass(&redis, 29).await;
    assert_eq!(heard_of(), "growset:0:{o:acme}", "they may come back");
    let listener = hub.listen(org_events(&hub, "acme"), None).await.expect("has not ended");
    pass(&redis, 10).await;
    drop(listener);
    pass(&redis, 29).await;
    assert_eq!(heard_of(), "growset:0:{o:acme}", "counted from when the last one left");
    let mut seconds = 0;
    while !heard_of().is_empty() {
        // A node that was late to see them leave counts from later.
        assert!(seconds < 60, "it is not heard of any more");
        pass(&redis, 1).await;
        seconds += 1;
    }
    assert_eq!(redis.say(&["pubsub", "channels", "growset:*"]), "growset:0:{public}", "public events always are");
}

#[tokio::test(start_paused = true)]
async fn a_silent_ring_is_compared_with_the_store_every_ten_seconds() {
    let Some(redis) = Redis::start(&[]) else { return };
    let _still = stand_still();
    let hub = node(&redis.url(), Settings::default()).await;
    let (mut listener, mut parser) =
        (hub.listen(org_events(&hub, "acme"), None).await.expect("has not ended"), Parser::default());
    publish_to_org(&hub, "acme", "1").await;
    let mut heard = Vec::new();
    until("it is told", || {
        heard.extend(pending(&mut listener, &mut parser));
        !heard.is_empty()
    })
    .await;
    assert_eq!(heard, ["1"]);
    // Another event of the same payload, whose wake-up is lost.
    let lost = "local entry = redis.call('XRANGE', KEYS[2], '-', '+')[1]
                redis.call('XADD', KEYS[2], '2-' .. string.match(entry[1], '-(%d+)'), unpack(entry[2]))
                return redis.call('HSET', KEYS[1], 'seq', 2)";
    redis.say(&["eval", lost, "2", "growset:{o:acme}:head", "growset:{o:acme}:events"]);
    pass(&redis, 8).await;
    assert_eq!(pending(&mut listener, &mut parser), [""; 0], "nobody told it");
    let (mut found, mut seconds) = (Vec::new(), 0);
    while found.is_empty() {
        assert!(seconds < 60, "it is found");
        pass(&redis, 1).await;
        seconds += 1;
        found.extend(pending(&mut listener, &mut parser));
    }
    assert_eq!(found, ["1"]);
}
