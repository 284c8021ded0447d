//! Connections that ask for nothing, or for too much.

use std::time::Duration;

use growset_server::Settings;
use growset_server::http::{Access, Limits, Origins};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{PATIENCE, Server, memory_hub, request, small_admission, try_send};

async fn server(limits: Limits) -> Server {
    Server::start(memory_hub(small_admission(), Settings::default()), Access::Dev, Origins::default(), limits).await
}

/// What comes until the server hangs up.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    // Whoever is hung up on while something is under way is reset.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_string(&mut text)).await.expect("it hangs up");
    text
}

#[tokio::test]
async fn a_head_that_never_ends_is_not_waited_for() {
    let server = server(Limits { head_timeout: Duration::from_millis(50), ..Limits::default() }).await;
    let mut slow = TcpStream::connect(server.address).await.expect("it listens");
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: local").await.expect("it reads");
    let told = rest(&mut slow).await;
    assert!(told.is_empty() || told.starts_with("HTTP/1.1 408"), "{told}");
    // Whoever is not quick enough by that measure comes again, and the server is there.
    let answered = async {
        while try_send(server.address, request("GET", "/healthz", &[], ""))
            .await
            .is_none_or(|told| told.status() != 200)
        {}
    };
    tokio::time::timeout(PATIENCE, answered).await.expect("it goes on");
}

#[tokio::test]
async fn whoever_comes_over_the_limit_is_hung_up_on() {
    let server = server(Limits { connections: 1, ..Limits::default() }).await;
    let held = server.get("/events?events=to.org").await;
    let mut second = TcpStream::connect(server.address).await.expect("the system accepts");
    assert_eq!(rest(&mut second).await, "");
    drop(held);
    // How soon its place is free is not ours to say.
    let next = async {
        loop {
            let mut stream = TcpStream::connect(server.address).await.expect("the system accepts");
            let asked = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
            if stream.write_all(asked).await.is_ok() && rest(&mut stream).await.starts_with("HTTP/1.1 200") {
                break;
            }
        }
    };
    tokio::time::timeout(PATIENCE, next).await.expect("there is room again");
}
