//! Tokens: signed claims (RFC 7519), judged by keys that this node was given.

use std::path::Path;
#[cfg(feature = "tls")]
use std::time::Duration;

use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

use crate::http::credential::{Claims, Credential};
use crate::http::key_text;

/// Shorter secrets can be guessed (RFC 7518, section 3.2).
const SHORTEST_SECRET: usize = 32;

/// What some editors put before the first letter.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The keys that tokens are judged by: fixed, or followed at a URL; and for whom, and by whom, tokens are.
pub struct Keys {
    source: KeySource,
    expected: Expected,
}

/// What a token has to name besides. Whoever signs for several services names the one in `aud`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expected {
    audience: Option<String>,
    issuer: Option<String>,
}

enum KeySource {
    Fixed(KeySet),
    #[cfg(feature = "tls")]
    Url(crate::http::fetched_keys::FetchedKeys),
}

/// Keys that are known now.
pub(crate) struct KeySet {
    keys: Vec<Key>,
}

/// Why a token is not taken. Invariant: it repeats nothing that is in the token, since it is answered and logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadToken {
    #[error("the token is no JWT that is signed by HS256, RS256, ES256 or EdDSA")]
    Malformed,
    /// Not known here, or not yet.
    #[error("no key of this server has the name that the token gives as `kid`")]
    UnknownKey,
    #[error("no key of this server is for the algorithm that the token is signed by")]
    OtherAlgorithm,
    #[error("the token was signed by another key than that of this server")]
    Signature,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet, says its claim `nbf`")]
    TooEarly,
    #[error("the token is for another service, says its claim `aud`")]
    Audience,
    #[error("the token is by another issuer, says its claim `iss`")]
    Issuer,
    /// What the library reads for itself, before we can look at each.
    #[error("the claims of the token are no JSON object, or one of `sub`, `iss` and `aud` is no text")]
    Claims,
    #[error("the claim `{0}` of the token is missing, or not what it has to be")]
    Claim(&'static str),
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
    /// Neither a key nor plainly a secret.
    #[error(
        "neither a public key in PEM, a JWK set, nor a secret, which is one line without spaces; write a key as PEM by \
         `openssl pkey -pubin -inform DER` or `ssh-keygen -e -m PKCS8 -f FILE`, or make a secret by `openssl rand -hex 32`"
    )]
    Unclear,
    /// The half of a key that signs.
    #[error(
        "a private key, which belongs to whoever signs tokens alone; give the public one, made by \
         `openssl pkey -in FILE -pubout`"
    )]
    Private,
    /// More than one key, of which the first alone would count.
    #[error("several keys in PEM; put them into a JWK set")]
    Several,
    /// A key of an elliptic curve that ES256 does not go by.
    #[error("a key of another curve than P-256, so that no token fits; ES256 takes keys of P-256 alone")]
    OtherCurve,
    /// An RSA key that can be broken.
    #[error("an RSA key of {bits} bits; RS256 takes 2048 at least")]
    ShortKey {
        /// How many it has.
        bits: usize,
    },
    /// A key that cannot be read.
    #[error("not a public key in PEM or a JWK set: {0}")]
    Malformed(#[from] jsonwebtoken::errors::Error),
    /// A JWK set that cannot be read.
    #[error("not a JWK set: {0}")]
    MalformedSet(#[from] serde_json::Error),
    /// No key that can be used.
    #[error("no key of RS256 (2048 bits at least), ES256 or EdDSA in the JWK set")]
    Empty,
    /// The URL does not answer a JWK set.
    #[error("cannot fetch {url}: {message}")]
    Unreachable {
        /// As it was set.
        url: String,
        /// What went wrong.
        message: String,
    },
}

impl Keys {
    /// One shared secret, for HS256.
    pub fn secret(secret: &[u8]) -> Result<Self, KeyError> {
        KeySet::secret(secret).map(Self::fixed)
    }

    /// A file with a secret, a public key in PEM, or a JWK set.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let text = std::fs::read(path).map_err(|cause| KeyError::Disk { path: path.display().to_string(), cause })?;
        Self::from_text(&text)
    }

    /// A secret, a public key in PEM, or a JWK set.
    pub fn from_text(text: &[u8]) -> Result<Self, KeyError> {
        KeySet::from_text(text).map(Self::fixed)
    }

    /// The JWK set at a URL, fetched now, and again as time passes or a token names a key that is not in it. `pause` is
    /// the shortest time between two fetches.
    #[cfg(feature = "tls")]
    pub async fn from_url(url: &str, pause: Duration) -> Result<Self, KeyError> {
        let fetched = crate::http::fetched_keys::FetchedKeys::new(url, pause).await?;
        Ok(Self { source: KeySource::Url(fetched), expected: Expected::default() })
    }

    fn fixed(set: KeySet) -> Self {
        Self { source: KeySource::Fixed(set), expected: Expected::default() }
    }

    /// Takes those tokens alone whose `aud` names this service.
    pub fn for_audience(mut self, audience: impl Into<String>) -> Self {
        self.expected.audience = Some(audience.into());
        self
    }

    /// Takes those tokens alone whose `iss` is this.
    pub fn by_issuer(mut self, issuer: impl Into<String>) -> Self {
        self.expected.issuer = Some(issuer.into());
        self
    }

    /// Whose token it is.
    pub(crate) async fn credential(&self, token: &str) -> Result<Credential, BadToken> {
        match &self.source {
            KeySource::Fixed(set) => set.judge(token, &self.expected),
            #[cfg(feature = "tls")]
            KeySource::Url(fetched) => fetched.judge(token, &self.expected).await,
        }
    }
}

impl KeySet {
    fn secret(secret: &[u8]) -> Result<Self, KeyError> {
        if secret.len() < SHORTEST_SECRET {
            return Err(KeyError::ShortSecret);
        }
        let key = DecodingKey::from_secret(secret);
        Ok(Self { keys: vec![Key { id: None, algorithm: Algorithm::HS256, key }] })
    }

    fn from_text(text: &[u8]) -> Result<Self, KeyError> {
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).trim_ascii();
        if text.starts_with(b"{") {
            return Self::from_set(text);
        }
        if key_text::is_pem(text) {
            let (algorithm, key) = key_text::public_key(text)?;
            return Ok(Self { keys: vec![Key { id: None, algorithm, key }] });
        }
        if !key_text::is_plain_secret(text) {
            return Err(KeyError::Unclear);
        }
        Self::secret(text)
    }

    /// A JWK set (RFC 7517). Keys that this server does not speak, or that are too weak, are passed over.
    pub(crate) fn from_set(text: &[u8]) -> Result<Self, KeyError> {
        let set: Value = serde_json::from_slice(text)?;
        let jwks = set["keys"].as_array().cloned().unwrap_or_default();
        let mut keys = Vec::new();
        for jwk in jwks.into_iter().filter_map(|jwk| serde_json::from_value::<Jwk>(jwk).ok()) {
            if let Some(algorithm) = algorithm(&jwk) {
                let key = DecodingKey::from_jwk(&jwk)?;
                if key_text::check(algorithm, &key).is_ok() {
                    keys.push(Key { id: jwk.common.key_id.clone(), algorithm, key });
                }
            }
        }
        if keys.is_empty() { Err(KeyError::Empty) } else { Ok(Self { keys }) }
    }

    pub(crate) fn judge(&self, token: &str, expected: &Expected) -> Result<Credential, BadToken> {
        let header = decode_header(token).map_err(|_| BadToken::Malformed)?;
        let named = |key: &&Key| key.id.is_none() || header.kid.is_none() || key.id == header.kid;
        let mut named = self.keys.iter().filter(named).peekable();
        named.peek().ok_or(BadToken::UnknownKey)?;
        let mut known = named.filter(|key| key.algorithm == header.alg).peekable();
        known.peek().ok_or(BadToken::OtherAlgorithm)?;
        for key in known {
            match decode::<Map<String, Value>>(token, &key.key, &expected.validation(key.algorithm)) {
                Ok(token) => {
                    return Claims::read(token.claims).and_then(Credential::of_claims).map_err(BadToken::Claim);
                }
                Err(error) => match why(&error) {
                    // Another key may have signed it.
                    BadToken::Signature => {}
                    reason => return Err(reason),
                },
            }
        }
        Err(BadToken::Signature)
    }
}

impl Expected {
    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.leeway = 0;
        validation.validate_nbf = true;
        validation.validate_aud = self.audience.is_some();
        let mut required = vec!["exp"];
        if let Some(audience) = &self.audience {
            validation.set_audience(&[audience]);
            required.push("aud");
        }
        if let Some(issuer) = &self.issuer {
            validation.set_issuer(&[issuer]);
            required.push("iss");
        }
        validation.set_required_spec_claims(&required);
        validation
    }
}

fn why(error: &Error) -> BadToken {
    match error.kind() {
        ErrorKind::ExpiredSignature => BadToken::Expired,
        ErrorKind::ImmatureSignature => BadToken::TooEarly,
        ErrorKind::InvalidSignature => BadToken::Signature,
        ErrorKind::InvalidAudience => BadToken::Audience,
        ErrorKind::InvalidIssuer => BadToken::Issuer,
        ErrorKind::MissingRequiredClaim(claim) => match claim.as_str() {
            "aud" => BadToken::Claim("aud"),
            "iss" => BadToken::Claim("iss"),
            _ => BadToken::Claim("exp"), // Nothing else is asked for there.
        },
        ErrorKind::InvalidClaimFormat(claim) => BadToken::Claim(if claim == "nbf" { "nbf" } else { "exp" }),
        // Its header was read before, so that these are the claims.
        ErrorKind::Json(_) => BadToken::Claims,
        _ => BadToken::Malformed, // The library's kinds are open.
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
