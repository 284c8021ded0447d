//! `growset doctor` beside a sound stream, and beside streams that are broken on purpose.

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};
use serde_json::{Value, json};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::scripted::{Answer, server, tls_server};
use crate::serve::serve;
use crate::workplace::{Workplace, growset_in, repository};

/// For what comes. The doctor goes on as soon as it has.
const PATIENT: &str = "60";

/// For what never comes.
const HASTY: &str = "2";

const ORIGIN: &str = "https://app.example.com";

/// What a sound stream answers; each test spoils one thing.
#[derive(Clone)]
struct Stream {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    /// How long ago the server says that it sent the first event and the ping, in milliseconds.
    sent_before: [i64; 2],
    bears_ids: bool,
    resumes: bool,
    pings: bool,
}

impl Default for Stream {
    fn default() -> Self {
        let headers = [
            ("content-type", "text/event-stream"),
            ("cache-control", "no-store, no-transform"),
            ("access-control-allow-origin", ORIGIN),
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-headers", "authorization, last-event-id"),
            ("vary", "Origin"),
        ];
        let headers = headers.map(|(name, value)| (name, value.to_owned())).to_vec();
        Self { status: "200 OK", headers, sent_before: [0, 0], bears_ids: true, resumes: true, pings: true }
    }
}

impl Stream {
    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    fn answer(&self, request: &str) -> Answer {
        let line = |name: &str| request.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let mut text = format!("HTTP/1.1 {}\r\n", self.status);
        for (name, value) in &self.headers {
            // Who has a list answers strangers without a word.
            if line("origin") == Some(ORIGIN) || !name.starts_with("access-control") {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        text.push_str("\r\n");
        if request.starts_with("options") || !self.status.starts_with("200") {
            return Answer::closed(text);
        }
        let resume = match line("last-event-id") {
            Some("7-7") if self.resumes => "exact",
            Some(_) if self.resumes => "gap",
            _ => "new",
        };
        let now = jiff::Timestamp::now().as_millisecond();
        let id = if self.bears_ids { "id: 7-7\n" } else { "" };
        let connected = json!({ "resume": resume, "pingMs": 30, "at": now - self.sent_before[0] });
        text.push_str(&format!("retry: 3000\n\n{id}event: growset.connected\ndata: {connected}\n\n"));
        if self.pings {
            let ping = json!({ "at": now - self.sent_before[1] });
            text.push_str(&format!("{id}event: growset.ping\ndata: {ping}\n\n"));
        }
        Answer::held(text)
    }
}

fn checks(code: i32, out: &str) -> Vec<(String, String)> {
    let told: Value = serde_json::from_str(out).expect("is JSON");
    assert_eq!(code, if told["problems"] == 0 { 0 } else { 100 }, "{out}");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let checks = told["checks"].as_array().into_iter().flatten();
    let problems = checks.filter(|check| check["verdict"] == "problem");
    problems
        .map(|check| (text(&check["check"]), format!("{} → {}", text(&check["said"]), text(&check["advice"]))))
        .collect()
}

/// The problems that the doctor finds: which check, and what it says and advises.
fn problems(stream: Stream) -> Vec<(String, String)> {
    let patience = if stream.pings { PATIENT } else { HASTY };
    let address = server(move |request| stream.answer(request));
    let url = format!("http://{address}/events");
    let arguments = ["doctor", &url, "--origin", ORIGIN, "--patience", patience, "--format", "json"];
    let answer = growset_in(&repository(), &arguments);
    checks(answer.code, &answer.out)
}

#[track_caller]
fn assert_found(stream: Stream, check: &str, said: &str) {
    let problems = problems(stream);
    assert!(problems.iter().any(|(found, text)| found == check && text.contains(said)), "{check}: {problems:#?}");
}

#[test]
fn a_sound_stream_has_no_problems() {
    assert_eq!(problems(Stream::default()), []);
}

#[test]
fn a_stream_that_is_buffered_on_the_way_is_found_by_the_servers_own_clock() {
    let stream = Stream { sent_before: [15_000, 0], ..Stream::default() };
    assert_found(stream, "buffering", "events arrive up to 1");
}

#[test]
fn a_stream_whose_first_event_is_held_back_is_found() {
    let address = server(|_| Answer::held("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"));
    let url = format!("http://{address}/events");
    let answer = growset_in(&repository(), &["doctor", &url, "--patience", HASTY]);
    assert_eq!(answer.code, 100);
    assert!(answer.out.contains("problem  first byte   no event in 2 s after the head\n"), "{}", answer.out);
    assert!(answer.out.contains("→ switch buffering off in every proxy"), "{}", answer.out);
}

#[test]
fn a_head_that_never_comes_is_found() {
    let address = server(|_| Answer::held(""));
    let answer = growset_in(&repository(), &["doctor", &format!("http://{address}/"), "--patience", HASTY]);
    assert!(answer.code == 100 && answer.out.contains("problem  first byte"), "{}", answer.out);
}

#[test]
fn a_stream_without_heartbeat_is_found() {
    assert_found(Stream { pings: false, ..Stream::default() }, "heartbeat", "nothing for 2 s");
}

#[test]
fn a_stream_that_is_cut_is_found() {
    let address = server(|_| Answer::closed("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: 1\n\n"));
    let answer = growset_in(&repository(), &["doctor", &format!("http://{address}/"), "--patience", PATIENT]);
    assert!(answer.out.contains("problem  heartbeat    the stream broke off"), "{}", answer.out);
}

#[test]
fn a_wrong_content_type_compression_and_caching_are_found() {
    let stream = Stream::default();
    assert_found(stream.clone().with("content-type", "text/html"), "content type", "close the stream for good");
    assert_found(stream.clone().with("content-encoding", "gzip"), "compression", "gzip off");
    assert_found(stream.without("cache-control"), "cache", "no-store, no-transform");
}

#[test]
fn cors_that_browsers_refuse_is_found() {
    let stream = Stream::default();
    let named = "access-control-allow-origin";
    assert_found(stream.clone().without(named), "cors", "no Access-Control-Allow-Origin");
    assert_found(stream.clone().with(named, "https://other.example"), "cors", "only pages of https://other.example");
    assert_found(stream.clone().with(named, "*"), "cors", "does not work with `withCredentials: true`");
    let allowed = stream.clone().without("access-control-allow-credentials");
    assert_found(allowed, "cors", "needs `Access-Control-Allow-Credentials: true`");
    let mut twice = stream;
    twice.headers.push((named, ORIGIN.to_owned()));
    assert_found(twice, "cors", "2 times");
}

#[test]
fn cors_that_lets_everyone_in_is_found() {
    let address = server(|request| {
        let origin = request.lines().find_map(|line| line.strip_prefix("origin: ")).unwrap_or("null");
        let allow = format!("access-control-allow-origin: {origin}\r\naccess-control-allow-credentials: true\r\n");
        Answer::closed(format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n{allow}\r\n"))
    });
    let url = format!("http://{address}/events");
    let answer = growset_in(&repository(), &["doctor", &url, "--origin", ORIGIN, "--patience", PATIENT]);
    assert!(answer.out.contains("every origin is let in with credentials"), "{}", answer.out);
}

#[test]
fn a_stream_that_is_not_resumed_is_found() {
    assert_found(Stream { bears_ids: false, ..Stream::default() }, "resume", "no event bears an id");
    assert_found(Stream { resumes: false, ..Stream::default() }, "resume", "is answered with \"new\"");
}

#[test]
fn a_status_that_closes_a_native_stream_is_found() {
    for (status, advice) in [
        ("401 Unauthorized", "withCredentials: true"),
        ("404 Not Found", "/events"),
        ("502 Bad Gateway", "the server behind it does not"),
        ("204 No Content", "do not come back"),
        ("301 Moved Permanently", "name the final address"),
    ] {
        assert_found(Stream { status, ..Stream::default() }, "status", advice);
    }
}

#[test]
fn credentials_that_are_not_needed_are_found() {
    let address = server(|request| Stream::default().answer(request));
    let url = format!("http://{address}/events");
    let arguments = ["doctor", &url, "--token", "secret", "--patience", PATIENT];
    let answer = growset_in(&repository(), &arguments);
    assert!(answer.out.contains("the stream opens without them too"), "{}", answer.out);
    assert!(!answer.out.contains("secret"), "{}", answer.out);
}

#[test]
fn a_server_of_ours_has_no_problems() {
    let served = serve(&["--dev", "--allow-origin", ORIGIN, "--ping-ms", "500"]);
    let url = format!("http://{}/events", served.address);
    let arguments = ["doctor", &url, "--origin", ORIGIN, "--patience", PATIENT, "--format", "json"];
    let answer = growset_in(&repository(), &arguments);
    assert_eq!(checks(answer.code, &answer.out), []);
    let arguments = ["doctor", &url, "--origin", "https://other.example", "--patience", PATIENT, "--format", "json"];
    let answer = growset_in(&repository(), &arguments);
    let found = checks(answer.code, &answer.out);
    assert!(found.iter().map(|(check, _)| check).eq(["status", "cors"]), "{found:?}");
    assert!(found[0].1.contains("`--allow-origin`"), "{found:?}");
}

/// A server by TLS, and the file of the certificate that it shows.
fn tls(workplace: &Workplace, params: CertificateParams) -> (String, String) {
    let key = KeyPair::generate().expect("there is randomness");
    let certificate = params.self_signed(&key).expect("is a certificate");
    let config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("there are versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).expect("is a key"),
        )
        .expect("they belong together");
    workplace.write("ca.pem", certificate.pem());
    let address = tls_server(config, |request| Stream::default().answer(request));
    let (_, port) = address.split_once(':').expect("has a port");
    (format!("https://localhost:{port}/events"), workplace.path("ca.pem").display().to_string())
}

#[test]
fn a_certificate_that_browsers_refuse_is_found() {
    let named = |name: &str| CertificateParams::new([name.to_owned()]).expect("is a name");
    let mut expired = named("localhost");
    expired.not_after = date_time_ymd(2020, 1, 1);
    // As `openssl req -x509` makes it unless it is told otherwise.
    let mut authority = named("localhost");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let workplace = Workplace::new();
    let doctor = |(url, ca): (String, String), trusts: bool| {
        let mut arguments = vec!["doctor", &url, "--patience", PATIENT];
        if trusts {
            arguments.extend(["--ca", &ca]);
        }
        workplace.growset(&arguments)
    };
    for (params, trusts, reason) in [
        (expired, true, "its certificate has expired"),
        (named("other.example"), true, "its certificate is for another name"),
        (authority, true, "its certificate is that of an authority"),
        (named("localhost"), false, "nobody who is trusted here signed its certificate"),
    ] {
        let answer = doctor(tls(&workplace, params), trusts);
        assert_eq!(answer.code, 100, "{}", answer.out);
        assert!(answer.out.contains("problem  tls") && answer.out.contains(reason), "{reason}: {}", answer.out);
    }
    let answer = doctor(tls(&workplace, named("localhost")), true);
    assert!(answer.out.contains("ok       tls          the certificate is valid"), "{}", answer.out);

    let plain = server(|request| Stream::default().answer(request));
    let answer = workplace.growset(&["doctor", &format!("https://{plain}/events"), "--patience", HASTY]);
    assert!(answer.code == 100 && answer.out.contains("problem  "), "{}", answer.out);
}
