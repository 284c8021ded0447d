//! Who is measured.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::debian;

/// A server of event streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    /// One `send` per event and socket, and nothing else.
    Floor,
    /// The server of this repository, with validation, tokens, replay and metrics.
    Growset,
    /// A broadcast channel and axum's `Sse`.
    Axum,
    /// A loop over Node's responses.
    Node,
    /// The npm package.
    BetterSse,
    /// The module of nginx.
    Nchan,
}

/// Where Debian puts them.
pub(super) const NGINX: &str = "/usr/sbin/nginx";
pub(super) const NCHAN: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

impl Contender {
    const EVERY: [Self; 6] = [Self::Floor, Self::Growset, Self::Axum, Self::Node, Self::BetterSse, Self::Nchan];

    /// The lower bound first, then ours, then the peers that this machine has.
    pub(super) fn present(is_quick: bool) -> Result<Vec<Self>> {
        let mut present = vec![Self::Floor, Self::Growset];
        if is_quick {
            return Ok(present);
        }
        present.push(Self::Axum);
        if has_node() {
            present.extend([Self::Node, Self::BetterSse]);
        } else {
            println!("node, better-sse       skipped: no node, or no npm");
        }
        if debian::provide(Path::new(NGINX), "nginx", None)?
            && debian::provide(Path::new(NCHAN), "libnginx-mod-nchan", None)?
        {
            present.push(Self::Nchan);
        }
        Ok(present)
    }

    /// Someone else's way to do it.
    pub(super) fn is_peer(self) -> bool {
        match self {
            Self::Floor | Self::Growset => false,
            Self::Axum | Self::Node | Self::BetterSse | Self::Nchan => true,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Floor => "lower-bound",
            Self::Growset => "growset",
            Self::Axum => "axum-sse",
            Self::Node => "node",
            Self::BetterSse => "better-sse",
            Self::Nchan => "nchan",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|contender| contender.name() == name)
    }
}

/// And npm.
pub(super) fn has_node() -> bool {
    starts("node") && starts("npm")
}

fn starts(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
