//! The processes of one run: Redis and the nodes, on one core.

use std::path::Path;

use anyhow::Result;

use super::super::stream::{Server, free_port, growset, pinned};
use super::super::workspace;
use super::contender::Contender;

/// Where Debian puts it.
pub(super) const REDIS: &str = "/usr/bin/redis-server";

/// The nodes leave before the Redis that they would miss.
pub(super) struct Servers {
    nodes: Vec<Server>,
    redis: Option<Server>,
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
            Server::spawn(&mut command, port)
        });
        Ok(Self { nodes: nodes.collect::<Result<_>>()?, redis })
    }

    /// Of the nodes; of Redis where there are none.
    pub(super) fn ports(&self) -> Vec<u32> {
        let servers = if self.nodes.is_empty() { self.redis.as_slice() } else { &self.nodes };
        servers.iter().map(|server| server.port.into()).collect()
    }

    pub(super) fn processes(&self) -> Vec<u32> {
        self.nodes.iter().map(|node| node.process()).collect()
    }

    /// Its process, if there is one.
    pub(super) fn redis(&self) -> Vec<u32> {
        self.redis.iter().map(|redis| redis.process()).collect()
    }
}

fn redis() -> Result<Server> {
    let port = free_port()?;
    let mut command = pinned(0, Path::new(REDIS));
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
    Server::spawn(&mut command, port)
}
