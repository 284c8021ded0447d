//! What every verb that speaks to a server can be told.

use std::path::PathBuf;

use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, HeaderName, HeaderValue};

use crate::error::CliError;

/// How a server is spoken to.
#[derive(Debug, clap::Args)]
pub(crate) struct RemoteOptions {
    /// A header to send, such as 'Cookie: session=1'. May be given several times.
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE", value_parser = header)]
    pub headers: Vec<(HeaderName, HeaderValue)>,

    /// A token to send as `Authorization: Bearer`.
    #[arg(long, env = "GROWSET_TOKEN", hide_env_values = true)]
    pub token: Option<String>,

    /// Also trust the certificates of this file, in PEM.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
}

impl RemoteOptions {
    /// The headers that tell who calls.
    pub(crate) fn credentials(&self) -> Result<HeaderMap, CliError> {
        let mut headers: HeaderMap = self.headers.iter().cloned().collect();
        if let Some(token) = &self.token {
            let mut value = HeaderValue::try_from(format!("Bearer {token}"))
                .map_err(|_| CliError::Refused("--token holds what no header can hold".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(headers)
    }
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("write it as 'Name: value'")?;
    let name = HeaderName::try_from(name.trim()).map_err(|error| error.to_string())?;
    let value = HeaderValue::try_from(value.trim()).map_err(|error| error.to_string())?;
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_name_and_a_value() {
        let (name, value) = header("Cookie: a=b: c").expect("is one");
        assert_eq!((name.as_str(), value.as_bytes()), ("cookie", b"a=b: c".as_slice()));
        assert!(header("Cookie").is_err() && header("a b: c").is_err() && header("a: b\nc").is_err());
    }
}
