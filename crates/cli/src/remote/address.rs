//! Where a server is.

use std::fmt;
use std::str::FromStr;

use hyper::Uri;

/// An `http` or `https` URL.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    uri: Uri,
    /// Without brackets, as names and addresses are looked up.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) is_tls: bool,
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no address; write one such as https://events.example.com/events");
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let is_tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(wrong()), // Neither a scheme of the web nor none.
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        Ok(Self { uri, host, port, is_tls })
    }
}

impl Address {
    /// Another path of the same server. Invariant: `path` is one of ours, so it is well spelled.
    pub(crate) fn at(&self, path: &'static str) -> Self {
        let mut parts = self.uri.clone().into_parts();
        parts.path_and_query = Some(hyper::http::uri::PathAndQuery::from_static(path));
        Self { uri: Uri::from_parts(parts).unwrap_or_else(|_| self.uri.clone()), ..self.clone() }
    }

    /// The root of a server, whose paths are not given by the URL itself.
    pub(crate) fn is_root(&self) -> bool {
        self.uri.path() == "/" && self.uri.query().is_none()
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// What the `Host` header says.
    pub(crate) fn authority(&self) -> &str {
        self.uri.authority().map_or("", |authority| authority.as_str())
    }

    /// Path and query.
    pub(crate) fn target(&self) -> &str {
        self.uri.path_and_query().map_or("/", |target| target.as_str())
    }

    /// This machine, which nobody listens in on.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uri.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_url_of_the_web() {
        let address: Address = "https://[::1]/events?a=1".parse().expect("is one");
        assert_eq!((address.host.as_str(), address.port, address.is_tls), ("::1", 443, true));
        assert_eq!((address.authority(), address.target()), ("[::1]", "/events?a=1"));
        assert_eq!(address.at("/publish").to_string(), "https://[::1]/publish");
        for wrong in ["", "localhost:8080", "/events", "ftp://a/b", "http://"] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }
}
