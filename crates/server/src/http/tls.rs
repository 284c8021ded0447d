//! TLS without a proxy in front: a certificate and its key, HTTP/2 by ALPN (RFC 7301).

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem};
use tokio_rustls::rustls::{self, ServerConfig};

/// A certificate and its key.
#[derive(Clone)]
pub struct Tls {
    pub(crate) acceptor: TlsAcceptor,
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or holds no PEM of the kind.
    #[error("{path} holds no {wanted} in PEM: {cause}")]
    Pem {
        /// The file.
        path: String,
        /// What it should hold.
        wanted: &'static str,
        /// What is wrong.
        cause: pem::Error,
    },
    /// The two do not belong together, or are of a kind that is not spoken.
    #[error("the certificate and its key cannot be used: {0}")]
    Unfit(#[from] rustls::Error),
}

impl Tls {
    /// A chain of certificates, the server's own first, and its private key, as PEM files.
    pub fn from_files(certificates: &Path, key: &Path) -> Result<Self, TlsError> {
        let pem = |path: &Path, wanted| {
            let path = path.display().to_string();
            move |cause| TlsError::Pem { path, wanted, cause }
        };
        let chain = CertificateDer::pem_file_iter(certificates)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .and_then(|chain| if chain.is_empty() { Err(pem::Error::NoItemsFound) } else { Ok(chain) })
            .map_err(pem(certificates, "certificate"))?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(pem(key, "private key"))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)) })
    }
}
