//! A server that answers by a script: what stands between a stream and its pages when something is broken.

use std::any::Any;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What one connection is answered.
pub(crate) struct Answer {
    text: String,
    is_held: bool,
}

impl Answer {
    /// Written, and then nothing more comes.
    pub(crate) fn held(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_held: true }
    }

    /// Written, and the connection closed.
    pub(crate) fn closed(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_held: false }
    }
}

/// Answers each connection by its request's head, which it is given in lower case.
pub(crate) fn server(script: impl Fn(&str) -> Answer + Send + Sync + 'static) -> String {
    listen(move |stream, held| talk(stream, &script, held))
}

/// The same by TLS.
pub(crate) fn tls_server(config: ServerConfig, script: impl Fn(&str) -> Answer + Send + Sync + 'static) -> String {
    let config = Arc::new(config);
    listen(move |stream, held| {
        let session = ServerConnection::new(config.clone()).expect("the configuration is sound");
        talk(StreamOwned::new(session, stream), &script, held);
    })
}

type Held = Arc<Mutex<Vec<Box<dyn Any + Send>>>>;

fn listen(serve: impl Fn(TcpStream, &Held) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has ports");
    let address = listener.local_addr().expect("it is bound").to_string();
    let (serve, held) = (Arc::new(serve), Held::default());
    // Ends with the process; each connection has a thread, because some never get their answer.
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (serve, held) = (serve.clone(), held.clone());
            thread::spawn(move || serve(stream, &held));
        }
    });
    address
}

fn talk(mut stream: impl Read + Write + Send + 'static, script: &impl Fn(&str) -> Answer, held: &Held) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Who refuses our certificate hangs up.
            Ok(_) | Err(_) => return,
        }
    }
    let answer = script(&String::from_utf8_lossy(&head).to_lowercase());
    if stream.write_all(answer.text.as_bytes()).and_then(|()| stream.flush()).is_ok() && answer.is_held {
        held.lock().expect("nobody panicked with it").push(Box::new(stream));
    }
}
