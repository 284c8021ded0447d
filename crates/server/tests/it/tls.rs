//! TLS with a certificate, and both versions of HTTP.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use growset_server::http::{Access, App, Door, Limits, Origins, Tls, serve};
use growset_server::{Hub, Settings};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::support::{Server, Stream, memory_hub, publish_to_org, small_admission};

/// A server with a certificate of its own making, and what trusts it.
async fn secure() -> (SocketAddr, Hub, RootCertStore) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("is made");
    let folder = tempfile::tempdir().expect("there is room");
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).expect("there is room");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("there is room");
    let tls = Tls::from_files(&certificate, &key).expect("they belong together");
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(made.cert.der().to_vec())).expect("is a certificate");

    let hub = memory_hub(small_admission(), Settings::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has ports");
    let address = listener.local_addr().expect("it is bound");
    let app = App::new(hub.clone(), Access::Dev, Origins::default(), Limits::default());
    tokio::spawn(serve(Door::from(listener).with_tls(tls), app, std::future::pending(), Duration::ZERO));
    (address, hub, roots)
}

fn get() -> Request<Full<Bytes>> {
    let uri = "http://localhost/events?events=to.org";
    Request::get(uri).header("host", "localhost").body(Full::default()).expect("is a request")
}

async fn over_http1(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Response<Incoming> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("speaks HTTP/1.1");
    tokio::spawn(connection);
    let response = sender.send_request(get()).await.expect("answers");
    tokio::spawn(async move { drop(sender.ready().await) });
    response
}

async fn over_http2(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Response<Incoming> {
    let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.expect("speaks HTTP/2");
    tokio::spawn(async move {
        let _held = connection.await;
    });
    let response = sender.send_request(get()).await.expect("answers");
    // The connection ends with its last sender.
    tokio::spawn(async move {
        std::future::pending::<()>().await;
        drop(sender);
    });
    response
}

async fn hears(hub: &Hub, response: Response<Incoming>, version: Version) {
    assert_eq!(response.version(), version);
    let mut stream = Stream::of(response);
    assert_eq!(stream.next().await.map(|event| event.name), Some("growset.connected".into()));
    publish_to_org(hub, "demo", "1").await;
    assert_eq!(stream.next_own().await.map(|event| event.data), Some(r#"{"text":"1"}"#.into()));
}

#[tokio::test]
async fn a_stream_comes_by_tls_over_the_version_that_was_agreed_on() {
    let (address, hub, roots) = secure().await;
    for (protocol, version) in [("h2", Version::HTTP_2), ("http/1.1", Version::HTTP_11)] {
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let mut config = config.expect("are spoken").with_root_certificates(roots.clone()).with_no_client_auth();
        config.alpn_protocols = vec![protocol.into()];
        let stream = TcpStream::connect(address).await.expect("it listens");
        let name = ServerName::try_from("localhost").expect("is a name");
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("is trusted");
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(protocol.as_bytes()));
        let response = if protocol == "h2" { over_http2(stream).await } else { over_http1(stream).await };
        hears(&hub, response, version).await;
    }
}

#[tokio::test]
async fn who_speaks_without_tls_gets_nothing() {
    let (address, _hub, _roots) = secure().await;
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.expect("it reads");
    let mut answer = Vec::new();
    // It may hang up before everything was read.
    let _ = stream.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
}

#[tokio::test]
async fn many_streams_share_one_connection_of_http_2() {
    let server = Server::dev(memory_hub(small_admission(), Settings::default())).await;
    let stream = TcpStream::connect(server.address).await.expect("it listens");
    let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (sender, connection) = handshake.await.expect("speaks HTTP/2");
    tokio::spawn(connection);
    let mut streams = Vec::new();
    for _ in 0..20 {
        streams.push(Stream::of(sender.clone().send_request(get()).await.expect("answers")));
    }
    publish_to_org(&server.hub, "demo", "1").await;
    for stream in &mut streams {
        assert_eq!(stream.next_own().await.map(|event| event.data), Some(r#"{"text":"1"}"#.into()));
    }
}

#[test]
fn files_that_are_no_certificate_are_told_by_name() {
    let folder = tempfile::tempdir().expect("there is room");
    let missing = folder.path().join("cert.pem");
    let refused = Tls::from_files(&missing, Path::new("key.pem")).map(drop).expect_err("is refused");
    assert!(refused.to_string().contains("cert.pem holds no certificate in PEM"), "{refused}");
    std::fs::write(&missing, "nothing of the kind").expect("there is room");
    assert!(Tls::from_files(&missing, &missing).is_err());
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("is made");
    std::fs::write(&missing, made.cert.pem()).expect("there is room");
    let refused = Tls::from_files(&missing, &missing).map(drop).expect_err("is refused");
    assert!(refused.to_string().contains("holds no private key"), "{refused}");
}
