//! What a file of keys says, when it is no JWK set: a public key in PEM, or a secret.
//!
//! Refuses whatever could be something else than a secret: a public key that is taken for one lets everyone sign.

use jsonwebtoken::crypto::verify;
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};

use crate::http::token::KeyError;

const PEM_BEGINS: &str = "-----BEGIN ";

/// Shorter ones can be broken (RFC 7518, section 3.3).
const SHORTEST_MODULUS: usize = 2048;

/// The tags of DER that keys begin with.
const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;

/// Whether something in it claims to be PEM, wherever that stands: tools put attributes before it.
pub(crate) fn is_pem(text: &[u8]) -> bool {
    text.windows(PEM_BEGINS.len()).any(|window| window == PEM_BEGINS.as_bytes())
}

/// The one public key of a text in PEM, and what it judges.
pub(crate) fn public_key(text: &[u8]) -> Result<(Algorithm, DecodingKey), KeyError> {
    let readable = String::from_utf8_lossy(text);
    let labels: Vec<&str> =
        readable.split(PEM_BEGINS).skip(1).filter_map(|block| Some(block.split_once("-----")?.0)).collect();
    if labels.iter().any(|label| label.ends_with("PRIVATE KEY")) {
        return Err(KeyError::Private);
    }
    if labels.len() > 1 {
        return Err(KeyError::Several);
    }
    let (algorithm, key) = DecodingKey::from_ec_pem(text)
        .map(|key| (Algorithm::ES256, key))
        .or_else(|_| DecodingKey::from_ed_pem(text).map(|key| (Algorithm::EdDSA, key)))
        .or_else(|_| DecodingKey::from_rsa_pem(text).map(|key| (Algorithm::RS256, key)))
        .map_err(KeyError::Malformed)?;
    check(algorithm, &key)?;
    Ok((algorithm, key))
}

/// Refuses a key that would judge no token at all, or one that is too weak to.
pub(crate) fn check(algorithm: Algorithm, key: &DecodingKey) -> Result<(), KeyError> {
    // What is wrong with the key itself is told before anything is compared.
    let judged = verify("", b"", key, algorithm);
    match (algorithm, judged) {
        (Algorithm::ES256, Err(_)) => Err(KeyError::OtherCurve),
        (Algorithm::RS256, Ok(_)) => match modulus_bits(key) {
            Some(bits) if bits < SHORTEST_MODULUS => Err(KeyError::ShortKey { bits }),
            Some(_) => Ok(()),
            None => Err(KeyError::Malformed(jsonwebtoken::errors::ErrorKind::InvalidKeyFormat.into())),
        },
        (_, Err(error)) => Err(KeyError::Malformed(error)),
        (_, Ok(_)) => Ok(()), // Of the other kinds every key is as good as the next.
    }
}

fn modulus_bits(key: &DecodingKey) -> Option<usize> {
    let modulus = match key.kind() {
        DecodingKeyKind::RsaModulusExponent { n, .. } => n.as_slice(),
        DecodingKeyKind::SecretOrDer(der) => element(INTEGER, element(SEQUENCE, der)?.0)?.0,
    };
    let first = modulus.iter().position(|byte| *byte != 0)?;
    Some((modulus.len() - first) * 8 - modulus[first].leading_zeros() as usize)
}

/// One word that can be typed, and no key in another spelling.
pub(crate) fn is_plain_secret(text: &[u8]) -> bool {
    let is_word = text.iter().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'{' | b'"'));
    is_word && !is_encoded_key(text)
}

/// Base64 of DER, as identity providers show a key and PEM holds it, or of what `ssh-keygen` writes.
fn is_encoded_key(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let mut text = text.trim_end_matches('=').replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    let Ok(decoded) = DecodingKey::from_base64_secret(&text) else {
        return false;
    };
    let bytes = decoded.try_get_as_bytes().unwrap_or_default();
    let is_der = element(SEQUENCE, bytes)
        .is_some_and(|(content, rest)| rest.is_empty() && matches!(content.first(), Some(&(SEQUENCE | INTEGER))));
    is_der || bytes.get(4..).is_some_and(|name| name.starts_with(b"ssh-") || name.starts_with(b"ecdsa-"))
}

/// The content of an element of DER with this tag, and what comes after it.
fn element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<2>()?;
    let [found, length] = *head;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest)
        }
        _ => return None, // Longer than any key.
    };
    if found == tag { rest.split_at_checked(length) } else { None }
}
