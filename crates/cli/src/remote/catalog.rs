//! A catalog from a file, or from the server that streams by it.

use std::path::Path;

use growset_model::{Catalog, serial};

use super::{Address, Asked, Client};
use crate::error::CliError;

/// Reads a `catalog.json` from a path or a URL.
pub(crate) async fn named_catalog(client: &Client, directory: &Path, named: &str) -> Result<Catalog, CliError> {
    if named.starts_with("http://") || named.starts_with("https://") {
        return served_catalog(client, &named.parse().map_err(CliError::Refused)?).await;
    }
    let path = directory.join(named);
    let text = std::fs::read(&path).map_err(CliError::disk("read the catalog", &path))?;
    parse(&text).map_err(|why| CliError::Refused(format!("{}: {why}", path.display())))
}

/// Asks a server.
pub(crate) async fn served_catalog(client: &Client, address: &Address) -> Result<Catalog, CliError> {
    let reply = client.ask(address, Asked::get()).await?;
    if !reply.status.is_success() {
        return Err(CliError::Refused(format!("{address} answers {}", reply.status)));
    }
    parse(&reply.bytes().await?).map_err(|why| CliError::Refused(format!("{address}: {why}")))
}

fn parse(text: &[u8]) -> Result<Catalog, String> {
    let value = serde_json::from_slice(text).map_err(|error| format!("no JSON: {error}"))?;
    serial::from_json(&value).map_err(|error| error.to_string())
}
