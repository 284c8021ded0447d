//! One request on one connection.

use std::any::Any;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Request, StatusCode, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::{Address, RemoteError, RemoteOptions, trust};
use crate::error::CliError;

/// An answer that is no stream has at most so many bytes.
const LARGEST_ANSWER: usize = 64 << 20;

/// Speaks to servers with the same credentials and the same patience.
pub(crate) struct Client {
    tls: TlsConnector,
    /// Who calls; sent with every request.
    pub(crate) credentials: HeaderMap,
    /// So long a connection or the head of an answer may take.
    patience: Duration,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The head of an answer, and its body to come.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) version: Version,
    pub(crate) headers: HeaderMap,
    /// From the first packet to the connection, TLS included.
    pub(crate) connected_after: Duration,
    pub(super) authority: String,
    pub(super) body: Incoming,
    /// The connection lives for as long as its sender.
    _sender: Box<dyn Any + Send>,
}

impl Asked {
    pub(crate) fn get() -> Self {
        Self { method: Method::GET, headers: HeaderMap::new(), body: Bytes::new() }
    }

    pub(crate) fn post_json(value: &Value) -> Self {
        let body = value.to_string().into();
        Self { method: Method::POST, headers: HeaderMap::new(), body }.with("content-type", "application/json")
    }

    /// With one more header. A value that no header can hold is left out.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }
}

impl Client {
    pub(crate) fn new(options: &RemoteOptions, patience: Duration) -> Result<Self, CliError> {
        Ok(Self { tls: trust::connector(options.ca.as_deref())?, credentials: options.credentials()?, patience })
    }

    /// Connects, asks, and reads the head of the answer.
    pub(crate) async fn ask(&self, address: &Address, asked: Asked) -> Result<Reply, RemoteError> {
        let started = Instant::now();
        let authority = format!("{}:{}", address.host, address.port);
        let connect = |cause| RemoteError::Connect { authority: authority.clone(), cause };
        let connecting = TcpStream::connect((address.host.as_str(), address.port));
        let stream = self.wait(&authority, "accept a connection", connecting).await?.map_err(connect)?;
        stream.set_nodelay(true).map_err(connect)?;
        if !address.is_tls {
            return self.ask_over(stream, Version::HTTP_11, started, address, asked).await;
        }
        let tls = |cause| RemoteError::Tls { authority: authority.clone(), cause };
        let name = ServerName::try_from(address.host.clone()).map_err(|error| tls(std::io::Error::other(error)))?;
        let shaking = self.tls.connect(name, stream);
        let stream = self.wait(&authority, "shake hands by TLS", shaking).await?.map_err(tls)?;
        let version = match stream.get_ref().1.alpn_protocol() {
            Some(b"h2") => Version::HTTP_2,
            _ => Version::HTTP_11, // The older one, or a server that does not say.
        };
        self.ask_over(stream, version, started, address, asked).await
    }

    async fn ask_over(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        version: Version,
        started: Instant,
        address: &Address,
        asked: Asked,
    ) -> Result<Reply, RemoteError> {
        let authority = format!("{}:{}", address.host, address.port);
        let broken = |cause| RemoteError::Http { authority: authority.clone(), cause };
        let connected_after = started.elapsed();
        let request = self.request(version, address, asked);
        let io = TokioIo::new(stream);
        let (response, sender): (_, Box<dyn Any + Send>) = if version == Version::HTTP_2 {
            let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await.map_err(broken)?;
            // What breaks here breaks the request or the body too, where it is told.
            tokio::spawn(connection);
            (self.wait(&authority, "answer", sender.send_request(request)).await?, Box::new(sender))
        } else {
            let (mut sender, connection) = http1::handshake(io).await.map_err(broken)?;
            tokio::spawn(connection);
            (self.wait(&authority, "answer", sender.send_request(request)).await?, Box::new(sender))
        };
        let (head, body) = response.map_err(broken)?.into_parts();
        let (status, version, headers) = (head.status, head.version, head.headers);
        Ok(Reply { status, version, headers, connected_after, authority, body, _sender: sender })
    }

    fn request(&self, version: Version, address: &Address, asked: Asked) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(asked.body));
        *request.method_mut() = asked.method;
        *request.version_mut() = version;
        let headers = request.headers_mut();
        headers.extend(self.credentials.clone());
        headers.extend(asked.headers);
        if version == Version::HTTP_2 {
            *request.uri_mut() = address.uri().clone();
            return request;
        }
        // Over HTTP/1.1 a request names its path alone, and the host in a header.
        if let (Ok(host), false) = (HeaderValue::try_from(address.authority()), headers.contains_key(HOST)) {
            headers.insert(HOST, host);
        }
        if let Ok(target) = address.target().parse() {
            *request.uri_mut() = target;
        }
        request
    }

    async fn wait<T>(
        &self,
        authority: &str,
        what: &'static str,
        future: impl Future<Output = T>,
    ) -> Result<T, RemoteError> {
        let waited = self.patience;
        timeout(waited, future).await.map_err(|_| RemoteError::Silent { authority: authority.to_owned(), what, waited })
    }
}

impl Reply {
    /// The whole of an answer that is no stream.
    pub(crate) async fn bytes(self) -> Result<Bytes, RemoteError> {
        let whole = Limited::new(self.body, LARGEST_ANSWER).collect().await;
        let authority = self.authority;
        match whole {
            Ok(collected) => Ok(collected.to_bytes()),
            Err(error) => Err(match error.downcast::<hyper::Error>() {
                Ok(cause) => RemoteError::Http { authority, cause: *cause },
                Err(_) => RemoteError::TooLong { authority, what: "answer", limit: LARGEST_ANSWER },
            }),
        }
    }

    /// A header as text; empty when it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
