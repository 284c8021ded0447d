//! The processes of one run: Redis and the nodes, on one core.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::super::stream::{growset, pinned};
use super::super::workspace;
use super::contender::Contender;

/// Where Debian puts it.
pub(super) const REDIS: &str = "/usr/bin/redis-server";

/// Longer than this no server takes to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// The nodes leave before the Redis that they would miss.
pub(super) struct Servers {
    nodes: Vec<Server>,
    redis: Option<Server>,
}

struct Server {
    child: Child,
    port: u16,
}

impl Servers {
    pub(super) fn start(contender: Contender, folder: &Path) -> Result<Self> {
        let redis = match contender {
            Contender::Embedded => None,
            Contender::Plain(_) | Contender::Growset(_) | Contender::Node(_) => Some(redis()?),
        };
        let at = redis.as_ref().map(|redis| format!("redis://127.0.0.1:{}", redis.port));
        let count = if contender.delivers() { contender.nodes() } else { 0 };
        let nodes = (0..count).map(|_| {
            let port = free_port()?;
            let mut command = match contender {
                Contender::Node(_) => {
                    let mut node = pinned(0, Path::new("node"));
                    node.arg(workspace().join("xtask/peers/node-stream/redis.js")).arg(port.to_string());
                    node.args(&at);
                    node
                }
                Contender::Plain(_) | Contender::Growset(_) | Contender::Embedded => {
                    let mut command = growset(port, folder)?;
                    command.args(at.iter().flat_map(|at| ["--store", at]));
                    command
                }
            };
            Server::start(&mut command, port)
        });
        Ok(Self { nodes: nodes.collect::<Result<_>>()?, redis })
    }

    /// Of the nodes; of Redis where there are none.
    pub(super) fn ports(&self) -> Vec<u32> {
        let servers = if self.nodes.is_empty() { self.redis.as_slice() } else { &self.nodes };
        servers.iter().map(|server| server.port.into()).collect()
    }

    pub(super) fn processes(&self) -> Vec<u32> {
        self.nodes.iter().map(|node| node.child.id()).collect()
    }

    /// Its process, if there is one.
    pub(super) fn redis(&self) -> Vec<u32> {
        self.redis.iter().map(|redis| redis.child.id()).collect()
    }
}

fn redis() -> Result<Server> {
    let port = free_port()?;
    let mut command = pinned(0, Path::new(REDIS));
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
    Server::start(&mut command, port)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).context("find a port")?.port())
}

impl Server {
    fn start(command: &mut Command, port: u16) -> Result<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn();
        let server = Self { child: child.with_context(|| format!("start {command:?}"))?, port };
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if Instant::now() > until {
                bail!("{command:?} does not listen");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that died needs no killing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
