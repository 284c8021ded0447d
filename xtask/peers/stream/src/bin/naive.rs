//! What the examples of axum lead to: a broadcast channel and `Sse`.

use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::{get, post};
use tokio::sync::broadcast;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

type Channel = broadcast::Sender<(u64, String)>;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).unwrap_or_default();
    let (channel, _) = broadcast::channel::<(u64, String)>(10_000);
    let events = async |State(channel): State<Channel>| {
        let stream = BroadcastStream::new(channel.subscribe()).map(|event| {
            let (seq, payload) = event.unwrap_or_default();
            Ok::<_, std::convert::Infallible>(
                Event::default().id(format!("1-{seq}")).event("completion.delta").data(payload),
            )
        });
        Sse::new(stream).keep_alive(KeepAlive::default())
    };
    let publish = async |State(channel): State<Channel>, body: String| {
        for (seq, payload) in (1..).zip(body.lines()) {
            // Nobody listens when this fails.
            let _ = channel.send((seq, payload.to_owned()));
        }
    };
    let router = Router::new().route("/events", get(events)).route("/publish", post(publish)).with_state(channel);
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))), router).await
}
