//! Tokens: signed claims (RFC 7519), judged by keys that this node was given.

use std::path::Path;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};

use crate::http::credential::{Claims, Credential};

/// Shorter secrets can be guessed (RFC 7518, section 3.2).
const SHORTEST_SECRET: usize = 32;

/// The keys that tokens are judged by.
pub struct Keys {
    keys: Vec<Key>,
}

/// Invariant: the algorithm comes with the key, never from a token.
struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// Why a text holds no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("cannot read {path}: {cause}")]
    Disk {
        /// The file.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Too short a secret.
    #[error("a secret has {SHORTEST_SECRET} bytes at least; make one by `openssl rand -hex 32`")]
    ShortSecret,
    /// A key that cannot be read.
    #[error("not a public key in PEM or a JWK set: {0}")]
    Malformed(#[from] jsonwebtoken::errors::Error),
    /// A JWK set that cannot be read.
    #[error("not a JWK set: {0}")]
    MalformedSet(#[from] serde_json::Error),
    /// No key that can be used.
    #[error("no key of RS256, ES256 or EdDSA in the JWK set")]
    Empty,
}

impl Keys {
    /// One shared secret, for HS256.
    pub fn secret(secret: &[u8]) -> Result<Self, KeyError> {
        if secret.len() < SHORTEST_SECRET {
            return Err(KeyError::ShortSecret);
        }
        let key = DecodingKey::from_secret(secret);
        Ok(Self { keys: vec![Key { id: None, algorithm: Algorithm::HS256, key }] })
    }

    /// A file with a secret, a public key in PEM, or a JWK set.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let text = std::fs::read(path).map_err(|cause| KeyError::Disk { path: path.display().to_string(), cause })?;
        Self::from_text(&text)
    }

    /// A secret, a public key in PEM, or a JWK set.
    pub fn from_text(text: &[u8]) -> Result<Self, KeyError> {
        let text = text.trim_ascii();
        if text.starts_with(b"{") {
            return Self::from_set(&serde_json::from_slice(text)?);
        }
        if !text.starts_with(b"-----BEGIN") {
            return Self::secret(text);
        }
        let one = |algorithm, key| Self { keys: vec![Key { id: None, algorithm, key }] };
        DecodingKey::from_ec_pem(text)
            .map(|key| one(Algorithm::ES256, key))
            .or_else(|_| DecodingKey::from_ed_pem(text).map(|key| one(Algorithm::EdDSA, key)))
            .or_else(|_| DecodingKey::from_rsa_pem(text).map(|key| one(Algorithm::RS256, key)))
            .map_err(KeyError::Malformed)
    }

    fn from_set(set: &JwkSet) -> Result<Self, KeyError> {
        let mut keys = Vec::new();
        for jwk in &set.keys {
            if let Some(algorithm) = algorithm(jwk) {
                keys.push(Key { id: jwk.common.key_id.clone(), algorithm, key: DecodingKey::from_jwk(jwk)? });
            }
        }
        if keys.is_empty() { Err(KeyError::Empty) } else { Ok(Self { keys }) }
    }

    /// Whose token it is. Nothing when it is nobody's, or no longer.
    pub(crate) fn credential(&self, token: &str) -> Option<Credential> {
        let header = decode_header(token).ok()?;
        let named = |key: &&Key| key.id.is_none() || header.kid.is_none() || key.id == header.kid;
        self.keys.iter().filter(named).filter(|key| key.algorithm == header.alg).find_map(|key| {
            let mut validation = Validation::new(key.algorithm);
            validation.leeway = 0;
            validation.validate_aud = false;
            validation.validate_nbf = true;
            let claims = decode::<Claims>(token, &key.key, &validation).ok()?.claims;
            Credential::of_claims(claims)
        })
    }
}

/// A shared secret in a set would be public where the set is, so it is passed over.
fn algorithm(jwk: &Jwk) -> Option<Algorithm> {
    match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Some(Algorithm::RS256),
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => Some(Algorithm::ES256),
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => Some(Algorithm::EdDSA),
        _ => None, // What this server does not speak.
    }
}
