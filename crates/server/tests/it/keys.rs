//! The kinds of keys that tokens are signed with, from files and from a URL.

use std::path::{Path, PathBuf};

use growset_server::Settings;
use growset_server::http::{Access, KeyError, Keys, Limits, Origins};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode, get_current_timestamp};
use serde_json::json;

use crate::support::{Server, memory_hub, request, small_admission};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys").join(name)
}

fn text(name: &str) -> Vec<u8> {
    std::fs::read(file(name)).expect("is in the repository")
}

fn token(algorithm: Algorithm, name: &str, key: &EncodingKey) -> String {
    let header = Header { kid: Some(name.to_owned()), ..Header::new(algorithm) };
    encode(&header, &json!({ "org": "acme", "listen": ["*"], "exp": get_current_timestamp() + 600 }), key)
        .expect("is signed")
}

/// By kid.
fn tokens() -> [(&'static str, String); 3] {
    let rsa = EncodingKey::from_rsa_pem(&text("rsa.pem")).expect("is a key");
    let ec = EncodingKey::from_ec_pem(&text("ec.pem")).expect("is a key");
    let ed = EncodingKey::from_ed_pem(&text("ed.pem")).expect("is a key");
    [
        ("rsa", token(Algorithm::RS256, "rsa", &rsa)),
        ("ec", token(Algorithm::ES256, "ec", &ec)),
        ("ed", token(Algorithm::EdDSA, "ed", &ed)),
    ]
}

#[tokio::test]
async fn a_token_for_another_service_is_not_taken() {
    let secret = "0123456789abcdef0123456789abcdef";
    let keys = || Keys::secret(secret.as_bytes()).expect("is long enough");
    let strict = server(keys().for_audience("events").by_issuer("https://idp.example")).await;
    let open = server(keys()).await;
    let token = |more: serde_json::Value| {
        let mut claims = json!({ "org": "acme", "listen": ["*"], "exp": get_current_timestamp() + 600 });
        claims
            .as_object_mut()
            .into_iter()
            .for_each(|claims| claims.extend(more.as_object().cloned().unwrap_or_default()));
        let key = EncodingKey::from_secret(secret.as_bytes());
        format!("Bearer {}", encode(&Header::new(Algorithm::HS256), &claims, &key).expect("is signed"))
    };
    let issuer = "https://idp.example";
    for (claims, refused) in [
        (json!({ "aud": "events", "iss": issuer }), None),
        (json!({ "aud": ["mail", "events"], "iss": issuer }), None),
        (json!({ "aud": "mail", "iss": issuer }), Some("`aud`")),
        (json!({ "iss": issuer }), Some("`aud`")),
        (json!({ "aud": "events", "iss": "https://other.example" }), Some("`iss`")),
        (json!({ "aud": "events" }), Some("`iss`")),
    ] {
        let bearer = token(claims.clone());
        let ask = request("GET", "/poll", &[("authorization", &bearer)], "");
        let (status, told) = crate::support::answer(strict.send(ask).await).await;
        assert_eq!(status, if refused.is_some() { 401 } else { 200 }, "{claims}");
        assert!(told["detail"].as_str().unwrap_or_default().contains(refused.unwrap_or_default()), "{told}");
        let ask = request("GET", "/poll", &[("authorization", &bearer)], "");
        assert_eq!(open.send(ask).await.status(), 200, "{claims}");
    }
}

async fn server(keys: Keys) -> Server {
    let hub = memory_hub(small_admission(), Settings::default());
    Server::start(hub, Access::Tokens(keys), Origins::default(), Limits::default()).await
}

async fn status(server: &Server, token: &str) -> u16 {
    let bearer = format!("Bearer {token}");
    server.send(request("GET", "/poll", &[("authorization", &bearer)], "")).await.status().as_u16()
}

#[tokio::test]
async fn each_kind_of_key_takes_its_own_tokens_alone() {
    for name in ["rsa", "ec", "ed"] {
        let server = server(Keys::from_file(&file(&format!("{name}.pub.pem"))).expect("is a key")).await;
        for (other, token) in tokens() {
            assert_eq!(status(&server, &token).await, if name == other { 200 } else { 401 }, "{name} {other}");
        }
        // The public key as the secret of HS256: the algorithm comes with the key, never from the token.
        let public = EncodingKey::from_secret(&text(&format!("{name}.pub.pem")));
        assert_eq!(status(&server, &token(Algorithm::HS256, name, &public)).await, 401, "{name}");
    }
}

/// Of a public key in PEM, on one line.
fn base64_of(name: &str) -> String {
    String::from_utf8_lossy(&text(name)).lines().filter(|line| !line.starts_with("-----")).collect()
}

#[tokio::test]
async fn a_public_key_is_found_behind_whatever_tools_put_before_it() {
    let [(_, rsa), _, _] = tokens();
    for before in ["Bag Attributes\n    friendlyName: tokens\n", "\u{feff}", "\n\n  "] {
        let file = [before.as_bytes(), &text("rsa.pub.pem")].concat();
        let server = server(Keys::from_text(&file).expect("is a key")).await;
        assert_eq!(status(&server, &rsa).await, 200, "{before:?}");
        let forged = token(Algorithm::HS256, "rsa", &EncodingKey::from_secret(&file));
        assert_eq!(status(&server, &forged).await, 401, "{before:?}");
    }
}

#[test]
fn what_is_not_plainly_a_secret_is_none() {
    let base64 = base64_of("rsa.pub.pem");
    let unpadded = base64_of("ed.pub.pem").trim_end_matches('=').replace('+', "-").replace('/', "_");
    let der = DecodingKey::from_base64_secret(&base64).expect("is base64");
    let ssh = "AAAAC3NzaC1lZDI1NTE5AAAAIGV4YW1wbGVleGFtcGxlZXhhbXBsZWV4YW1wbGVl";
    let line = format!("ssh-ed25519 {ssh} ada@example");
    let others: [&[u8]; 9] = [
        der.try_get_as_bytes().expect("are bytes"),
        base64.as_bytes(),
        unpadded.as_bytes(),
        line.as_bytes(),
        ssh.as_bytes(),
        b"# Growset\n\nTyped contracts for live events that only grow.\n",
        br#"[{"kty":"RSA","n":"AAAAAAAAAAAAAAAAAAAAAAAA","e":"AQAB"}]"#,
        b"a secret of several words that is long enough",
        &[0xff; 64],
    ];
    for other in others {
        let refused = Keys::from_text(other).map(drop).expect_err("is refused");
        assert!(matches!(refused, KeyError::Unclear), "{refused}: {}", String::from_utf8_lossy(other));
        assert!(refused.to_string().contains("openssl rand -hex 32"), "{refused}");
    }
    for secret in [
        "0123456789abcdef0123456789abcdef\n",
        "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "p4$$w0rd'p4$$w0rd'p4$$w0rd'p4$$w0rd",
    ] {
        assert!(Keys::from_text(secret.as_bytes()).is_ok(), "{secret}");
    }
}

#[test]
fn a_key_that_could_judge_no_token_is_refused_with_its_reason() {
    let two = [text("rsa.pub.pem"), text("ec.pub.pem")].concat();
    let table = [
        (text("rsa.pem"), "a private key"),
        (text("ec.pem"), "a private key"),
        (text("ed.pem"), "a private key"),
        (b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----".to_vec(), "a private key"),
        (text("p384.pub.pem"), "another curve than P-256"),
        (text("k256.pub.pem"), "another curve than P-256"),
        (text("short-rsa.pub.pem"), "an RSA key of 1024 bits"),
        (two, "several keys"),
        (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----".to_vec(), "not a public key"),
    ];
    for (file, reason) in table {
        let refused = Keys::from_text(&file).map(drop).expect_err("is refused").to_string();
        assert!(refused.contains(reason), "{reason}: {refused}");
    }
}

#[tokio::test]
async fn a_set_holds_keys_of_every_kind_but_no_secret() {
    let server = server(Keys::from_file(&file("jwks.json")).expect("is a set")).await;
    for (name, token) in tokens() {
        assert_eq!(status(&server, &token).await, 200, "{name}");
    }
    let secret = EncodingKey::from_secret(crate::trust::SECRET);
    assert_eq!(status(&server, &token(Algorithm::HS256, "public-secret", &secret)).await, 401);
    let unknown = EncodingKey::from_ec_pem(&text("ec.pem")).expect("is a key");
    assert_eq!(status(&server, &token(Algorithm::ES256, "another", &unknown)).await, 401);
    assert!(matches!(Keys::from_text(br#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#), Err(KeyError::Empty)));
}

#[cfg(feature = "tls")]
mod by_url {
    use std::sync::{Arc, Mutex, PoisonError};
    use std::time::Duration;

    use serde_json::Value;
    use tokio::net::TcpListener;

    use super::*;

    /// Serves the keys of these kids, and whatever they are changed to.
    async fn provider(kids: &[&str]) -> (String, impl Fn(&[&str]) + use<>) {
        let set = |kids: &[&str]| {
            let all: Value = serde_json::from_slice(&text("jwks.json")).expect("is JSON");
            let keys = all["keys"].as_array().expect("is a set").iter();
            let named = keys.filter(|key| kids.iter().any(|kid| key["kid"] == *kid)).cloned();
            json!({ "keys": named.collect::<Vec<_>>() }).to_string()
        };
        let served = Arc::new(Mutex::new(set(kids)));
        let shared = served.clone();
        let answer = move || {
            let text = shared.lock().unwrap_or_else(PoisonError::into_inner).clone();
            async move { text }
        };
        let router = axum::Router::new().route("/jwks.json", axum::routing::get(answer));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has ports");
        let url = format!("http://{}/jwks.json", listener.local_addr().expect("it is bound"));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("it listens");
                let service = hyper_util::service::TowerToHyperService::new(router.clone());
                let stream = hyper_util::rt::TokioIo::new(stream);
                tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(stream, service));
            }
        });
        (url, move |kids: &[&str]| *served.lock().unwrap_or_else(PoisonError::into_inner) = set(kids))
    }

    #[tokio::test]
    async fn a_key_that_is_new_at_the_url_is_fetched_when_it_is_first_seen() {
        let (url, change) = provider(&["rsa"]).await;
        let [(_, rsa), (_, ec), (_, ed)] = tokens();
        let server = server(Keys::from_url(&url, Duration::ZERO).await.expect("it answers")).await;
        assert_eq!((status(&server, &rsa).await, status(&server, &ec).await), (200, 401));
        change(&["rsa", "ec"]);
        assert_eq!((status(&server, &rsa).await, status(&server, &ec).await), (200, 200));
        change(&[]);
        assert_eq!(status(&server, &ed).await, 401, "a set without keys is a failure");
        assert_eq!(status(&server, &ec).await, 200, "and changes nothing");
    }

    #[tokio::test]
    async fn strangers_cannot_make_the_server_fetch_without_end() {
        let (url, change) = provider(&["rsa"]).await;
        let server = server(Keys::from_url(&url, Duration::from_secs(3600)).await.expect("it answers")).await;
        change(&["rsa", "ec"]);
        let [_, (_, ec), _] = tokens();
        assert_eq!(status(&server, &ec).await, 401, "it fetched a moment ago");
    }

    #[tokio::test]
    async fn a_url_that_cannot_be_trusted_or_reached_is_told_at_the_start() {
        for url in ["http://example.com/jwks.json", "ftp://x", "no url", "http://127.0.0.1:1/"] {
            let refused = Keys::from_url(url, Duration::ZERO).await.map(drop).expect_err("is refused");
            assert!(refused.to_string().contains(&format!("cannot fetch {url}")), "{refused}");
        }
    }
}
