//! Whom a publisher trusts that does not ask the system: authorities of its own, such as a company's.

use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::{Error, PemObject};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::error::AddressError;

/// Trusts the certificates of a PEM text, all of which have to be some.
pub(crate) fn trusting(pem: &[u8]) -> Result<ClientConfig, AddressError> {
    let unfit = |cause: String| AddressError::NoAuthority { cause };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| unfit(error.to_string()))?;
        roots.add(certificate).map_err(|error| unfit(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unfit(Error::NoItemsFound.to_string()));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| unfit(error.to_string()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
