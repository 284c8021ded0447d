//! `growset proxy`: prints the configuration of a proxy that lets streams through.

use crate::console::Console;
use crate::exit::Exit;

const NGINX: &str = include_str!("../../templates/nginx.conf");

const CADDY: &str = include_str!("../../templates/Caddyfile");

/// Which proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Proxy {
    /// A file for /etc/nginx/conf.d.
    Nginx,
    /// A Caddyfile.
    Caddy,
}

/// What the configuration names.
#[derive(Debug, clap::Args)]
pub(crate) struct ProxyOptions {
    /// Which proxy.
    #[arg(value_enum)]
    pub proxy: Proxy,

    /// Where the server listens.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080", value_parser = word)]
    pub upstream: String,

    /// The name that pages use.
    #[arg(long, value_name = "NAME", default_value = "events.example.com", value_parser = name)]
    pub host: String,

    /// The certificate with its chain, in PEM [default for nginx: where certbot puts it; Caddy gets its own].
    #[arg(long, value_name = "FILE", requires = "key", value_parser = word)]
    pub certificate: Option<String>,

    /// The certificate's private key, in PEM.
    #[arg(long, value_name = "FILE", requires = "certificate", value_parser = word)]
    pub key: Option<String>,

    /// The port.
    #[arg(long, default_value_t = 443)]
    pub port: u16,
}

/// Invariant: nothing that could end a directive gets into a configuration.
fn word(text: &str) -> Result<String, String> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_./:[]@+".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) {
        return Ok(text.to_owned());
    }
    Err("letters, digits and - _ . / : [ ] @ + alone".to_owned())
}

/// A name alone: the port has an option of its own.
fn name(text: &str) -> Result<String, String> {
    if text.contains(['/', ':']) && !text.starts_with('[') {
        return Err("a name alone, such as events.example.com; give the port by --port".to_owned());
    }
    word(text)
}

/// Prints it.
pub(crate) fn run(options: &ProxyOptions, console: &mut Console) -> Exit {
    let (template, certificate) = match options.proxy {
        Proxy::Nginx => (NGINX, nginx_certificate(options)),
        Proxy::Caddy => (CADDY, caddy_certificate(options)),
    };
    let text = template
        .replace("{upstream}", &options.upstream)
        .replace("{host}", &options.host)
        .replace("{port}", &options.port.to_string())
        .replace("{certificate}", &certificate);
    console.write(&text);
    Exit::Clean
}

fn nginx_certificate(options: &ProxyOptions) -> String {
    let folder = format!("/etc/letsencrypt/live/{}", options.host);
    let certificate = options.certificate.clone().unwrap_or_else(|| format!("{folder}/fullchain.pem"));
    let key = options.key.clone().unwrap_or_else(|| format!("{folder}/privkey.pem"));
    format!("ssl_certificate     {certificate};\n    ssl_certificate_key {key};")
}

fn caddy_certificate(options: &ProxyOptions) -> String {
    match (&options.certificate, &options.key) {
        (Some(certificate), Some(key)) => format!("\n    tls {certificate} {key}\n"),
        _ => String::new(), // Caddy gets one by itself.
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_neither_port_nor_scheme() {
        assert!(name("events.example.com").is_ok() && name("[::1]").is_ok());
        for wrong in ["localhost:9411", "https://events.example.com", "a/b", "a;b"] {
            assert!(name(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn nothing_that_ends_a_directive_is_taken() {
        assert!(word("127.0.0.1:8080").is_ok() && word("[::1]:8080").is_ok() && word("/etc/tls/a.pem").is_ok());
        for wrong in ["", "a;b", "a b", "a\nb", "a{b", "a}b", "$a", "a#b", "\"a"] {
            assert!(word(wrong).is_err(), "{wrong:?}");
        }
    }
}
