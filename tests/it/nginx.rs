//! nginx before a server: as it comes, and as `growset proxy nginx` says.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rcgen::generate_simple_self_signed;

use crate::serve::{Served, serve};
use crate::workplace::Workplace;

/// Longer than this nothing takes, unless it is held back for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// A port that another process takes meanwhile is not asked for again.
const TRIES: usize = 5;

struct Nginx {
    program: PathBuf,
    workplace: Workplace,
    port: u16,
}

/// Nothing where nginx is not installed; `cargo xtask test` installs it where it may, and says so where it may not.
fn program() -> Option<PathBuf> {
    let found = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].map(PathBuf::from).into_iter().find(|path| path.is_file());
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "no nginx; `apt-get install nginx`");
    found
}

impl Nginx {
    /// `servers` says what stands inside of `http { … }`, given a free port.
    fn start(program: PathBuf, workplace: Workplace, servers: impl Fn(&Workplace, u16) -> String) -> Self {
        let at = workplace.path("").display().to_string();
        // Everything but the servers is as it comes, except that it touches nothing outside of its folder.
        let folders: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {at}/{name};\n"))
            .concat();
        for _ in 0..TRIES {
            let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("has ports").port();
            let http = format!("access_log off;\n{folders}{}", servers(&workplace, port));
            let text = format!("pid {at}/pid;\nerror_log {at}/log;\nevents {{}}\nhttp {{\n{http}\n}}\n");
            workplace.write("nginx.conf", text);
            // It goes on in the background once its ports are open.
            if run(&program, &workplace, &[]) {
                return Self { program, workplace, port };
            }
            let log = workplace.read("log");
            assert!(log.contains("Address already in use"), "{log}");
        }
        unreachable!("a port stays free");
    }
}

fn run(program: &Path, workplace: &Workplace, more: &[&str]) -> bool {
    let at = workplace.path("");
    let mut command = Command::new(program);
    command.arg("-p").arg(&at).arg("-c").arg(at.join("nginx.conf")).arg("-e").arg(at.join("log")).args(more);
    command.output().expect("it is installed").status.success()
}

impl Drop for Nginx {
    fn drop(&mut self) {
        run(&self.program, &self.workplace, &["-s", "stop"]);
    }
}

fn publish(served: &Served, order: usize) {
    let event = format!(
        r#"{{"event":"order.status.changed","data":{{"orderId":"ord_{order}","from":"paid","to":"in_transit"}}}}"#
    );
    let answer = served.ask("POST", "/publish", &event);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

#[test]
fn with_default_settings_events_arrive_at_once() {
    let Some(program) = program() else { return };
    let served = serve(&["--dev"]);
    let upstream = served.address.clone();
    let nginx = Nginx::start(program, Workplace::new(), |_, port| {
        format!("server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://{upstream}; }} }}")
    });
    for version in ["1.1", "1.0"] {
        let stream = TcpStream::connect(("127.0.0.1", nginx.port)).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("can be set");
        let asked = format!("GET /events HTTP/{version}\r\nhost: localhost\r\naccept-encoding: gzip\r\n\r\n");
        (&stream).write_all(asked.as_bytes()).expect("it reads");
        let mut lines = BufReader::new(&stream).lines().map(|line| line.expect("nothing is held back"));
        assert!(lines.any(|line| line == "event: growset.connected"));
        // Each event is awaited before the next is published, so that nothing pushes it out.
        for order in 0..20 {
            publish(&served, order);
            let wanted = format!("\"ord_{order}\"");
            assert!(lines.any(|line| line.contains(&wanted)));
        }
    }
    let url = format!("http://127.0.0.1:{}/events", nginx.port);
    let answer = nginx.workplace.growset(&["doctor", &url, "--patience", "5"]);
    assert_eq!(answer.code, 0, "{}", answer.out);
}

#[test]
fn as_the_printed_configuration_says_the_doctor_finds_nothing_wrong() {
    let Some(program) = program() else { return };
    let served = serve(&["--dev", "--ping-ms", "500"]);
    let workplace = Workplace::new();
    certificate(&workplace);
    let nginx = Nginx::start(program, workplace, |workplace, port| {
        let at = |name: &str| workplace.path(name).display().to_string();
        let (port, certificate, key) = (port.to_string(), at("tls.pem"), at("tls.key"));
        let mut arguments = vec!["proxy", "nginx", "--host", "localhost", "--upstream", &served.address];
        arguments.extend(["--port", &port, "--certificate", &certificate, "--key", &key]);
        workplace.growset(&arguments).out
    });
    let ca = nginx.workplace.path("tls.pem").display().to_string();
    let origin = format!("https://localhost:{}", nginx.port);
    let url = format!("{origin}/events");
    let answer = nginx.workplace.growset(&["doctor", &url, "--ca", &ca, "--patience", "60"]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    for fine in ["the certificate is valid", "HTTP/2: streams share a connection", "goes on after the last id"] {
        assert!(answer.out.contains(fine), "{fine}: {}", answer.out);
    }
    publish(&served, 7);
    let tap = ["tap", &url, "--ca", &ca, "--once", "--count", "1", "--last-event-id"];
    let id = served.ask("GET", "/poll?after=1-0", "");
    let (_, id) = id.split_once("\"next\":\"").expect("it is told");
    let (id, _) = id.split_once('"').expect("it is told");
    publish(&served, 8);
    let answer = nginx.workplace.growset(&[&tap[..], &[id]].concat());
    assert!(answer.out.contains("ord_8") && !answer.out.contains("ord_7"), "{}{}", answer.out, answer.err);
}

/// For this machine, signed by itself.
fn certificate(workplace: &Workplace) {
    let made = generate_simple_self_signed(["localhost".to_owned()]).expect("is a name");
    workplace.write("tls.pem", made.cert.pem());
    workplace.write("tls.key", made.signing_key.serialize_pem());
}

#[test]
fn caddy_is_told_to_wait_for_nothing() {
    let answer = Workplace::new().growset(&["proxy", "caddy", "--host", "events.example.com"]);
    assert_eq!(answer.code, 0);
    assert!(
        answer.out.contains("https://events.example.com:443 {\n    reverse_proxy 127.0.0.1:8080 {\n"),
        "{}",
        answer.out
    );
    assert!(answer.out.contains("        flush_interval -1\n"), "{}", answer.out);
    if Path::new("/usr/bin/caddy").is_file() {
        let folder = Workplace::new();
        folder.write("Caddyfile", &answer.out);
        let adapted =
            Command::new("/usr/bin/caddy").arg("adapt").arg("--config").arg(folder.path("Caddyfile")).output();
        let adapted = adapted.expect("it is installed");
        assert!(adapted.status.success(), "{}", String::from_utf8_lossy(&adapted.stderr));
    }
}
