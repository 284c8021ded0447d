//! Why a server cannot be spoken to, each step told from the others.

use std::io;
use std::time::Duration;

use tokio_rustls::rustls;
use tokio_rustls::rustls::CertificateError;

use crate::error::CliError;

/// Why a server cannot be spoken to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RemoteError {
    /// No such name, or nobody listens there.
    #[error("cannot connect to {authority}: {cause}")]
    Connect {
        /// Host and port.
        authority: String,
        /// What the system said.
        cause: io::Error,
    },
    /// The certificate, or the handshake.
    #[error("no TLS with {authority}: {}", reason(.cause))]
    Tls {
        /// Host and port.
        authority: String,
        /// What rustls said.
        cause: io::Error,
    },
    /// The other side does not speak HTTP, or broke off.
    #[error("{authority} broke off: {cause}")]
    Http {
        /// Host and port.
        authority: String,
        /// What hyper said.
        cause: hyper::Error,
    },
    /// The other side took too long.
    #[error("{authority} does not {what} within {} s", .waited.as_secs())]
    Silent {
        /// Host and port.
        authority: String,
        /// Such as `answer`.
        what: &'static str,
        /// For how long.
        waited: Duration,
    },
    /// More bytes than one answer or event may have.
    #[error("{authority} sends more than {limit} bytes for one {what}")]
    TooLong {
        /// Host and port.
        authority: String,
        /// Such as `event`.
        what: &'static str,
        /// How many are taken.
        limit: usize,
    },
}

impl From<RemoteError> for CliError {
    fn from(error: RemoteError) -> Self {
        Self::Refused(error.to_string())
    }
}

/// What is wrong with the certificate, in words.
fn reason(cause: &io::Error) -> String {
    let rustls = cause.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match rustls {
        Some(rustls::Error::InvalidCertificate(wrong)) => match wrong {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired".into(),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet".into()
            }
            CertificateError::UnknownIssuer => {
                "nobody who is trusted here signed its certificate, or the chain lacks the intermediate one".into()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is for another name".into()
            }
            // The verifier keeps this reason to itself but for its name.
            CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
                "its certificate is that of an authority, as `openssl req -x509` makes by default; make one for a server \
                 by `-addext basicConstraints=critical,CA:FALSE`"
                    .into()
            }
            other => other.to_string(), // The rest needs an expert, who knows these words.
        },
        Some(rustls::Error::InvalidMessage(_)) => "it answers, but not by TLS".into(),
        Some(other) => other.to_string(),
        None => cause.to_string(),
    }
}
