//! What stands between a node and its Redis: it can be cut, held back, and led elsewhere.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How it treats what goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Open,
    /// Nothing arrives, and nobody is told.
    Held,
}

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    target: Arc<Mutex<u16>>,
    way: watch::Sender<Way>,
    /// Counts how often every connection was cut.
    cuts: watch::Sender<u64>,
}

impl Proxy {
    pub(crate) async fn start(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has ports");
        let address = listener.local_addr().expect("it is bound");
        let target = Arc::new(Mutex::new(port));
        let (way, cuts) = (watch::Sender::new(Way::Open), watch::Sender::new(0));
        let (to, ways, cut) = (target.clone(), way.subscribe(), cuts.subscribe());
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let port = *to.lock().unwrap_or_else(PoisonError::into_inner);
                let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
                let (near, far) = (near.into_split(), far.into_split());
                let mut cut = cut.clone();
                cut.mark_unchanged();
                let (there, back) = (pump(near.0, far.1, ways.clone()), pump(far.0, near.1, ways.clone()));
                tokio::spawn(async move {
                    tokio::select! {
                        () = there => {}
                        () = back => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Self { address, target, way, cuts }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    pub(crate) fn set(&self, way: Way) {
        self.way.send_replace(way);
    }

    /// Cuts every connection; later ones go to another server.
    pub(crate) fn lead_to(&self, port: u16) {
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = port;
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut way: watch::Receiver<Way>) {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let Ok(length) = from.read(&mut buffer).await else { return };
        if length == 0 || way.wait_for(|way| *way == Way::Open).await.is_err() {
            return;
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
