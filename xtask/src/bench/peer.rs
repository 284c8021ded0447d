//! Peers and lower bounds that run in a process of their own, so that their time and memory are theirs alone.

use std::fs;
use std::panic;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use typify::{TypeSpace, TypeSpaceSettings};

use super::fleet;
use super::growth;
use super::stream::client;

/// Which peer.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Peer {
    /// Reads every file below a folder and does nothing with it.
    Read {
        /// The folder.
        folder: PathBuf,
    },
    /// Listens to a server of event streams and publishes to it.
    Listen(client::Listen),
    /// Listens to the nodes of a fleet and publishes to them.
    Fleet(fleet::client::Fleet),
    /// Compares contracts with their revisions, both from lines of JSON.
    Growth {
        /// The folder of the two files.
        folder: PathBuf,
    },
    /// Makes Rust from every publish schema of a folder by typify and prettyplease, one schema at a time.
    Typify {
        /// The folder.
        folder: PathBuf,
    },
}

pub(crate) fn run(peer: &Peer) -> Result<()> {
    match peer {
        Peer::Read { folder } => {
            println!("{} bytes", bytes_below(folder)?);
            Ok(())
        }
        Peer::Listen(listen) => client::run(listen),
        Peer::Fleet(fleet) => fleet::client::run(fleet),
        Peer::Growth { folder } => growth::compare(folder),
        Peer::Typify { folder } => typify_all(folder),
    }
}

fn bytes_below(folder: &Path) -> Result<usize> {
    let mut bytes = 0;
    for path in entries(folder)? {
        bytes += if path.is_dir() {
            bytes_below(&path)?
        } else {
            fs::read(&path).with_context(|| format!("read {}", path.display()))?.len()
        };
    }
    Ok(bytes)
}

fn typify_all(folder: &Path) -> Result<()> {
    let mut made = 0;
    let mut failed = 0;
    for path in entries(folder)? {
        if path.to_string_lossy().ends_with(".publish.json") {
            let schema = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
            // typify panics on schemas that it does not know.
            match panic::catch_unwind(|| rust_of(&schema)) {
                Ok(Ok(bytes)) => made += bytes,
                Ok(Err(_)) | Err(_) => failed += 1,
            }
        }
    }
    println!("{made} bytes of Rust, {failed} schemas failed");
    if made == 0 {
        bail!("typify made nothing from {}", folder.display());
    }
    Ok(())
}

fn rust_of(schema: &str) -> Result<usize> {
    let mut types = TypeSpace::new(&TypeSpaceSettings::default());
    types.add_root_schema(serde_json::from_str(schema)?)?;
    Ok(prettyplease::unparse(&syn::parse2(types.to_stream())?).len())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>())
        .with_context(|| format!("list {}", folder.display()))?;
    paths.sort();
    Ok(paths)
}
