//! A server that gives prepared answers, one by one, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;

/// Nothing stands for a connection that is hung up.
pub(crate) struct Answer(Option<Response<Full<Bytes>>>);

#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) at: Instant,
    pub(crate) path: String,
    pub(crate) authorization: String,
    pub(crate) body: Value,
}

pub(crate) struct Script {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Answer {
    pub(crate) fn text(status: StatusCode, text: &str) -> Self {
        let mut response = Response::new(Full::new(Bytes::from(text.to_owned())));
        *response.status_mut() = status;
        Self(Some(response))
    }

    pub(crate) fn json(status: StatusCode, value: &Value) -> Self {
        Self::text(status, &value.to_string())
    }

    pub(crate) fn hung_up() -> Self {
        Self(None)
    }

    pub(crate) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        if let Some(response) = &mut self.0 {
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        self
    }
}

impl Script {
    /// After the last answer it only hangs up.
    pub(crate) async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers: Arc<Mutex<VecDeque<Answer>>> = Arc::new(Mutex::new(answers.into_iter().collect()));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has ports");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let remembered = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answers, asked) = (answers.clone(), remembered.clone());
                let service = service_fn(move |request| {
                    let (answers, asked) = (answers.clone(), asked.clone());
                    async move {
                        let request = read(request).await;
                        asked.lock().unwrap_or_else(PoisonError::into_inner).push(request);
                        let answer = answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                        answer.and_then(|answer| answer.0).ok_or("hung up")
                    }
                });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Self { address, asked }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn read(request: Request<Incoming>) -> Asked {
    let at = Instant::now();
    let authorization = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let (path, authorization) = (request.uri().path().to_owned(), authorization.unwrap_or_default().to_owned());
    let body = request.into_body().collect().await.expect("it is sent").to_bytes();
    Asked { at, path, authorization, body: serde_json::from_slice(&body).expect("is JSON") }
}
