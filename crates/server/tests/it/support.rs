//! What the tests share: catalogs, hubs, a server on a loopback port, and a client.

use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use growset_model::{Audience, Function, Parameter, TypeKind};
use growset_server::admission::{Admission, Served};
use growset_server::http::{Access, App, Drained, Limits, Origins, serve};
use growset_server::store::{LogStore, MemoryStore};
use growset_server::{Hub, Identity, Item, Listener, Named, Published, Settings, Step, Subscription};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::whatwg::{Event, Parser};

/// Longer than this nothing takes, unless it hangs. It says nothing of how fast things should be: a machine that has other
/// work takes its time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The time to leave in: streams spread over four fifths of it, and the rest is for a machine that is slow.
const WINDOW: Duration = Duration::from_secs(10);

/// A tenth in every run of the tests, the whole in `cargo xtask test --long`.
pub(crate) fn sized(tenth: usize, whole: usize) -> usize {
    if std::env::var_os("GROWSET_LONG").is_some() { whole } else { tenth }
}

/// Says what was shown; `cargo xtask test --long` prints these lines.
pub(crate) fn figure(text: &str) {
    println!("figure: {text}");
}

/// The catalog of this repository.
pub(crate) fn catalog_text() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../generated/catalog.json");
    std::fs::read(path).expect("the catalog is generated")
}

pub(crate) fn admission() -> Admission {
    Admission::from_json(&catalog_text(), &[], Served::Released).expect("the catalog is admitted")
}

/// A catalog of one event per audience, with one field that takes any text.
pub(crate) fn small_catalog() -> Value {
    let event = |audience: &str| {
        json!({
            "audience": audience, "source": "a.yaml",
            "fields": { "text": { "type": "string" } }, "optional": { "number": { "type": "integer" } },
        })
    };
    json!({
        "growset": 1, "title": "", "schema_base": "", "npm": { "name": "" }, "rust": { "name": "" }, "types": {},
        "events": {
            "to.channel": event("channel"), "to.org": event("org"), "to.public": event("public"), "to.user": event("user"),
        },
    })
}

/// The text of a catalog whose shapes are released, beside those of earlier ones.
pub(crate) fn released(catalog: &Value, earlier: &[&Value]) -> Vec<u8> {
    let mut released = growset_model::Released::default();
    for value in earlier.iter().chain([&catalog]) {
        let catalog = growset_model::serial::from_json(value).expect("is a catalog");
        for event in catalog.events.values() {
            let digest = growset_model::fingerprint(&catalog, event).digest;
            released.events.entry(event.name.clone()).or_default().standing.insert(digest);
        }
    }
    let catalog = growset_model::serial::from_json(catalog).expect("is a catalog");
    growset_model::serial::to_json_with(&catalog, &released).to_string().into_bytes()
}

const TEXT: Parameter =
    Parameter { name: "text", expects: "a text", accepts: |kind| matches!(kind, TypeKind::Text(_)) };

/// A derived function of an application's own.
pub(crate) const SHOUT: Function = Function {
    name: "shout",
    parameters: &[TEXT],
    returns: TEXT,
    compute: |inputs| Some(inputs[0].as_str()?.to_uppercase().into()),
};

pub(crate) fn small_admission() -> Admission {
    Admission::from_json(small_catalog().to_string().as_bytes(), &[], Served::Everything)
        .expect("the catalog is admitted")
}

pub(crate) fn memory_hub(admission: Admission, settings: Settings) -> Hub {
    Hub::start(admission, MemoryStore::default(), settings).expect("memory opens").0
}

pub(crate) fn log_hub(folder: &Path, settings: Settings) -> Hub {
    let store = LogStore::take(folder).expect("the folder is free");
    Hub::start(small_admission(), store, settings).expect("the log opens").0
}

/// An event of [`small_catalog`].
pub(crate) fn item(hub: &Hub, audience: Audience, named: [Option<&str>; 3], text: &str) -> Item {
    let [org, user, channel] = named.map(|name| name.map(str::to_owned));
    let recipient = Named { org, user, channel }.for_audience(audience).expect("is a recipient");
    let data = json!({ "text": text }).to_string();
    let payload = hub.admission().admit(&format!("to.{}", audience.as_str()), data.as_bytes()).expect("is admitted");
    Item { recipient, payload, key: None }
}

pub(crate) async fn publish_to_org(hub: &Hub, org: &str, text: &str) -> Published {
    let item = item(hub, Audience::Org, [Some(org), None, None], text);
    hub.publish_item(item).await.expect("is published")
}

pub(crate) fn everything(hub: &Hub, org: &str, user: Option<&str>, channels: &[&str]) -> Subscription {
    let identity = Identity { org: org.into(), user: user.map(Into::into) };
    let channels = channels.iter().map(|&channel| channel.to_owned()).collect();
    Subscription::to_all(&hub.admission(), identity, channels)
}

/// Of one organisation's own events alone, so that ids carry one position.
pub(crate) fn org_events(hub: &Hub, org: &str) -> Subscription {
    let identity = Identity { org: org.into(), user: None };
    Subscription::to(&hub.admission(), identity, Default::default(), ["to.org"]).expect("is an event")
}

/// A listener of a store of one node, which answers at once.
pub(crate) fn open_stream(hub: &Hub, subscription: Subscription, last_id: Option<&str>) -> Listener {
    let listening = std::pin::pin!(hub.listen(subscription, last_id));
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(listener) = listening.poll(&mut context) else {
        unreachable!("a store of one node waits for nothing");
    };
    listener.expect("has not ended")
}

/// Everything that is pending for a listener, without waiting.
pub(crate) fn pending(listener: &mut Listener) -> Vec<Event> {
    let mut parser = Parser::default();
    let mut events = Vec::new();
    while let Step::Chunk(chunk) = listener.step(Waker::noop()) {
        events.extend(parser.feed(&chunk));
    }
    events
}

pub(crate) fn without_control(events: Vec<Event>) -> Vec<Event> {
    events.into_iter().filter(|event| !event.name.starts_with("growset.")).collect()
}

/// The `text` of each event of [`small_catalog`].
pub(crate) fn texts(events: &[Event]) -> Vec<String> {
    let data = events.iter().map(|event| serde_json::from_str::<Value>(&event.data).expect("data is JSON"));
    data.map(|data| data["text"].as_str().unwrap_or_default().to_owned()).collect()
}

/// A server on a loopback port.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) hub: Hub,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<Drained>,
}

impl Server {
    pub(crate) async fn start(hub: Hub, access: Access, origins: Origins, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has ports");
        let address = listener.local_addr().expect("it is bound");
        let app = App::new(hub.clone(), access, origins, limits);
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move { drop(stopped.await) };
        let served = tokio::spawn(serve(listener, app, shutdown, WINDOW));
        Self { address, hub, stop: Some(stop), served }
    }

    pub(crate) async fn dev(hub: Hub) -> Self {
        Self::start(hub, Access::Dev, Origins::default(), Limits::default()).await
    }

    /// Asks it to leave.
    pub(crate) fn leave(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).expect("it was serving");
        }
    }

    pub(crate) async fn left(self) -> Drained {
        tokio::time::timeout(PATIENCE, self.served).await.expect("it leaves").expect("it does not panic")
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Response<Incoming> {
        send(self.address, request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Response<Incoming> {
        self.send(request("GET", path, &[], "")).await
    }

    pub(crate) async fn publish(&self, body: &Value) -> (u16, Value) {
        let headers = [("content-type", "application/json")];
        answer(self.send(request("POST", "/publish", &headers, &body.to_string())).await).await
    }
}

pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Full<Bytes>> {
    let mut builder = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        builder = builder.header("host", "localhost");
    }
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(Full::new(Bytes::from(body.to_owned()))).expect("is a request")
}

pub(crate) async fn send(address: SocketAddr, request: Request<Full<Bytes>>) -> Response<Incoming> {
    try_send(address, request).await.expect("the server listens and answers")
}

/// Nothing when nobody is there, or no longer.
pub(crate) async fn try_send(address: SocketAddr, request: Request<Full<Bytes>>) -> Option<Response<Incoming>> {
    let stream = TcpStream::connect(address).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    let sent = sender.send_request(request);
    let response = tokio::time::timeout(PATIENCE, sent).await.expect("answers").ok()?;
    // A stream goes on for as long as its body is held.
    tokio::spawn(async move {
        let _ = sender.ready().await;
    });
    Some(response)
}

/// Status and JSON body.
pub(crate) async fn answer(response: Response<Incoming>) -> (u16, Value) {
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("has a body").to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

pub(crate) async fn text_of(response: Response<Incoming>) -> String {
    let body = response.into_body().collect().await.expect("has a body").to_bytes();
    String::from_utf8_lossy(&body).into_owned()
}

/// An open stream.
pub(crate) struct Stream {
    body: Incoming,
    pub(crate) parser: Parser,
    ready: std::collections::VecDeque<Event>,
}

impl Stream {
    pub(crate) fn of(response: Response<Incoming>) -> Self {
        assert_eq!(response.status(), 200);
        Self { body: response.into_body(), parser: Parser::default(), ready: Default::default() }
    }

    /// The next event; nothing when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let frame = tokio::time::timeout(PATIENCE, self.body.frame()).await.expect("something comes");
            match frame {
                Some(Ok(frame)) => {
                    let data = frame.into_data().unwrap_or_default();
                    self.ready.extend(self.parser.feed(&data));
                }
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// The next event that is none of the stream's own.
    pub(crate) async fn next_own(&mut self) -> Option<Event> {
        loop {
            match self.next().await {
                Some(event) if event.name.starts_with("growset.") => {}
                other => return other,
            }
        }
    }
}

/// A folder that goes with the test.
pub(crate) fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("data");
    (folder, path)
}
