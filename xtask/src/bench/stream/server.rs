//! A contender's process, on a core of its own.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::contender::{Contender, NCHAN, NGINX};
use super::{pinned, release, workspace};

/// Longer than this no server takes to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// Tokens of the benchmark are signed with it; it guards nothing.
pub(super) const SECRET: &str = "growset-bench-growset-bench-growset-bench";

pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    pub(super) fn start(contender: Contender, folder: &Path) -> Result<Self> {
        let port = free_port()?;
        Self::spawn(&mut command(contender, port, folder)?, port)
    }

    /// Starts what will listen on a port, and waits until it does.
    pub(crate) fn spawn(command: &mut Command, port: u16) -> Result<Self> {
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

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that died needs no killing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).context("find a port")?.port())
}

fn command(contender: Contender, port: u16, folder: &Path) -> Result<Command> {
    let peer = |name: &str| workspace().join("target/peers/release").join(name);
    let script = |name: &str| workspace().join("xtask/peers/node-stream").join(name);
    let mut command = match contender {
        Contender::Growset => return growset(port, folder),
        Contender::Nchan => return nchan(port, folder),
        Contender::Floor => pinned(0, &peer("floor")),
        Contender::Axum => pinned(0, &peer("naive")),
        Contender::Node | Contender::BetterSse => {
            let mut node = pinned(0, Path::new("node"));
            node.arg(script(if contender == Contender::Node { "raw.js" } else { "better.js" }));
            node
        }
    };
    command.arg(port.to_string());
    Ok(command)
}

/// Ours, on the core of servers.
pub(crate) fn growset(port: u16, folder: &Path) -> Result<Command> {
    let keys = folder.join("secret");
    std::fs::write(&keys, SECRET).context("write the secret")?;
    let mut command = pinned(0, &release("growset")?);
    command.args(["serve", "--address", &format!("127.0.0.1:{port}"), "--keys"]).arg(keys);
    command.arg("--catalog").arg(workspace().join("generated/catalog.json"));
    // All of them come from one address, and some come back before it is noticed that they left.
    command.args(["--streams-per-address", "50000"]);
    Ok(command)
}

/// One process, as it comes but for what a thousand streams and many publishes on one connection need.
fn nchan(port: u16, folder: &Path) -> Result<Command> {
    let at = folder.display();
    let text = format!(
        "load_module {NCHAN};\ndaemon off;\nmaster_process off;\npid {at}/pid;\nerror_log {at}/log;\n\
         worker_rlimit_nofile 20000;\nevents {{ worker_connections 20000; }}\n\
         http {{ access_log off; keepalive_requests 1000000000;\n\
         server {{ listen 127.0.0.1:{port};\n\
         location = /publish {{ nchan_publisher; nchan_channel_id bench; nchan_message_buffer_length 1000; }}\n\
         location = /events {{ nchan_subscriber eventsource; nchan_channel_id bench; \
         nchan_subscriber_first_message newest; }} }} }}\n"
    );
    let configuration = folder.join("nchan.conf");
    std::fs::write(&configuration, text).context("write the configuration of nchan")?;
    let mut command = pinned(0, Path::new(NGINX));
    command.arg("-c").arg(configuration).arg("-e").arg(folder.join("log"));
    Ok(command)
}
